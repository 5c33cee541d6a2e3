//! Whether a subscription is still what somebody saw. Who asks for something names the revision that they were
//! shown, and revisions also count what nobody decides by: a notice that came due, a try that began, a day of
//! the overdue policy. A customer who agrees in that moment is not sent away for it.

use super::{
    Subscription, SubscriptionState, SubscriptionStatus,
    engine::{Step, World},
    invoice::Invoice,
};
use crate::domain::ids::{InvoiceId, PaymentMethodId};

impl Subscription {
    /// Whether nothing that people decide by has changed since this revision.
    pub fn is_as_seen_in(&self, revision: u64) -> bool {
        let since = self.state.shown_since.unwrap_or(self.revision);
        (since..=self.revision).contains(&revision)
    }
}

impl Step {
    /// Notes in the subscription whether the step changes anything that people decide by.
    #[must_use]
    pub fn noted(mut self, world: &World<'_>) -> Self {
        let before = Shown::of(world.subscription, world.invoice);
        let after = Shown::of(&self.subscription, self.owed(world.invoice));
        if before != after {
            self.subscription.state.shown_since = Some(self.subscription.revision);
        }
        self
    }
}

/// What people decide by.
#[derive(PartialEq)]
struct Shown {
    method: PaymentMethodId,
    name: String,
    /// A pause that has begun ends otherwise than one that is planned.
    paused: bool,
    owed: Option<(InvoiceId, u64)>,
    state: SubscriptionState,
}

impl Shown {
    fn of(subscription: &Subscription, owed: Option<&Invoice>) -> Self {
        // What the backend notes for itself; whatever is not named here counts. The moment of a charge is not
        // the charge: what a consent is to is compared with the sentence that was shown.
        let state = SubscriptionState {
            at_once: None,
            activated_at: None,
            past_due_since: None,
            access_ended: false,
            awaiting_since: None,
            asked_for_method: false,
            refunds: Vec::new(),
            told: Vec::new(),
            last_request: None,
            shown_since: None,
            ..subscription.state.clone()
        };
        Self {
            method: subscription.payment_method_id.clone(),
            name: subscription.order_name.clone(),
            paused: subscription.status == SubscriptionStatus::Paused,
            owed: owed.map(|invoice| (invoice.id.clone(), invoice.amount)),
            state,
        }
    }
}
