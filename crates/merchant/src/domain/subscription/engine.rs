//! The one transition of a subscription by time: what is due next, and what it comes to. Whoever holds the
//! row calls [`next`] until nothing is due; every step is committed with the revision that it was computed
//! from, so two workers, a customer and a webhook cannot take two steps at once.

mod due;
mod outcome;
pub(super) mod renew;
pub mod steps;

use toss_checkout_contract::OrderId;

use self::due::{Due, dues};
use super::{
    Subscription,
    consent::ConsentRecord,
    event::{about, with_invoice},
    invoice::{Charge, Invoice, Trigger},
    names,
    notice::Notice,
    rules::SubscriptionRules,
    state::{EndReason, RefundDue},
};
use crate::domain::{
    event::{EventType, NewEvent},
    ids::InvoiceId,
    time::Millis,
};

/// A subscription with everything that its next step depends on.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The subscription.
    pub subscription: &'a Subscription,
    /// The invoice that is owed; there is at most one.
    pub invoice: Option<&'a Invoice>,
    /// Its charges, oldest first.
    pub charges: &'a [Charge],
    /// Whether the card or account can be charged.
    pub chargeable: bool,
    /// The least that Toss takes of it, in won.
    pub minimum: u64,
    /// The consents to its prices.
    pub consents: &'a [ConsentRecord],
    /// While the shop's charges are stopped: until when at least.
    pub stopped_until: Option<Millis>,
    /// When they last went on.
    pub resumed_at: Option<Millis>,
    /// What the merchant has set.
    pub rules: &'a SubscriptionRules,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// Nothing, until something else happens.
    Nothing,
    /// Nothing before then.
    At(Millis),
    /// This, now.
    Do(Box<Step>),
    /// Money goes back, now.
    Refund(RefundDue),
}

/// A charge that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCharge {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Its number within the invoice.
    pub no: u32,
    /// Why it is made.
    pub trigger: Trigger,
    /// How much, in won.
    pub amount: u64,
    /// Its order number.
    pub order_id: OrderId,
}

/// A step: everything of it is written in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The subscription after it.
    pub subscription: Subscription,
    /// The owed invoice after it, if it changes.
    pub invoice: Option<Invoice>,
    /// A new invoice.
    pub new_invoice: Option<Invoice>,
    /// A charge that is sent once the step is committed.
    pub charge: Option<NewCharge>,
    /// A notice that came due.
    pub notice: Option<Notice>,
    /// What shops are told.
    pub events: Vec<NewEvent>,
}

impl Step {
    /// Changes nothing yet but the revision.
    pub(super) fn of(subscription: &Subscription) -> Self {
        let mut subscription = subscription.clone();
        subscription.revision += 1;
        Self {
            subscription,
            invoice: None,
            new_invoice: None,
            charge: None,
            notice: None,
            events: Vec::new(),
        }
    }

    /// Tells of the subscription as the step leaves it.
    pub(super) fn tell(&mut self, kind: EventType) -> &mut NewEvent {
        let mut event = about(kind, &self.subscription);
        if let Some(invoice) = self.new_invoice.as_ref().or(self.invoice.as_ref()) {
            event = with_invoice(event, invoice);
        }
        self.events.push(event);
        let last = self.events.len() - 1;
        &mut self.events[last]
    }

    /// The owed invoice as the step leaves it.
    pub fn owed<'a>(&'a self, before: Option<&'a Invoice>) -> Option<&'a Invoice> {
        self.new_invoice
            .as_ref()
            .or(self.invoice.as_ref())
            .or(before)
            .filter(|invoice| invoice.is_open())
    }
}

/// What is to be done with a subscription at a moment.
pub fn next(world: &World<'_>, now: Millis) -> Next {
    // The outcome of a charge comes before everything else, also before a cancel: nobody is canceled
    // and charged, or charged twice.
    if world.charges.iter().any(|charge| charge.status.is_open()) {
        return Next::Nothing;
    }
    if let Some(step) = outcome::read(world, now) {
        return Next::Do(Box::new(step));
    }
    if let Some(refund) = world.subscription.state.refunds.first() {
        return Next::Refund(refund.clone());
    }
    let dues = dues(world, now);
    match dues.into_iter().min_by_key(|(at, _)| *at) {
        None => Next::Nothing,
        Some((at, _)) if at > now => Next::At(at),
        Some((_, due)) => Next::Do(Box::new(perform(world, due, now))),
    }
}

/// Whether a charge has an outcome that nobody has acted on. A command waits for that: what it decides
/// would be overruled.
pub fn has_unhandled_outcome(world: &World<'_>, now: Millis) -> bool {
    outcome::read(world, now).is_some()
}

fn perform(world: &World<'_>, due: Due, now: Millis) -> Step {
    match due {
        Due::Cancel => steps::cancel(world, EndReason::Requested, now),
        Due::NeverPaid => steps::cancel(world, EndReason::NeverPaid, now),
        Due::GiveUp => steps::cancel(world, EndReason::Unpaid, now),
        Due::NoConsent => steps::cancel(world, EndReason::NoConsent, now),
        Due::Unpaid => steps::unpaid(world),
        Due::AccessEnds => steps::access_ends(world),
        Due::Pause => steps::pause(world),
        Due::Resume => steps::resume(world, false, now),
        Due::NothingToCharge => outcome::nothing_to_charge(world, now),
        Due::AskForMethod => steps::ask_for_method(world),
        Due::Charge(trigger) => steps::charge_again(world, trigger),
        Due::Period => renew::begin(world, now),
        Due::Notice(kind) => steps::tell(world, kind, now),
    }
}

/// When an order number cannot be made, which its parts rule out, nothing is charged.
fn charge(invoice: &Invoice, no: u32, trigger: Trigger) -> Option<NewCharge> {
    Some(NewCharge {
        invoice_id: invoice.id.clone(),
        no,
        trigger,
        amount: invoice.amount,
        order_id: names::order(invoice, no).ok()?,
    })
}

#[cfg(test)]
pub(super) mod tests;
