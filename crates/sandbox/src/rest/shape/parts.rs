//! What hangs on a Payment.

use serde::Serialize;

use crate::state::{
    Payment,
    moment::kst,
    money::Money,
    payment::{Cancel, CashReceipt, Means, Status, VirtualAccount},
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
pub(super) struct VirtualAccountBody<'a> {
    account_number: &'a str,
    account_type: &'static str,
    bank_code: &'static str,
    customer_name: &'a str,
    due_date: String,
    expired: bool,
    settlement_status: &'static str,
    refund_status: &'static str,
    refund_receive_account: Option<()>,
    depositor_name: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CashReceiptBody<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    receipt_key: &'a str,
    issue_number: &'a str,
    receipt_url: String,
    amount: Money,
    tax_free_amount: Money,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CashReceiptEntry<'a> {
    receipt_key: &'a str,
    order_id: &'a str,
    order_name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    issue_number: &'a str,
    receipt_url: String,
    business_number: &'static str,
    transaction_type: &'static str,
    amount: Money,
    tax_free_amount: Money,
    issue_status: &'static str,
    failure: Option<()>,
    customer_identity_number: &'static str,
    requested_at: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CancelBody<'a> {
    cancel_amount: Money,
    cancel_reason: &'a str,
    tax_free_amount: Money,
    tax_exemption_amount: Money,
    refundable_amount: Money,
    card_discount_amount: Money,
    transfer_discount_amount: Money,
    easy_pay_discount_amount: Money,
    canceled_at: String,
    transaction_key: &'a str,
    receipt_key: Option<()>,
    cancel_status: &'static str,
    cancel_request_id: Option<()>,
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
    pub(super) fn of(account: &'a VirtualAccount, status: Status) -> Self {
        Self {
            account_number: &account.number,
            account_type: "일반",
            bank_code: account.bank.code,
            customer_name: &account.customer_name,
            due_date: kst(account.due),
            expired: account.expired,
            settlement_status: UNSETTLED,
            refund_status: match status {
                // Only a deposit that was made has to be sent back.
                Status::Canceled if account.depositor.is_some() => "PENDING",
                _ => "NONE",
            },
            refund_receive_account: None,
            depositor_name: account.depositor.as_deref(),
        }
    }
}

fn receipt_url(receipt: &CashReceipt) -> String {
    format!(
        "https://dashboard.tosspayments.com/receipt/mids/si_tosspayments/cash-receipts/{}",
        receipt.key
    )
}

impl<'a> CashReceiptBody<'a> {
    pub(super) fn of(receipt: &'a CashReceipt, payment: &Payment) -> Self {
        Self {
            kind: receipt.kind.as_str(),
            receipt_key: &receipt.key,
            issue_number: &receipt.issue_number,
            receipt_url: receipt_url(receipt),
            amount: payment.currency.money(payment.total),
            tax_free_amount: payment.currency.money(payment.tax_free),
        }
    }
}

impl<'a> CashReceiptEntry<'a> {
    pub(super) fn of(receipt: &'a CashReceipt, payment: &'a Payment) -> Self {
        Self {
            receipt_key: &receipt.key,
            order_id: payment.order_id.as_str(),
            order_name: &payment.order_name,
            kind: receipt.kind.as_str(),
            issue_number: &receipt.issue_number,
            receipt_url: receipt_url(receipt),
            business_number: "4118601799",
            transaction_type: "CONFIRM",
            amount: payment.currency.money(payment.total),
            tax_free_amount: payment.currency.money(payment.tax_free),
            // Final after one or two days.
            issue_status: "IN_PROGRESS",
            failure: None,
            customer_identity_number: "010****0000",
            requested_at: kst(receipt.requested_at),
        }
    }
}

impl<'a> CancelBody<'a> {
    pub(super) fn of(cancel: &'a Cancel, payment: &Payment) -> Self {
        let money = |units| payment.currency.money(units);
        Self {
            cancel_amount: money(cancel.amount),
            cancel_reason: &cancel.reason,
            tax_free_amount: payment.currency.money(payment.tax_free),
            tax_exemption_amount: money(payment.tax_exemption),
            refundable_amount: money(cancel.refundable),
            card_discount_amount: money(0),
            transfer_discount_amount: money(0),
            easy_pay_discount_amount: money(0),
            canceled_at: kst(cancel.at),
            transaction_key: &cancel.transaction_key,
            receipt_key: None,
            cancel_status: "DONE",
            cancel_request_id: None,
        }
    }
}
