//! Deliveries that are remembered, and who may work on them.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::delivery::{Delivery, DeliveryStatus, StoredDelivery};

/// How many deliveries are remembered.
const MAX: usize = 1_000;

/// Deliveries, oldest first.
#[derive(Debug, Default)]
pub(super) struct Log {
    generation: u64,
    next: u64,
    kept: VecDeque<StoredDelivery>,
    /// Held back until another webhook has overtaken them.
    pub(super) held: Vec<Ticket>,
}

/// What a restart must not forget.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Saved {
    next: u64,
    kept: Vec<StoredDelivery>,
}

/// Lets a task work on a delivery until a reset (`generation`) or a resend (`round`) takes it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket {
    generation: u64,
    id: u64,
    round: u32,
}

impl Log {
    pub(super) fn shown(&self) -> Vec<Delivery> {
        self.kept.iter().map(|kept| kept.shown.clone()).collect()
    }

    /// Remembers one, under a number of its own.
    pub(super) fn add(&mut self, mut kept: StoredDelivery) -> Ticket {
        if self.kept.len() == MAX {
            self.kept.pop_front();
        }
        self.next += 1;
        kept.shown.id = self.next;
        self.kept.push_back(kept);
        Ticket {
            generation: self.generation,
            id: self.next,
            round: 0,
        }
    }

    pub(super) fn find(&mut self, ticket: Ticket) -> Option<&mut StoredDelivery> {
        if self.generation != ticket.generation {
            return None;
        }
        self.kept
            .iter_mut()
            .find(|kept| kept.shown.id == ticket.id && kept.round == ticket.round)
    }

    /// No longer held back. False when it was not.
    pub(super) fn release(&mut self, ticket: Ticket) -> bool {
        let before = self.held.len();
        self.held.retain(|held| *held != ticket);
        self.held.len() < before
    }

    pub(super) fn make_due(&mut self, ticket: Ticket, now: OffsetDateTime) {
        if let Some(kept) = self.find(ticket) {
            kept.due = now;
        }
    }

    /// Opens a new round for a delivery.
    pub(super) fn begin_again(&mut self, id: u64, now: OffsetDateTime) -> Option<Ticket> {
        let kept = self.kept.iter_mut().find(|kept| kept.shown.id == id)?;
        kept.shown.standing = DeliveryStatus::Pending;
        kept.round += 1;
        kept.tries = 0;
        kept.due = now;
        Some(Ticket {
            generation: self.generation,
            id,
            round: kept.round,
        })
    }

    pub(super) fn clear(&mut self) {
        self.generation += 1;
        self.kept.clear();
        self.held.clear();
    }

    pub(super) fn save(&self) -> Saved {
        Saved {
            next: self.next,
            kept: self.kept.iter().cloned().collect(),
        }
    }

    /// Takes over what was saved; returns what is still on its way.
    pub(super) fn restore(&mut self, saved: Saved) -> Vec<Ticket> {
        self.next = saved.next;
        self.kept = saved.kept.into();
        self.kept
            .iter()
            .filter(|kept| kept.shown.standing == DeliveryStatus::Pending)
            .map(|kept| Ticket {
                generation: self.generation,
                id: kept.shown.id,
                round: kept.round,
            })
            .collect()
    }
}
