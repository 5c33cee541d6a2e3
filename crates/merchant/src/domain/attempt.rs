//! Attempts: requests to Toss that move money or register a means of payment.

use toss_checkout_contract::{Amount, Consent, Failure, FailureCode, OrderId, SessionId};

use super::{
    charge::ChargeOf,
    ids::{AttemptId, PaymentId, PaymentMethodId, RefundId, ShopId},
    time::Millis,
    words::words,
    work::Work,
};

words! {
    /// What a request to Toss is for.
    pub enum AttemptKind as "kind of attempt" {
        /// `POST /v1/payments/confirm`
        Confirm = "confirm",
        /// `POST /v1/billing/authorizations/issue`
        Issue = "issue",
        /// `POST /v1/billing/{billingKey}`
        Charge = "charge",
        /// `POST /v1/payments/{paymentKey}/cancel`
        Cancel = "cancel",
    }
}

words! {
    /// How a request to Toss went.
    pub enum AttemptStatus as "status of an attempt" {
        /// Written down, not sent yet.
        Intended = "intended",
        /// Sent, maybe; no answer was written down.
        Sent = "sent",
        /// Sent, and its answer says nothing certain.
        Unknown = "unknown",
        /// Toss did it.
        Succeeded = "succeeded",
        /// Toss refused it.
        Declined = "declined",
        /// Refused, or given up, and done all the same: the money is there twice or against our word.
        Surplus = "surplus",
    }
}

impl AttemptStatus {
    /// The statuses whose outcome is open.
    pub const OPEN: [Self; 3] = [Self::Intended, Self::Sent, Self::Unknown];

    /// Whether the outcome is open.
    pub fn is_open(self) -> bool {
        Self::OPEN.contains(&self)
    }
}

/// What Toss said when it refused, to say the same again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptFailure {
    /// Toss's code.
    pub code: FailureCode,
    /// Toss's sentence.
    pub message: String,
    /// Toss's HTTP status.
    pub status: u16,
}

impl AttemptFailure {
    /// As the page sees it.
    pub fn shown(&self) -> Failure {
        Failure {
            code: self.code.clone(),
            message: (!self.message.is_empty()).then(|| self.message.clone()),
        }
    }
}

/// One request to Toss. Committed before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Computed from what it is about.
    pub id: AttemptId,
    /// What it is for.
    pub kind: AttemptKind,
    /// The shop whose key pair it is sent with.
    pub shop_id: ShopId,
    /// The checkout session that it belongs to.
    pub session_id: Option<SessionId>,
    /// The payment that it is about: of a confirm, charge or cancel.
    pub payment_id: Option<PaymentId>,
    /// The card or account that is charged.
    pub payment_method_id: Option<PaymentMethodId>,
    /// The refund that a cancel makes.
    pub refund_id: Option<RefundId>,
    /// The invoice that a charge of a subscription is to pay.
    pub charge: Option<ChargeOf>,
    /// Digest of the one-time key.
    pub key_digest: Option<String>,
    /// The one-time key, sealed.
    pub sealed_key: Option<String>,
    /// What Toss gets as `Idempotency-Key`.
    pub idempotency_key: String,
    /// Fingerprint of the secret key under which it was first sent. Toss's idempotency is bound to the
    /// secret key, so the request may go again under the same one only.
    pub key_fingerprint: String,
    /// The order number of a confirm or charge.
    pub order_id: Option<OrderId>,
    /// What a confirm, charge or cancel is about.
    pub amount: Option<Amount>,
    /// How it went.
    pub status: AttemptStatus,
    /// Why it was refused; of an open one, the fault that was named when it was sent again.
    pub failure: Option<AttemptFailure>,
    /// What came with the one-time key of a registration.
    pub consent: Option<Consent>,
    /// When it was first sent.
    pub sent_at: Option<Millis>,
    /// When Toss named the fault of an open one, having been sent the request again.
    pub fault_at: Option<Millis>,
    /// When its outcome was written down.
    pub settled_at: Option<Millis>,
    /// When it was written down.
    pub created_at: Millis,
    /// When somebody has to look at it.
    pub work: Work,
    /// Why a human has to look at it.
    pub needs_attention: Option<String>,
}

impl Attempt {
    /// Whether its outcome is open.
    pub fn is_open(&self) -> bool {
        self.status.is_open()
    }
}
