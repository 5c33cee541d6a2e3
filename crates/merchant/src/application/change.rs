//! A change: everything of one step that is written together, or not at all.

use toss_checkout_contract::{FailureCode, PaymentKey, SessionId};

use crate::domain::{
    attempt::{Attempt, AttemptFailure},
    audit::NewAudit,
    edit::Edit,
    event::NewEvent,
    ids::{AttemptId, InvoiceId, PaymentId, PaymentMethodId, RefundId},
    payment::{Payment, PaymentDetails, PaymentStatus},
    payment_method::{PaymentMethod, PaymentMethodDisplay, PaymentMethodStatus},
    refund::{Refund, RefundDetails, RefundStatus},
    session::{SessionPatch, SessionRecord},
    subscription::{
        Subscription, consent::ConsentRecord, invoice::Invoice, notice::Notice,
        notice_delivery::NoticeDelivery,
    },
    time::Millis,
};

/// One transaction. Every update is a compare-and-set: should any row no longer be as it was read,
/// nothing of the change happens.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// A new session.
    pub new_session: Option<SessionRecord>,
    /// A session that changes.
    pub session: Option<Update<SessionId, SessionPatch>>,
    /// A new payment.
    pub new_payment: Option<Payment>,
    /// A payment that changes.
    pub payment: Option<Update<PaymentId, PaymentPatch>>,
    /// A new intent.
    pub new_attempt: Option<Attempt>,
    /// An attempt whose outcome is written down, or put off.
    pub attempt: Option<AttemptUpdate>,
    /// A new registered card or account.
    pub new_method: Option<PaymentMethod>,
    /// A registered card or account that changes.
    pub method: Option<Update<PaymentMethodId, PaymentMethodPatch>>,
    /// New refunds: ours before it is sent, or those that were found at Toss.
    pub new_refunds: Vec<Refund>,
    /// Refunds that are settled.
    pub refunds: Vec<RefundUpdate>,
    /// A subscription and what belongs to it. Most changes have none, so it lies elsewhere.
    pub subscribing: Option<Box<SubscriptionChange>>,
    /// What shops are told, in this order.
    pub events: Vec<NewEvent>,
    /// Which operator decided it, and why.
    pub audit: Option<NewAudit>,
}

/// What changes of a subscription.
#[derive(Debug, Clone, Default)]
pub struct SubscriptionChange {
    /// A new subscription.
    pub new_subscription: Option<Subscription>,
    /// A subscription that changes.
    pub subscription: Option<SubscriptionUpdate>,
    /// An invoice that changes; the update of its subscription guards it.
    pub invoice: Option<Invoice>,
    /// A new invoice.
    pub new_invoice: Option<Invoice>,
    /// What a customer agreed to.
    pub new_consent: Option<ConsentRecord>,
    /// What a customer is to be told.
    pub new_notice: Option<Notice>,
    /// That a customer was told.
    pub new_notice_delivery: Option<NoticeDelivery>,
}

/// A subscription as it is from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionUpdate {
    /// The revision that was read.
    pub revision: u64,
    /// All of it, with the next revision.
    pub new: Box<Subscription>,
    /// When its next step is due.
    pub next_action_at: Option<Millis>,
}

/// An update of a row that must still have the revision with which it was read. It then has the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update<I, P> {
    /// The row.
    pub id: I,
    /// The revision that was read.
    pub revision: u64,
    /// What changes.
    pub patch: P,
}

/// What changes in a payment. `None` leaves a value as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentPatch {
    /// The new status.
    pub status: Option<PaymentStatus>,
    /// What Toss holds of it now.
    pub balance: Option<u64>,
    /// Toss's name for it.
    pub payment_key: Option<PaymentKey>,
    /// The digest of the webhook secret.
    pub secret_digest: Option<String>,
    /// What else is known.
    pub details: Option<PaymentDetails>,
    /// When the money arrived; absent again when the bank takes a deposit back.
    pub approved_at: Edit<Millis>,
    /// When the virtual account closes.
    pub due_at: Option<Millis>,
    /// When Toss is to be asked next.
    pub next_action_at: Edit<Millis>,
    /// Why a human has to look.
    pub needs_attention: Edit<String>,
}

