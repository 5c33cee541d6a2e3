//! Payment and Billing as JSON, version 2022-11-16: every key is there, what does not apply is null.
//! Source: <https://docs.tosspayments.com/reference>.

use serde::Serialize;

use crate::{
    errors::window_text,
    state::{
        BillingRecord, Payment,
        institution::card_company,
        instrument::{Card, Instrument},
        moment::kst,
        money::Tax,
        payment::{Cancel, CashReceipt, Means, Origin, Status, VirtualAccount},
    },
};

/// The version that answers have.
pub(crate) const VERSION: &str = "2022-11-16";

/// Toss's Payment object.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentBody<'a> {
    m_id: &'a str,
    version: &'static str,
    payment_key: &'a str,
    status: &'static str,
    last_transaction_key: Option<&'a str>,
    order_id: &'a str,
    order_name: &'a str,
    requested_at: String,
    approved_at: Option<String>,
    use_escrow: Option<bool>,
    culture_expense: bool,
    card: Option<CardBody>,
    virtual_account: Option<VirtualAccountBody<'a>>,
    transfer: Option<TransferBody>,
    mobile_phone: Option<()>,
    gift_certificate: Option<()>,
    cash_receipt: Option<CashReceiptBody<'a>>,
    cash_receipts: Option<Vec<CashReceiptEntry<'a>>>,
    discount: Option<()>,
    cancels: Option<Vec<CancelBody<'a>>>,
    secret: Option<&'a str>,
    #[serde(rename = "type")]
    kind: &'static str,
    easy_pay: Option<()>,
    country: &'static str,
    failure: Option<FailureBody>,
    is_partial_cancelable: bool,
    receipt: Option<Link>,
    checkout: Link,
    currency: &'static str,
    total_amount: u64,
    balance_amount: u64,
    supplied_amount: u64,
    vat: u64,
    tax_free_amount: u64,
    metadata: Option<&'a serde_json::Value>,
    tax_exemption_amount: u64,
    method: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Link {
    url: String,
}

