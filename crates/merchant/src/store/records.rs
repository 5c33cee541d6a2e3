//! What the rest of the program reads from and writes to the store.

use toss_checkout_contract::{
    Amount, Consent, CustomerKey, Failure, FailureCode, Method, OrderId, PaymentKey, Session,
    SessionId, SessionResult, SessionStatus,
};

use crate::clock::Millis;

/// A session with what only the server may know.
#[derive(Debug, Clone)]
pub struct SessionRecord {
    /// What the page may see. Its `status` is the stored one; see [`SessionRecord::seen_at`].
    pub session: Session,
    /// When it ends, to compute with.
    pub expires_at: Millis,
    /// Toss's name for the payment, once known.
    pub payment_key: Option<PaymentKey>,
    /// SHA-256 of the webhook secret; `None` when it was never seen.
    pub secret_digest: Option<String>,
    /// When the virtual account closes.
    pub due_at: Option<Millis>,
    /// Digest of the request that created it.
    pub request_digest: Option<String>,
}

impl SessionRecord {
    /// The session as of now: an open one ends by itself when its time is over.
    pub fn seen_at(&self, now: Millis) -> Session {
        let mut session = self.session.clone();
        if session.status == SessionStatus::Open && now >= self.expires_at {
            session.status = SessionStatus::Expired;
        }
        session
    }
}

/// A session to be stored.
#[derive(Debug)]
pub struct NewSession {
    /// As the page will see it.
    pub session: Session,
    /// When it ends.
    pub expires_at: Millis,
    /// The creator's `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// Digest of the creator's body.
    pub request_digest: String,
}

/// What a request to Toss was for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptKind {
    /// `POST /v1/payments/confirm`
    Confirm,
    /// `POST /v1/billing/authorizations/issue`
    Issue,
    /// `POST /v1/billing/{billingKey}`
    Charge,
}

impl AttemptKind {
    /// Its name in the database and in idempotency keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Issue => "issue",
            Self::Charge => "charge",
        }
    }
}

/// How a request to Toss went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptStatus {
    /// Written down; maybe sent.
    Pending,
    /// Sent, and the answer was lost.
    Unknown,
    /// Toss did it.
    Succeeded,
    /// Toss refused it.
    Declined,
}

impl AttemptStatus {
    /// Its name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Unknown => "unknown",
            Self::Succeeded => "succeeded",
            Self::Declined => "declined",
        }
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

/// One request to Toss that moves money or registers a means of payment. Committed before it is sent.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Computed from session and one-time key, so that every process names it the same.
    pub id: String,
    /// Whose it is.
    pub session_id: SessionId,
    /// What it is for.
    pub kind: AttemptKind,
    /// Digest of the one-time key.
    pub key_digest: Option<String>,
    /// The one-time key, sealed.
    pub sealed_key: Option<String>,
    /// What Toss gets as `Idempotency-Key`.
    pub idempotency_key: String,
    /// The order number of a confirm or charge.
    pub order_id: Option<OrderId>,
    /// The amount of a confirm or charge.
    pub amount: Option<Amount>,
    /// How it went.
    pub status: AttemptStatus,
    /// Why it was refused.
    pub failure: Option<AttemptFailure>,
    /// How often the reconciler has tried.
    pub tries: u32,
    /// Whoever holds it has it until then.
    pub lease_until: Millis,
    /// When it was written down.
    pub created_at: Millis,
    /// What came with the one-time key of a registration.
    pub consent: Option<Consent>,
}

impl Attempt {
    /// Whether its outcome is still open.
    pub fn is_open(&self) -> bool {
        matches!(self.status, AttemptStatus::Pending | AttemptStatus::Unknown)
    }
}

/// What becomes of an open attempt.
#[derive(Debug, Clone)]
pub enum Settlement {
    /// Toss did it.
    Succeeded,
    /// Toss refused it.
    Declined(AttemptFailure),
    /// Nobody knows; the reconciler may look from then on.
    Unknown(Millis),
}

/// What changes in a session. `None` leaves a value as it is.
#[derive(Debug, Clone, Default)]
pub struct SessionPatch {
    /// The new status.
    pub status: Option<SessionStatus>,
    /// The new result.
    pub result: Option<SessionResult>,
    /// The payment key.
    pub payment_key: Option<PaymentKey>,
    /// The digest of the webhook secret.
    pub secret_digest: Option<String>,
    /// When the virtual account closes.
    pub due_at: Option<Millis>,
    /// When to look it up unasked.
    pub next_check: Option<NextCheck>,
}

/// When a session is looked up unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextCheck {
    /// From then on.
    At(Millis),
    /// No more.
    Never,
}

/// A billing key to be stored, sealed already.
#[derive(Debug, Clone)]
pub struct NewBillingKey {
    /// Whose it is.
    pub customer_key: CustomerKey,
    /// The key, sealed.
    pub sealed_key: String,
    /// Its digest, to find it when Toss reports its deletion.
    pub key_digest: String,
    /// How the buyer registered.
    pub method: Option<Method>,
    /// What the buyer agreed to.
    pub consent: Option<GivenConsent>,
}

/// What a buyer agreed to, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenConsent {
    /// Word for word.
    pub consent: Consent,
    /// When it arrived with the one-time key. The buyer's own clock proves nothing.
    pub at: Millis,
}

/// One step of a session. All of it happens, or none.
#[derive(Debug)]
pub struct Change<'a> {
    /// The session as it was read: the change happens only if it is still the same.
    pub from: &'a SessionRecord,
    /// What changes in it.
    pub patch: SessionPatch,
    /// What becomes of an attempt that must still be open.
    pub settle: Option<(&'a str, Settlement)>,
    /// A new attempt.
    pub begin: Option<Attempt>,
    /// A new billing key.
    pub billing_key: Option<NewBillingKey>,
}

impl<'a> Change<'a> {
    /// No change yet.
    pub fn of(from: &'a SessionRecord) -> Self {
        Self {
            from,
            patch: SessionPatch::default(),
            settle: None,
            begin: None,
            billing_key: None,
        }
    }
}

/// What is stored of a webhook. Its body is not: it holds a secret.
#[derive(Debug, Clone)]
pub struct WebhookEvent {
    /// The row.
    pub seq: i64,
    /// Toss's `tosspayments-webhook-transmission-id`.
    pub transmission_id: String,
    /// `DEPOSIT_CALLBACK`, or the body's `eventType`.
    pub event_type: String,
    /// The order that it is about.
    pub order_id: Option<OrderId>,
    /// What it says; looked up before it is believed.
    pub claimed_status: Option<String>,
    /// SHA-256 of the secret that it brought.
    pub secret_digest: Option<String>,
    /// How often it was tried.
    pub tries: u32,
    /// When it may be tried again.
    pub next_try_at: Millis,
}

/// What became of a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookState {
    /// To be worked on.
    Pending,
    /// Toss was asked, and its answer applied.
    Processed,
    /// Not for us, or not to be believed.
    Ignored,
}

impl WebhookState {
    /// Its name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Processed => "processed",
            Self::Ignored => "ignored",
        }
    }
}
