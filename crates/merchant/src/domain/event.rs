//! Events: what a shop's fulfilment is told, written in the same transaction as the change.

use std::time::Duration;

use serde_json::{Value, json};

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
        /// A subscription was made.
        SubscriptionCreated = "subscription.created",
        /// Its first charge is paid.
        SubscriptionActivated = "subscription.activated",
        /// Its first charge was refused; it begins only when it is paid.
        SubscriptionFirstChargeFailed = "subscription.first_charge_failed",
        /// A period is paid.
        SubscriptionRenewed = "subscription.renewed",
        /// A period's charge was refused, or there is nothing to charge.
        SubscriptionPastDue = "subscription.past_due",
        /// What was past due is paid.
        SubscriptionRecovered = "subscription.recovered",
        /// It is past due for so long that the customer has no access any more.
        SubscriptionAccessEnded = "subscription.access_ended",
        /// It is past due for so long that it is not tried any more.
        SubscriptionUnpaid = "subscription.unpaid",
        /// It is over.
        SubscriptionCanceled = "subscription.canceled",
        /// It will be over then.
        SubscriptionCancelScheduled = "subscription.cancel_scheduled",
        /// It will not be over after all.
        SubscriptionCancelWithdrawn = "subscription.cancel_withdrawn",
        /// Nothing is charged until it is resumed.
        SubscriptionPaused = "subscription.paused",
        /// It will be paused when what is paid ends.
        SubscriptionPauseScheduled = "subscription.pause_scheduled",
        /// A pause that had not begun was taken back.
        SubscriptionPauseWithdrawn = "subscription.pause_withdrawn",
        /// It goes on.
        SubscriptionResumed = "subscription.resumed",
        /// Its price, interval, card or account is another one.
        SubscriptionChanged = "subscription.changed",
        /// A change will hold from the next period on.
        SubscriptionChangeScheduled = "subscription.change_scheduled",
        /// A change was not paid and does not happen.
        SubscriptionChangeFailed = "subscription.change_failed",
        /// The next charge needs a consent that is not there.
        SubscriptionAwaitingConsent = "subscription.awaiting_consent",
        /// The customer agreed.
        SubscriptionConsentGiven = "subscription.consent_given",
        /// A period went by uncharged while the program was down.
        SubscriptionPeriodMissed = "subscription.period_missed",
        /// The merchant's settings keep an invoice from being charged.
        InvoiceHeld = "invoice.held",
        /// The customer has to register another card or account, or to act at the issuer.
        PaymentMethodActionRequired = "payment_method.action_required",
        /// The customer is to be told something; the text is in it.
        NoticeDue = "notice.due",
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

/// What a receiver gets. The same event always has the same id and the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Names the event: a receiver that knows it already has nothing to do.
    pub id: EventId,
    /// JSON.
    pub body: String,
}

impl Message {
    /// The type of a message that tells of nothing, for trying an endpoint.
    pub const TEST: &str = "endpoint.test";

    /// A message that tells of nothing.
    pub fn test(id: EventId, at: Millis) -> Self {
        let body = json!({
            "id": id,
            "type": Self::TEST,
            "timestamp": at.kst(),
            "data": {},
        });
        Self {
            id,
            body: body.to_string(),
        }
    }
}

impl Event {
    /// As it is sent and listed.
    pub fn shown(&self) -> Value {
        json!({
            "id": self.id,
            "type": self.kind,
            "timestamp": self.at.kst(),
            "subject": self.subject,
            "revision": self.subject_revision,
            "data": self.data,
        })
    }

    /// As it is sent.
    pub fn message(&self) -> Message {
        Message {
            id: self.id.clone(),
            body: self.shown().to_string(),
        }
    }
}

/// How long the transaction that wrote an event may have been open.
const LONGEST_WRITE: Duration = Duration::from_mins(1);

/// Of events in the order of their numbers after `after`, those that a reader may go past. A database
/// hands out numbers before it commits, so a missing one may still appear; whoever had read on would
/// never see it. A gap counts as empty once what follows it is older than any open transaction.
pub fn settled(mut events: Vec<Event>, after: i64, now: Millis) -> Vec<Event> {
    let mut last = after;
    let end = events.iter().position(|event| {
        let gap = event.seq != last + 1;
        last = event.seq;
        gap && now.since(event.at) < LONGEST_WRITE
    });
    events.truncate(end.unwrap_or(events.len()));
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(seq: i64, at: i64) -> Event {
        Event {
            seq,
            id: EventId::new(format!("evt_{seq}")),
            kind: EventType::PaymentPaid,
            subject: "pay_1".to_owned(),
            subject_revision: 3,
            at: Millis(at),
            data: json!({"orderId": "order-1"}),
        }
    }

    fn seqs(events: &[Event]) -> Vec<i64> {
        events.iter().map(|event| event.seq).collect()
    }

    #[test]
    fn a_message_says_what_happened_to_what_and_when() {
        let message = event(7, 1_795_219_200_000).message();
        assert_eq!(message.id.as_str(), "evt_7");
        let body: Value = serde_json::from_str(&message.body).unwrap();
        assert_eq!(
            body,
            json!({
                "id": "evt_7",
                "type": "payment.paid",
                "timestamp": "2026-11-21T09:00:00+09:00",
                "subject": "pay_1",
                "revision": 3,
                "data": {"orderId": "order-1"},
            })
        );
        assert_eq!(event(7, 1_795_219_200_000).message(), message);
    }

    #[test]
    fn nobody_reads_past_a_number_that_may_still_appear() {
        let now = Millis(100_000);
        let fresh = |seq| event(seq, 99_000);
        let old = |seq| event(seq, 30_000);
        assert_eq!(seqs(&settled(vec![fresh(4), fresh(5)], 3, now)), [4, 5]);
        assert_eq!(seqs(&settled(vec![fresh(4), fresh(6)], 3, now)), [4]);
        assert_eq!(seqs(&settled(vec![fresh(5)], 3, now)), Vec::<i64>::new());
        assert_eq!(seqs(&settled(vec![old(5), fresh(6)], 3, now)), [5, 6]);
        assert_eq!(seqs(&settled(vec![old(9), fresh(11)], 3, now)), [9]);
        assert_eq!(seqs(&settled(Vec::new(), 3, now)), Vec::<i64>::new());
    }
}
