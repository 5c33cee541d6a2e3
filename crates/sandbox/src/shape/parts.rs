//! What hangs on a Payment.

use serde::Serialize;
use time::OffsetDateTime;
use toss_model::{
    Payment,
    moment::kst,
    money::Money,
    payment::{Means, WINDOW_VALIDITY},
};

/// Nothing is paid out to the merchant on the day of the payment.
const UNSETTLED: &str = "INCOMPLETED";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CardBody<'a> {
    issuer_code: &'static str,
    acquirer_code: &'static str,
    number: String,
    installment_plan_months: u8,
    is_interest_free: bool,
    interest_payer: Option<()>,
    approve_no: &'a str,
    use_card_point: bool,
    card_type: &'static str,
    owner_type: &'static str,
    acquire_status: &'static str,
    amount: Money,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransferBody {
    bank_code: &'static str,
    settlement_status: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct MobilePhoneBody {
    customer_mobile_phone: String,
    settlement_status: &'static str,
    receipt_url: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GiftCertificateBody<'a> {
    approve_no: &'a str,
    settlement_status: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EasyPayBody<'a> {
    provider: &'a str,
    amount: Money,
    discount_amount: Money,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RefundAccountBody<'a> {
    bank_code: &'a str,
    account_number: &'a str,
    holder_name: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VirtualAccountBody<'a> {
    account_number: &'a str,
    account_type: &'static str,
    bank_code: &'static str,
    customer_name: &'a str,
    due_date: String,
    expired: bool,
    settlement_status: &'static str,
    refund_status: &'static str,
    refund_receive_account: Option<RefundAccountBody<'a>>,
    depositor_name: Option<&'a str>,
}

impl<'a> CardBody<'a> {
    pub(super) fn of(payment: &'a Payment) -> Option<Self> {
        let (card, approve_no, installment) = match &payment.means {
            Means::Card {
                card,
                approve_no,
                installment,
            } => (card, approve_no, *installment),
            Means::EasyPay {
                card: Some(card),
                approve_no,
                ..
            } => (card, approve_no, 0),
            _ => return None,
        };
        Some(Self {
            issuer_code: card.issuer_code(),
            acquirer_code: card.acquirer_code(),
            number: card.masked(),
            installment_plan_months: installment,
            is_interest_free: false,
            interest_payer: None,
            approve_no,
            use_card_point: false,
            card_type: card.card_type(),
            owner_type: card.owner_type(),
            // Toss's own example of a full cancel still says so.
            acquire_status: "READY",
            amount: payment.currency.money(payment.total),
        })
    }
}

impl TransferBody {
    pub(super) fn of(payment: &Payment) -> Option<Self> {
        match &payment.means {
            Means::Transfer { account, .. } => Some(Self {
                bank_code: account.bank_code,
                settlement_status: UNSETTLED,
            }),
            _ => None,
        }
    }
}

impl MobilePhoneBody {
    pub(super) fn of(payment: &Payment) -> Option<Self> {
        match &payment.means {
            Means::MobilePhone { number, .. } => Some(Self {
                customer_mobile_phone: masked_phone(number),
                settlement_status: UNSETTLED,
                receipt_url: receipt_link(payment),
            }),
            _ => None,
        }
    }
}

/// `010****1234`
fn masked_phone(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    let tail = digits.len().saturating_sub(4);
    let hidden = 3.min(tail)..tail;
    digits
        .iter()
        .enumerate()
        .map(|(at, digit)| if hidden.contains(&at) { '*' } else { *digit })
        .collect()
}

impl<'a> GiftCertificateBody<'a> {
    pub(super) fn of(payment: &'a Payment) -> Option<Self> {
        match &payment.means {
            Means::GiftCertificate { approve_no } => Some(Self {
                approve_no,
                settlement_status: UNSETTLED,
            }),
            _ => None,
        }
    }
}

impl<'a> EasyPayBody<'a> {
    pub(super) fn of(payment: &'a Payment) -> Option<Self> {
        let total = payment.currency.money(payment.total);
        let nothing = payment.currency.money(0);
        match &payment.means {
            // What a card in the wallet pays is the card's amount, not the wallet's.
            Means::EasyPay { provider, card, .. } => Some(Self {
                provider,
                amount: if card.is_some() { nothing } else { total },
                discount_amount: nothing,
            }),
            Means::ForeignEasyPay { provider, .. } => Some(Self {
                provider,
                amount: total,
                discount_amount: nothing,
            }),
            _ => None,
        }
    }
}

/// The page of a payment's receipt.
pub(super) fn receipt_link(payment: &Payment) -> String {
    format!(
        "https://dashboard.tosspayments.com/receipt/redirection?transactionId={}&ref=PX",
        payment.key.expose()
    )
}

impl<'a> VirtualAccountBody<'a> {
    pub(super) fn of(payment: &'a Payment, now: OffsetDateTime) -> Option<Self> {
        let account = payment.account()?;
        // Readable for as long as the window was valid.
        let readable = now - payment.requested_at <= WINDOW_VALIDITY;
        let refund_receive_account = account.refund_account.as_ref().filter(|_| readable);
        Some(Self {
            account_number: &account.number,
            account_type: if account.fixed_by.is_some() {
                "고정"
            } else {
                "일반"
            },
            bank_code: account.bank.code,
            customer_name: &account.customer_name,
            due_date: kst(account.due),
            expired: account.expired,
            settlement_status: UNSETTLED,
            refund_status: account.refund_status.as_str(),
            refund_receive_account: refund_receive_account.map(|account| RefundAccountBody {
                bank_code: &account.bank,
                account_number: &account.number,
                holder_name: &account.holder,
            }),
            depositor_name: account.depositor.as_deref(),
        })
    }
}
