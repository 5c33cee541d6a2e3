//! Checkout sessions with what only the server may know.

use toss_checkout_contract::{Session, SessionResult, SessionStatus};

use super::{
    edit::Edit,
    ids::{PaymentId, PaymentMethodId, ShopId, SubscriptionId},
    payment_method::GivenConsent,
    subscription::names::of_session,
    time::Millis,
    work::Work,
};

/// A session as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// What the page may see. Its `status` is the stored one; see [`SessionRecord::seen_at`].
    pub session: Session,
    /// The shop whose key pair it uses.
    pub shop_id: ShopId,
    /// Its payment: of kind `payment` from the start, of kind `billing` with the first charge.
    pub payment_id: Option<PaymentId>,
    /// What it registered.
    pub payment_method_id: Option<PaymentMethodId>,
    /// Whether the registration begins a subscription to its plan.
    pub subscribe: bool,
    /// The subscription that charges what it registers from then on.
    pub replaces_method_of: Option<SubscriptionId>,
    /// What the buyer agreed to before Toss's window opened.
    pub consent_given: Option<GivenConsent>,
    /// When it ends, to compute with.
    pub expires_at: Millis,
    /// The creator's `Idempotency-Key`.
    pub idempotency_key: Option<String>,
    /// Digest of the request that created it.
    pub request_digest: Option<String>,
    /// When it was created.
    pub created_at: Millis,
    /// When it is to be ended.
    pub work: Work,
    /// Why a human has to look at it.
    pub needs_attention: Option<String>,
}

impl SessionRecord {
    /// The subscription that it begins.
    pub fn subscription_id(&self) -> Option<SubscriptionId> {
        self.subscribe.then(|| of_session(&self.session.id))
    }

    /// The session as of now: an open one ends by itself when its time is over.
    pub fn seen_at(&self, now: Millis) -> Session {
        let mut session = self.session.clone();
        session.now = Some(now.kst());
        if session.status == SessionStatus::Open && now >= self.expires_at {
            session.status = SessionStatus::Expired;
        }
        session
    }
}

impl SessionRecord {
    /// The session once a change of it is written down.
    #[must_use]
    pub fn with(mut self, patch: SessionPatch) -> Self {
        let SessionPatch {
            status,
            result,
            payment_id,
            payment_method_id,
            consent_given,
            next_action_at,
        } = patch;
        self.session.revision += 1;
        self.session.status = status.unwrap_or(self.session.status);
        self.session.result = result.or(self.session.result);
        self.payment_id = payment_id.or(self.payment_id);
        self.payment_method_id = payment_method_id.or(self.payment_method_id);
        self.consent_given = consent_given.or(self.consent_given);
        match next_action_at {
            Edit::Keep => {}
            Edit::Clear => self.work.next_action_at = None,
            Edit::To(at) => self.work.next_action_at = Some(at),
        }
        self
    }
}

/// What changes in a session. `None` leaves a value as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionPatch {
    /// The new status.
    pub status: Option<SessionStatus>,
    /// The new result.
    pub result: Option<SessionResult>,
    /// The payment.
    pub payment_id: Option<PaymentId>,
    /// The registered card or account.
    pub payment_method_id: Option<PaymentMethodId>,
    /// What the buyer agreed to.
    pub consent_given: Option<GivenConsent>,
    /// When it is to be looked at next.
    pub next_action_at: Edit<Millis>,
}
