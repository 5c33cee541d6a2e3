//! Toss's Payment object.

use serde::Serialize;
use toss_model::{
    Payment,
    errors::window_text,
    moment::kst,
    money::{Money, Tax},
    payment::{Means, Origin, Status},
};

use super::{
    Viewer,
    cancel::CancelBody,
    parts::{
        CardBody, EasyPayBody, GiftCertificateBody, MobilePhoneBody, TransferBody,
        VirtualAccountBody, receipt_link,
    },
    receipt::{CashReceiptBody, ReceiptBody},
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
    card: Option<CardBody<'a>>,
    virtual_account: Option<VirtualAccountBody<'a>>,
    transfer: Option<TransferBody>,
    mobile_phone: Option<MobilePhoneBody>,
    gift_certificate: Option<GiftCertificateBody<'a>>,
    cash_receipt: Option<CashReceiptBody<'a>>,
    cash_receipts: Option<Vec<ReceiptBody<'a>>>,
    discount: Option<()>,
    cancels: Option<Vec<CancelBody<'a>>>,
    secret: Option<&'a str>,
    #[serde(rename = "type")]
    kind: &'static str,
    easy_pay: Option<EasyPayBody<'a>>,
    country: &'a str,
    failure: Option<FailureBody<'a>>,
    is_partial_cancelable: bool,
    receipt: Option<Link>,
    checkout: Link,
    currency: &'static str,
    total_amount: Money,
    balance_amount: Money,
    supplied_amount: Money,
    vat: Money,
    tax_free_amount: Money,
    metadata: Option<&'a serde_json::Value>,
    tax_exemption_amount: Money,
    method: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Link {
    url: String,
}

#[derive(Debug, Serialize)]
struct FailureBody<'a> {
    code: &'a str,
    message: &'a str,
}

/// Who is to see the payment's secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secret {
    /// The answer that issues or approves, and webhooks.
    Shown,
    /// Later answers say null.
    Hidden,
}

impl<'a> PaymentBody<'a> {
    /// Writes a payment down.
    pub(crate) fn new(payment: &'a Payment, viewer: Viewer<'a>, secret: Secret) -> Self {
        // Observed: they follow what is left, not what was paid.
        let (tax_free, tax_exemption) = (payment.tax_free_left(), payment.tax_exemption_left());
        let tax = Tax::of(payment.balance, tax_free + tax_exemption);
        let key = payment.key.expose();
        let foreign = matches!(payment.means, Means::ForeignEasyPay { .. });
        let expired = payment.status == Status::Expired;
        let receipt = payment.means.receipt();
        let money = |units| payment.currency.money(units);
        Self {
            m_id: viewer.m_id,
            version: viewer.version.as_str(),
            payment_key: key,
            status: payment.status.as_str(),
            last_transaction_key: payment.last_transaction.as_deref(),
            order_id: payment.order_id.as_str(),
            order_name: &payment.order_name,
            requested_at: kst(payment.requested_at),
            approved_at: payment.approved_at.map(kst),
            // Expired payments and those of foreign wallets were seen with null here.
            use_escrow: (!expired && !foreign).then_some(payment.use_escrow),
            culture_expense: payment.culture_expense,
            card: CardBody::of(payment),
            virtual_account: VirtualAccountBody::of(payment, viewer.now),
            transfer: TransferBody::of(payment),
            mobile_phone: MobilePhoneBody::of(payment),
            gift_certificate: GiftCertificateBody::of(payment),
            cash_receipt: receipt.map(|receipt| CashReceiptBody::of(receipt, payment)),
            cash_receipts: receipt.map(|_| ReceiptBody::history(payment, viewer.now)),
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
            easy_pay: EasyPayBody::of(payment),
            country: country(&payment.means),
            failure: failure(payment),
            is_partial_cancelable: !payment.use_escrow,
            receipt: payment.status.is_settled().then(|| Link {
                url: receipt_link(payment),
            }),
            checkout: Link {
                url: format!("https://api.tosspayments.com/v1/payments/{key}/checkout"),
            },
            currency: payment.currency.as_str(),
            total_amount: money(payment.total),
            balance_amount: money(payment.balance),
            supplied_amount: money(tax.supplied),
            vat: money(tax.vat),
            tax_free_amount: money(tax_free),
            metadata: payment.metadata.as_ref(),
            tax_exemption_amount: money(tax_exemption),
            method: if expired { None } else { method(payment) },
        }
    }
}

/// `method`, null before the buyer has chosen.
pub(crate) fn method(payment: &Payment) -> Option<&'static str> {
    match (&payment.means, &payment.origin) {
        (Means::Undecided { .. }, _) => None,
        (Means::VirtualAccount(_), _) => Some("가상계좌"),
        (Means::Card { .. }, _) => Some("카드"),
        (Means::EasyPay { .. } | Means::ForeignEasyPay { .. }, _) => Some("간편결제"),
        (Means::Transfer { .. }, _) => Some("계좌이체"),
        (Means::MobilePhone { .. }, _) => Some("휴대폰"),
        (Means::GiftCertificate { .. }, Origin::Window(method)) => Some(method.korean()),
        (Means::GiftCertificate { .. }, Origin::Charge(_)) => Some("문화상품권"),
    }
}

fn country(means: &Means) -> &str {
    match means {
        Means::ForeignEasyPay { country, .. } => country,
        _ => "KR",
    }
}

fn failure(payment: &Payment) -> Option<FailureBody<'_>> {
    if payment.status == Status::Expired {
        return Some(FailureBody {
            code: "EXPIRED_PAYMENT",
            message: window_text("EXPIRED_PAYMENT"),
        });
    }
    payment.failure.as_ref().map(|failure| FailureBody {
        code: &failure.code,
        message: &failure.message,
    })
}
