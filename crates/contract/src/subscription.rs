//! What a customer sees of their subscriptions, and what they ask for.
//!
//! The page reads and posts under `/api/subscription-page`, with the [`LinkToken`] as its bearer token.

use serde::{Deserialize, Serialize};

use crate::{
    amount::Amount,
    consent::Consent,
    failure::FailureCode,
    ids::LinkToken,
    method::Method,
    open,
    plan::Interval,
    session::Locale,
    session_result::{BankAccount, Card},
    timestamp::Timestamp,
};

/// The answer to `POST /api/customer-links`: where the merchant sends a customer.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerLink {
    /// The token, for a page of the merchant's own: `<toss-subscription link="…">`.
    pub token: LinkToken,
    /// When the token ends.
    pub expires_at: Timestamp,
    /// The hosted page. The token stands behind `#`, so that no server and no log sees it.
    pub url: String,
}

/// What a customer sees of their subscriptions.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerSubscriptions {
    /// Newest first, those that are over last.
    pub subscriptions: Vec<CustomerSubscription>,
    /// The backend's time: what is left until other times is counted from it.
    pub now: Timestamp,
    /// When the link ends.
    pub expires_at: Timestamp,
    /// Whether no money moves.
    #[serde(default)]
    pub test_mode: bool,
    /// Where "back to the shop" leads: an absolute http(s) address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
}

/// A subscription as its customer sees it.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerSubscription {
    /// `sub_` and 22 letters and digits.
    pub id: String,
    /// Grows with every change. What is asked for names the one that was seen.
    pub revision: u64,
    /// Where it stands.
    pub status: SubscriptionStatus,
    /// What is sold, at most 100 characters.
    pub order_name: String,
    /// Whether the customer has what they subscribed to.
    pub entitled: bool,
    /// The price of the current terms.
    pub price: Price,
    /// What is charged next, when nothing is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_charge: Option<NextCharge>,
    /// What is owed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owed: Option<Owed>,
    /// The end of a free time that has not ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_end: Option<Timestamp>,
    /// When it ends, because the customer or the merchant canceled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_at: Option<Timestamp>,
    /// Since when or from when on it is paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pause_at: Option<Timestamp>,
    /// When a pause ends by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// Whether money is going back after a cancel, or nobody knows yet whether it has: look again.
    #[serde(default)]
    pub refunding: bool,
    /// The card or account that is charged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment_method: Option<MethodDisplay>,
    /// How it can be canceled; absent when it cannot, or is canceled already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel: Option<CancelChoices>,
    /// What the customer is asked to agree to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<ConsentRequest>,
}

/// Where a subscription stands.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionStatus {
    /// The first charge is not paid.
    Incomplete,
    /// Free until the end of the trial.
    Trialing,
    /// Everything that was due is paid, or is being charged.
    Active,
    /// A charge was refused and is tried again.
    PastDue,
    /// It was refused for so long that no more than the customer can help.
    Unpaid,
    /// The next charge needs a consent that is not there.
    AwaitingConsent,
    /// Nothing is charged until it is resumed.
    Paused,
    /// Over.
    Canceled,
    /// How a reader takes a status that it does not know yet.
    #[serde(other)]
    Unknown,
}

/// A price and how often it is charged.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Price {
    /// Charged each time; absent when it is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// In what the interval is counted.
    pub unit: Interval,
    /// How many of them, from 1.
    pub count: u32,
}

/// The next charge.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NextCharge {
    /// When.
    pub at: Timestamp,
    /// How much, credit taken off; absent when nothing is charged for that period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
}

/// What is owed for a period that began.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Owed {
    /// How much.
    pub amount: Amount,
    /// Since when it was refused; absent while nothing was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// When it is tried again by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_at: Option<Timestamp>,
    /// Why the last charge was refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<FailureCode>,
    /// Whether a charge is under way, or nobody knows what came of one: look again.
    #[serde(default)]
    pub under_way: bool,
    /// Whether the customer can pay it now with the card or account that is there.
    #[serde(default)]
    pub payable: bool,
}

/// What may be shown of a card or account.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MethodDisplay {
    /// Card or account.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "open::word"
    )]
    pub method: Option<Method>,
    /// The card, number masked by Toss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// The account, number masked by Toss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<BankAccount>,
    /// Whether it can be charged.
    pub usable: bool,
}

/// How a subscription can be canceled: one of the two at least.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CancelChoices {
    /// With what is paid, or free: then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period_end: Option<Timestamp>,
    /// At once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<CancelNow>,
}

/// What comes of a cancel at once.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CancelNow {
    /// What goes back for the days that are left; absent when nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund: Option<Amount>,
}

/// What a customer is asked to agree to before a price rises or follows a free time.
/// Source: 전자상거래법 제13조 제6항.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentRequest {
    /// What was paid.
    pub before: Price,
    /// What will be.
    pub after: Price,
    /// From when on.
    pub effective_at: Timestamp,
    /// The sentence in Korean.
    pub ko: Consent,
    /// The sentence in English.
    pub en: Consent,
}

/// Payments of a subscription.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerInvoices {
    /// Newest first.
    pub invoices: Vec<CustomerInvoice>,
    /// For `after`, when there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What a customer had to pay for a period, or for a change within one.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerInvoice {
    /// `inv_` and letters and digits.
    pub id: String,
    /// How it stands.
    pub status: InvoiceStatus,
    /// How much; absent when nothing had to be paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// The first moment of the period.
    pub period_start: Timestamp,
    /// The moment at which it ends.
    pub period_end: Timestamp,
    /// When it was paid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paid_at: Option<Timestamp>,
    /// What went back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refunded: Option<Amount>,
    /// Toss's receipt, an absolute https address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_url: Option<String>,
}

/// How an invoice stands.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvoiceStatus {
    /// To be paid.
    Open,
    /// Paid.
    Paid,
    /// Nothing is owed for it.
    Void,
    /// To be paid, and held back by the merchant's settings.
    Held,
    /// It was never paid.
    Uncollectible,
    /// How a reader takes a status that it does not know yet.
    #[serde(other)]
    Unknown,
}

/// `POST …/{id}/uncancel` and `POST …/{id}/charge`.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenRevision {
    /// The revision that the customer saw; 412 when it is another one.
    pub revision: u64,
}

/// `POST …/{id}/cancel`.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CancelRequest {
    /// The revision that the customer saw; 412 when it is another one.
    pub revision: u64,
    /// When it ends.
    pub at: CancelAt,
    /// With `now`: what the customer was shown to get back; 412 when it is another sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund: Option<Amount>,
}

/// When a canceled subscription ends.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancelAt {
    /// At once.
    Now,
    /// With what is paid, or free.
    PeriodEnd,
}

/// `POST …/{id}/consents`.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentAnswer {
    /// The revision that the customer saw; 412 when it is another one.
    pub revision: u64,
    /// The sentence that the customer saw, one of those of [`ConsentRequest`].
    pub consent: Consent,
}

/// `POST …/{id}/payment-method`: a checkout that registers another card or account for the subscription.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplaceMethod {
    /// Where the checkout leads back: an address of the backend or of one of its allowed origins.
    /// Otherwise the hosted page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// The language of the checkout.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "open::word"
    )]
    pub locale: Option<Locale>,
}

/// Where the customer registers another card or account.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReplaceMethodAt {
    /// The checkout.
    pub url: String,
}
