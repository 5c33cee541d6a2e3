//! Toss's state for everybody, and the webhooks that its changes send.

use std::sync::{Arc, Mutex, MutexGuard};

use time::OffsetDateTime;
use toss_model::{ActionError, Payment, State};

use crate::{changes::Changes, clock::SharedClock, shape::Viewer, sync::lock, webhooks::Webhooks};

/// Clones are the same Toss.
#[derive(Debug, Clone)]
pub(crate) struct Toss(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    clock: SharedClock,
    webhooks: Webhooks,
    changes: Changes,
}

impl Toss {
    pub(crate) fn new(
        state: State,
        clock: SharedClock,
        webhooks: Webhooks,
        changes: Changes,
    ) -> Self {
        Self(Arc::new(Inner {
            state: Mutex::new(state),
            clock,
            webhooks,
            changes,
        }))
    }

    /// Never hold it across an await.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.0.state)
    }

    /// This moment, by the sandbox's clock.
    pub(crate) fn now(&self) -> OffsetDateTime {
        self.0.clock.now()
    }

    /// Lets time pass for every payment, and tells what came of it.
    pub(crate) fn pass_time(&self) {
        self.state().pass_time(self.now());
        self.send_events();
    }

    /// Sends out what the last operations have to tell.
    pub(crate) fn send_events(&self) {
        let mut state = self.state();
        let events = state.take_events();
        for event in &events {
            let viewer = Viewer {
                m_id: state.merchant_id(event.shop()),
                version: state.version_of(event.shop()),
                now: event.at(),
            };
            self.0.webhooks.send(event, viewer, state.rules());
        }
        drop(state);
        if !events.is_empty() {
            self.0.changes.tell();
        }
    }

    /// What happens to a payment without its merchant, and the webhooks that tell of it.
    pub(crate) fn act(&self, action: PaymentAction, key: &str) -> Result<Payment, ActionError> {
        let now = self.now();
        let payment = {
            let mut state = self.state();
            match action {
                PaymentAction::Deposit => state.deposit(key, now),
                PaymentAction::Reverse => state.reverse(key, now),
                PaymentAction::Expire => state.expire(key, now),
                PaymentAction::Cancel => state.cancel(key, "샌드박스에서 취소", now),
            }
            .cloned()
        };
        self.send_events();
        payment
    }

    /// The buyer leaves, or the card company ends the key, given by its number from 1. False when there is
    /// no such key, or it is gone already.
    pub(crate) fn end_billing_number(&self, number: usize) -> bool {
        let ended = self.state().drop_billing(number, self.now());
        self.send_events();
        ended
    }

    /// The same by the key itself.
    pub(crate) fn end_billing(&self, key: &str) -> bool {
        let ended = self.state().end_billing(key, self.now());
        self.send_events();
        ended
    }
}

/// A button of the console, and its JSON twin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PaymentAction {
    Deposit,
    Reverse,
    Expire,
    Cancel,
}

impl PaymentAction {
    pub(crate) fn read(name: &str) -> Option<Self> {
        match name {
            "deposit" => Some(Self::Deposit),
            "reverse" => Some(Self::Reverse),
            "expire" => Some(Self::Expire),
            "cancel" => Some(Self::Cancel),
            _ => None,
        }
    }
}