#[derive(Debug, Serialize)]
struct FailureBody {
    code: &'static str,
    message: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CardBody {
    issuer_code: &'static str,
    acquirer_code: &'static str,
    number: String,
    installment_plan_months: u8,
    is_interest_free: bool,
    interest_payer: Option<()>,
    approve_no: String,
    use_card_point: bool,
    card_type: &'static str,
    owner_type: &'static str,
    acquire_status: &'static str,
    amount: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TransferBody {
    bank_code: &'static str,
    settlement_status: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct VirtualAccountBody<'a> {
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
struct CashReceiptBody<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    receipt_key: &'a str,
    issue_number: &'a str,
    receipt_url: String,
    amount: u64,
    tax_free_amount: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CashReceiptEntry<'a> {
    receipt_key: &'a str,
    order_id: &'a str,
    order_name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    issue_number: &'a str,
    receipt_url: String,
    business_number: &'static str,
    transaction_type: &'static str,
    amount: u64,
    tax_free_amount: u64,
    issue_status: &'static str,
    failure: Option<()>,
    customer_identity_number: &'static str,
    requested_at: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CancelBody<'a> {
    cancel_amount: u64,
    cancel_reason: &'a str,
    tax_free_amount: u64,
    tax_exemption_amount: u64,
    refundable_amount: u64,
    card_discount_amount: u64,
    transfer_discount_amount: u64,
    easy_pay_discount_amount: u64,
    canceled_at: String,
    transaction_key: &'a str,
    receipt_key: Option<()>,
    cancel_status: &'static str,
    cancel_request_id: Option<()>,
}

/// Who is to see the payment's secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secret {
    /// The answer that issues a virtual account, and no other.
    Shown,
    /// Later answers say null.
    Hidden,
}

impl<'a> PaymentBody<'a> {
    /// Writes a payment down.
    pub(crate) fn new(payment: &'a Payment, m_id: &'a str, secret: Secret) -> Self {
        let tax = Tax::of(
            payment.total,
            payment.tax_free.saturating_add(payment.tax_exemption),
        );
        let key = payment.key.expose();
        let expired = payment.status == Status::Expired;
        let account = payment.account();
        let receipt = account.and_then(|account| account.receipt.as_ref());
        Self {
            m_id,
            version: VERSION,
            payment_key: key,
            status: payment.status.as_str(),
            last_transaction_key: payment.last_transaction.as_deref(),
            order_id: payment.order_id.as_str(),
            order_name: &payment.order_name,
            requested_at: kst(payment.requested_at),
            approved_at: payment.approved_at.map(kst),
            // An expired payment was seen with null here.
            use_escrow: (!expired).then_some(payment.use_escrow),
            culture_expense: payment.culture_expense,
            card: CardBody::of(payment),
            virtual_account: account.map(|account| VirtualAccountBody::of(account, payment.status)),
            transfer: match payment.means {
                Means::Transfer { bank_code } => Some(TransferBody {
                    bank_code,
                    settlement_status: "INCOMPLETED",
                }),
                _ => None,
            },
            mobile_phone: None,
            gift_certificate: None,
            cash_receipt: receipt.map(|receipt| CashReceiptBody::of(receipt, payment)),
            cash_receipts: receipt.map(|receipt| vec![CashReceiptEntry::of(receipt, payment)]),
            discount: None,
            cancels: (!payment.cancels.is_empty()).then(|| {
                let of = |cancel| CancelBody::of(cancel, payment);
                payment.cancels.iter().map(of).collect()
            }),
            secret: match secret {
                Secret::Shown => payment.secret.as_deref(),
                Secret::Hidden => None,
            },
            kind: match payment.origin {
                Origin::Window(_) => "NORMAL",
                Origin::Charge(_) => "BILLING",
            },
            easy_pay: None,
            country: "KR",
            failure: expired.then(|| FailureBody {
                code: "EXPIRED_PAYMENT",
                message: window_text("EXPIRED_PAYMENT"),
            }),
            is_partial_cancelable: true,
            receipt: payment.status.is_settled().then(|| Link {
                url: format!("https://dashboard.tosspayments.com/receipt/redirection?transactionId={key}&ref=PX"),
            }),
            checkout: Link {
                url: format!("https://api.tosspayments.com/v1/payments/{key}/checkout"),
            },
            currency: "KRW",
            total_amount: payment.total,
            balance_amount: payment.balance,
            supplied_amount: tax.supplied,
            vat: tax.vat,
            tax_free_amount: payment.tax_free,
            metadata: payment.metadata.as_ref(),
            tax_exemption_amount: payment.tax_exemption,
            method: match payment.means {
                _ if expired => None,
                Means::Undecided { .. } => None,
                Means::VirtualAccount(_) => Some("가상계좌"),
                Means::Card { .. } => Some("카드"),
                Means::Transfer { .. } => Some("계좌이체"),
            },
        }
    }
}

impl CardBody {
    fn of(payment: &Payment) -> Option<Self> {
        let Means::Card { card, approve_no } = &payment.means else {
            return None;
        };
        Some(Self {
            issuer_code: card.issuer_code(),
            acquirer_code: card.acquirer_code(),
            number: card.masked(),
            installment_plan_months: 0,
            is_interest_free: false,
            interest_payer: None,
            approve_no: approve_no.clone(),
            use_card_point: false,
            card_type: card.card_type(),
            owner_type: card.owner_type(),
            acquire_status: match payment.status {
                Status::Canceled => "CANCELED",
                _ => "READY",
            },
            amount: payment.total,
        })
    }
}

impl<'a> VirtualAccountBody<'a> {
    fn of(account: &'a VirtualAccount, status: Status) -> Self {
        Self {
            account_number: &account.number,
            account_type: "일반",
            bank_code: account.bank.code,
            customer_name: &account.customer_name,
            due_date: kst(account.due),
            expired: account.expired,
            settlement_status: "INCOMPLETED",
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
    fn of(receipt: &'a CashReceipt, payment: &Payment) -> Self {
        Self {
            kind: receipt.kind,
            receipt_key: &receipt.key,
            issue_number: &receipt.issue_number,
            receipt_url: receipt_url(receipt),
            amount: payment.total,
            tax_free_amount: payment.tax_free,
        }
    }
}

impl<'a> CashReceiptEntry<'a> {
    fn of(receipt: &'a CashReceipt, payment: &'a Payment) -> Self {
        Self {
            receipt_key: &receipt.key,
            order_id: payment.order_id.as_str(),
            order_name: &payment.order_name,
            kind: receipt.kind,
            issue_number: &receipt.issue_number,
            receipt_url: receipt_url(receipt),
            business_number: "4118601799",
            transaction_type: "CONFIRM",
            amount: payment.total,
            tax_free_amount: payment.tax_free,
            // Final after one or two days.
            issue_status: "IN_PROGRESS",
            failure: None,
            customer_identity_number: "010****0000",
            requested_at: kst(receipt.requested_at),
        }
    }
}

impl<'a> CancelBody<'a> {
    fn of(cancel: &'a Cancel, payment: &Payment) -> Self {
        Self {
            cancel_amount: cancel.amount,
            cancel_reason: &cancel.reason,
            tax_free_amount: payment.tax_free,
            tax_exemption_amount: payment.tax_exemption,
            refundable_amount: cancel.refundable,
            card_discount_amount: 0,
            transfer_discount_amount: 0,
            easy_pay_discount_amount: 0,
            canceled_at: kst(cancel.at),
            transaction_key: &cancel.transaction_key,
            receipt_key: None,
            cancel_status: "DONE",
            cancel_request_id: None,
        }
    }
}

/// Toss's Billing object.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BillingBody<'a> {
    m_id: &'a str,
    customer_key: &'a str,
    authenticated_at: String,
    method: &'static str,
    billing_key: &'a str,
    #[serde(flatten)]
    what: What,
}

/// The two shapes differ: a card's is that of version 2022-11-16, an account's is of the version to come.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum What {
    #[serde(rename_all = "camelCase")]
    Card {
        card: BillingCard,
        card_company: &'static str,
        card_number: String,
    },
    #[serde(rename_all = "camelCase")]
    Account {
        card: Option<()>,
        transfers: Option<[BillingAccount; 1]>,
        easy_pay: Option<()>,
    },
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BillingCard {
    issuer_code: &'static str,
    acquirer_code: &'static str,
    number: String,
    card_type: &'static str,
    owner_type: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BillingAccount {
    bank_name: &'static str,
    bank_account_number: &'static str,
}

impl<'a> BillingBody<'a> {
    /// Writes a billing key down, in full: this is the only answer that holds it.
    pub(crate) fn new(record: &'a BillingRecord, m_id: &'a str) -> Self {
        let (method, what) = match &record.instrument {
            Instrument::Card(card) => ("카드", What::card(card)),
            Instrument::Account { account, hidden } => (
                "계좌이체",
                What::Account {
                    card: None,
                    transfers: (!hidden).then_some([BillingAccount {
                        bank_name: account.bank_name,
                        bank_account_number: account.number,
                    }]),
                    easy_pay: None,
                },
            ),
        };
        Self {
            m_id,
            customer_key: record.customer.expose(),
            authenticated_at: kst(record.authenticated_at),
            method,
            billing_key: record.key.expose(),
            what,
        }
    }
}

impl What {
    fn card(card: &Card) -> Self {
        Self::Card {
            card: BillingCard {
                issuer_code: card.issuer_code(),
                acquirer_code: card.acquirer_code(),
                number: card.masked(),
                card_type: card.card_type(),
                owner_type: card.owner_type(),
            },
            card_company: card_company(card.issuer_code()),
            card_number: card.masked(),
        }
    }
}
