//! Events: what a shop's fulfilment is told, written in the same transaction as the change.

use serde_json::Value;

use super::{ids::EventId, time::Millis, words::words};

words! {
    /// What happened.
    pub enum EventType as "type of event" {
        /// The money of a payment is there.
        PaymentPaid = "payment.paid",
        /// A virtual account was issued.
        PaymentWaitingForDeposit = "payment.waiting_for_deposit",
        /// The bank took a deposit back.
        PaymentDepositReversed = "payment.deposit_reversed",
        /// Part of the money went back.
        PaymentPartiallyCanceled = "payment.partially_canceled",
        /// All of it went back.
        PaymentCanceled = "payment.canceled",
        /// Toss refused.
        PaymentFailed = "payment.failed",
        /// The time for it is over.
        PaymentExpired = "payment.expired",
        /// Money is there that should not be.
        PaymentSurplus = "payment.surplus",
        /// A card or account was registered.
        PaymentMethodRegistered = "payment_method.registered",
        /// A card or account was deleted, here or at Toss.
        PaymentMethodDeleted = "payment_method.deleted",
        /// A charge of a registered card or account was refused.
        ChargeFailed = "charge.failed",
        /// Somebody has to look.
        AttentionNeeded = "attention.needed",
    }
}

/// An event to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// What happened.
    pub kind: EventType,
    /// What it happened to: the name of a row, such as a `PaymentId`.
    pub subject: String,
    /// The subject's revision after the change, so that receivers can order events.
    pub subject_revision: u64,
    /// What the receiver gets as `data`. It holds no key and no secret.
    pub data: Value,
}

/// An event as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its place in the order in which events were written.
    pub seq: i64,
    /// Its name; the same at every delivery.
    pub id: EventId,
    /// What happened.
    pub kind: EventType,
    /// What it happened to.
    pub subject: String,
    /// The subject's revision after the change.
    pub subject_revision: u64,
    /// When.
    pub at: Millis,
    /// The details.
    pub data: Value,
}
