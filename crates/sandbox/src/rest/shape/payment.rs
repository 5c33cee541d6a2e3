//! Toss's Payment object.

use serde::Serialize;

use super::{
    VERSION,
    parts::{
        CancelBody, CardBody, CashReceiptBody, CashReceiptEntry, TransferBody, VirtualAccountBody,
    },
};
use crate::{
    errors::window_text,
    state::{
        Payment,
        moment::kst,
        money::Tax,
        payment::{Means, Origin, Status},
    },
};

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