impl PaymentPatch {
    /// What makes the one row the other. When Toss is asked next is not part of it.
    pub fn between(old: &Payment, new: &Payment) -> Self {
        Self {
            status: (old.status != new.status).then_some(new.status),
            balance: (old.balance != new.balance).then_some(new.balance),
            payment_key: changed(old.payment_key.as_ref(), new.payment_key.as_ref()),
            secret_digest: changed(old.secret_digest.as_ref(), new.secret_digest.as_ref()),
            details: (old.details != new.details).then(|| new.details.clone()),
            approved_at: edited(old.approved_at.as_ref(), new.approved_at.as_ref()),
            due_at: changed(old.due_at.as_ref(), new.due_at.as_ref()),
            next_action_at: Edit::Keep,
            needs_attention: edited(old.needs_attention.as_ref(), new.needs_attention.as_ref()),
        }
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A value that is there and is another one.
fn changed<T: Clone + PartialEq>(old: Option<&T>, new: Option<&T>) -> Option<T> {
    new.filter(|new| old != Some(new)).cloned()
}

fn edited<T: Clone + PartialEq>(old: Option<&T>, new: Option<&T>) -> Edit<T> {
    if old == new {
        Edit::Keep
    } else {
        Edit::from(new.cloned())
    }
}

/// What changes in a registered card or account. `None` leaves a value as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentMethodPatch {
    /// The new status.
    pub status: Option<PaymentMethodStatus>,
    /// What may be shown of it.
    pub display: Option<PaymentMethodDisplay>,
    /// The code that ended it.
    pub dead_code: Option<FailureCode>,
    /// When a deletion is to be carried on.
    pub next_action_at: Edit<Millis>,
    /// Why a human has to look.
    pub needs_attention: Edit<String>,
}

/// What becomes of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptUpdate {
    /// The attempt.
    pub id: AttemptId,
    /// The number with which the worker claimed it; `None`: whoever knows Toss's word may write it.
    pub lease_no: Option<i64>,
    /// The invoice that it was to pay: its subscription is due once the outcome is written down.
    pub invoice_id: Option<InvoiceId>,
    /// What becomes of it.
    pub settlement: Settlement,
}

impl AttemptUpdate {
    /// Writes down what became of an attempt.
    pub fn of(attempt: &Attempt, lease_no: Option<i64>, settlement: Settlement) -> Self {
        Self {
            id: attempt.id.clone(),
            lease_no,
            invoice_id: attempt
                .charge
                .as_ref()
                .map(|charge| charge.invoice_id.clone()),
            settlement,
        }
    }
}

/// What becomes of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// Of an open one: Toss did it.
    Succeeded,
    /// Of an open one: Toss refused it.
    Declined(AttemptFailure),
    /// Of an open one: nobody knows; to be looked at from then on.
    Unknown(Millis),
    /// The same, and Toss named this fault; from then on a look tells whether it is a refusal.
    Fault(Millis, AttemptFailure),
    /// Of a declined one: Toss did it all the same, and the invoice that it was to pay is still owed.
    PaysAfterAll,
    /// Of a declined one: Toss did it all the same, and its money has no place.
    Surplus,
}

impl Settlement {
    /// Whether nobody knows yet how it went.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Unknown(_) | Self::Fault(..))
    }
}

/// What becomes of a pending refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundUpdate {
    /// The refund.
    pub id: RefundId,
    /// How it ended.
    pub status: RefundStatus,
    /// Toss's name for it.
    pub transaction_key: Option<String>,
    /// What else is known.
    pub details: RefundDetails,
}

/// Whether a change was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Committed {
    /// All of it.
    Done,
    /// Nothing: a row is no longer as it was read. Read again and decide again.
    Stale,
    /// Nothing: a row like the new one exists, or one that forbids it (a second open attempt, a second
    /// successful one, a used order number, a known transaction).
    Conflict,
}
