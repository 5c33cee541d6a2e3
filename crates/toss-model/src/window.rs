//! The payment window: what it was opened for, and how it was left.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use toss_checkout_contract::{CustomerKey, Method, OrderId, PaymentKey};
use url::Url;

use crate::{
    method::{Carrier, PayMethod},
    money::Currency,
    receipt::CashReceiptChoice,
    shop::Shop,
};

/// Where the window is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// In a frame over the merchant's page.
    Iframe {
        /// The merchant's origin, to which messages are posted and which may frame the window.
        opener: String,
    },
    /// Instead of the merchant's page.
    Page,
}

/// How the merchant learns the outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delivery {
    /// By navigation.
    Redirect {
        /// After success.
        success: Url,
        /// After failure, and after a cancel on a phone.
        fail: Url,
    },
    /// By the SDK's promise.
    Promise,
}

/// What a window is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// Registration for automatic payment.
    Billing(BillingForm),
    /// One payment; its [`crate::payment::Origin`] knows the method.
    Payment(PaymentKey),
}

/// What a registration window knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingForm {
    /// CARD or TRANSFER.
    pub method: Method,
    /// Who registers.
    pub customer: CustomerKey,
    /// Shown in the window.
    pub customer_name: Option<String>,
    /// Whether a company card was asked for first.
    pub corporate: bool,
    /// Whose own window it is, with `flowMode: "DIRECT"`.
    pub easy_pay: Option<String>,
}

/// What the merchant wants a payment window to offer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Prefills the account's holder.
    pub customer_name: Option<String>,
    /// Preselected cash receipt.
    pub cash_receipt: Option<CashReceiptChoice>,
    /// The phone number that the window asks for, prefilled; None when it does not ask.
    pub phone: Option<String>,
    /// The only number of months, 0 for all at once.
    pub installment: Option<u8>,
    /// The most months that may be chosen.
    pub max_installment: Option<u8>,
    /// Whose own window it is: 토스페이 and the like, or PAYPAL and PAYPAY.
    pub provider: Option<String>,
    /// The only card company, by code or name.
    pub card_company: Option<String>,
    /// Where the buyer of a foreign payment is, two letters.
    pub country: Option<String>,
    /// The phone companies to choose from; all when empty.
    pub carriers: Vec<Carrier>,
    /// How the window ends by itself, for tests. Source: the typings' undocumented `sandbox.paymentResult`.
    pub result: Option<TestResult>,
}

/// `sandbox.paymentResult`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TestResult {
    /// As if everything had been filled in and agreed to.
    Success,
    /// As if the card company had refused.
    Fail,
}

/// What a payment window is opened with; the limits of each were checked by the reader.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PaymentForm {
    /// How the buyer is to pay.
    pub method: PayMethod,
    /// What the amounts are counted in.
    pub currency: Currency,
    /// The merchant's order number.
    pub order_id: OrderId,
    /// What is bought.
    pub order_name: String,
    /// Who buys, by the merchant's name for them; None for a guest.
    pub customer_key: Option<String>,
    /// In the smallest unit of the currency, at least 1.
    pub amount: u64,
    /// 면세, of the amount.
    pub tax_free: u64,
    /// 과세 제외, of the amount.
    pub tax_exemption: u64,
    /// Hours until the account closes.
    pub valid_hours: Option<u16>,
    /// Or the moment at which it closes.
    pub due_date: Option<String>,
    /// 에스크로
    pub use_escrow: bool,
    /// 문화비
    pub culture_expense: bool,
    /// Whatever the merchant attached.
    pub metadata: Option<serde_json::Value>,
    /// What the window shows.
    pub offer: Offer,
}

/// How a window was left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum WindowOutcome {
    /// Registration went through.
    Registered {
        /// Echoed.
        customer_key: String,
        /// To be exchanged by the merchant.
        auth_key: String,
    },
    /// The buyer is done; the merchant has to confirm.
    Authenticated {
        /// Toss's name for the payment.
        payment_key: String,
        /// Echoed.
        order_id: String,
        /// Echoed, in the smallest unit of the currency.
        amount: u64,
        /// Echoed.
        currency: Currency,
    },
    /// Something was wrong.
    Failed {
        /// Toss's code, or any that was typed in.
        code: String,
        /// Present for payments.
        order_id: Option<String>,
    },
    /// The buyer gave up.
    Canceled,
}

/// Whether the window is still open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The buyer is at it.
    Open,
    /// It was left.
    Left(WindowOutcome),
}

/// An opened window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Whose.
    pub shop: Shop,
    /// Where it is shown.
    pub target: Target,
    /// How the outcome is told.
    pub delivery: Delivery,
    /// What for.
    pub purpose: Purpose,
    /// When it was opened.
    pub opened_at: OffsetDateTime,
    /// Whether it is still open.
    pub stage: Stage,
    /// What it shows, for payments.
    pub offer: Offer,
}
