//! The one transition of a subscription by time: what is due next, and what it comes to. Whoever holds the
//! row calls [`next`] until nothing is due; every step is committed with the revision that it was computed
//! from, so two workers, a customer and a webhook cannot take two steps at once.

mod outcome;
pub(super) mod renew;
pub mod steps;

use std::time::Duration;

use toss_checkout_contract::OrderId;

use super::{
    Subscription, SubscriptionStatus,
    consent::{ConsentRecord, is_given, needed},
    event::{about, with_invoice},
    invoice::{Charge, Invoice, InvoiceKind, InvoiceStatus, Trigger},
    names,
    notice::{self, Notice},
    rules::{ConsentRule, SubscriptionRules},
    state::{EndReason, NoticeKind, RefundDue, Told, Upcoming},
};
use crate::domain::{
    event::{EventType, NewEvent},
    ids::InvoiceId,
    time::{Millis, millis},
};

/// While charges are stopped, what was held waits so much longer for each time that it was tried,
const TRIED: Duration = Duration::from_mins(1);
/// but not beyond the next try.
const MOST_TRIED: u32 = 10;

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

/// Something that comes due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    Cancel,
    NeverPaid,
    GiveUp,
    Unpaid,
    AccessEnds,
    Pause,
    Resume,
    NoConsent,
    AskForMethod,
    NothingToCharge,
    Charge(Trigger),
    Period,
    Notice(NoticeKind),
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
pub fn has_news(world: &World<'_>, now: Millis) -> bool {
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

/// Everything that comes due, the more urgent first where moments are the same.
fn dues(world: &World<'_>, now: Millis) -> Vec<(Millis, Due)> {
    use SubscriptionStatus as S;
    let subscription = world.subscription;
    let (state, rules) = (&subscription.state, world.rules);
    let status = subscription.status;
    let mut dues = Vec::new();
    if status == S::Canceled {
        return dues;
    }
    if let Some(cancel) = state.cancel {
        dues.push((cancel.at, Due::Cancel));
    }
    if status == S::Incomplete {
        dues.push((
            subscription.created_at.plus(rules.incomplete),
            Due::NeverPaid,
        ));
    }
    let held = world
        .invoice
        .is_some_and(|invoice| invoice.status == InvoiceStatus::Held);
    // While the merchant's settings are at fault, the customer's time stands still.
    if let Some(since) = state
        .past_due_since
        .filter(|_| subscription.is_overdue() && !held)
    {
        dues.push((rules.overdue.cancel_at(since), Due::GiveUp));
        if status == S::PastDue {
            dues.push((rules.overdue.unpaid_at(since), Due::Unpaid));
            if !state.access_ended {
                dues.push((rules.overdue.access_ends(since), Due::AccessEnds));
            }
        }
    }
    match (status, state.pause) {
        (S::Paused, Some(pause)) => dues.extend(pause.resume_at.map(|at| (at, Due::Resume))),
        (S::Active | S::Trialing, Some(pause)) if world.invoice.is_none() => {
            dues.push((pause.at, Due::Pause));
        }
        _ => {}
    }
    if let Some(since) = state
        .awaiting_since
        .filter(|_| status == S::AwaitingConsent)
    {
        dues.push((since.plus(rules.consent_wait), Due::NoConsent));
    }
    if !world.chargeable && !state.asked_for_method && status != S::Paused {
        dues.push((now, Due::AskForMethod));
    }
    // What cannot be charged is owed, whoever was at fault before; a change of it does not happen.
    let waits = held
        || matches!(status, S::Active | S::Trialing)
        || world
            .invoice
            .is_some_and(|invoice| invoice.kind == InvoiceKind::Proration);
    if !world.chargeable && world.invoice.is_some() && waits && status != S::Incomplete {
        dues.push((now, Due::NothingToCharge));
    }
    let stopped = world.stopped_until.unwrap_or(Millis(0));
    if let Some(retry) = world.invoice.and_then(|invoice| invoice.state.retry)
        && world.chargeable
    {
        // What was held is tried as soon as the settings are right again. One charge finds that out: of what
        // was tried seldom, if there is any, since the others may be refused for a reason of their own.
        let last = world.charges.last().and_then(|charge| charge.settled_at);
        let resumed = world.resumed_at.filter(|at| last < Some(*at));
        let tried = u32::try_from(world.charges.len()).unwrap_or(u32::MAX);
        let behind = TRIED * tried.min(MOST_TRIED);
        let probe = world.stopped_until.map(|until| until.plus(behind));
        let sooner = probe.or(resumed).filter(|_| held);
        let at = sooner.map_or(retry.at, |sooner| sooner.min(retry.at));
        let first = match retry.trigger {
            // The operator says that the settings are right: this one finds out.
            Trigger::Operator => retry.at,
            _ => probe.filter(|_| held).unwrap_or(stopped),
        };
        dues.push((at.max(first), Due::Charge(retry.trigger)));
    }
    if world.invoice.is_none() {
        periods(world, stopped, now, &mut dues);
    }
    dues
}

/// The next period, and what has to be told before.
fn periods(world: &World<'_>, stopped: Millis, now: Millis, dues: &mut Vec<(Millis, Due)>) {
    use SubscriptionStatus as S;
    let subscription = world.subscription;
    let state = &subscription.state;
    let upcoming = state.upcoming(&subscription.id, world.rules);
    let ends_before = state.cancel.is_some_and(|cancel| cancel.at <= upcoming.at);
    let pauses_before = state.pause.is_some_and(|pause| pause.at <= upcoming.at);
    if ends_before || pauses_before {
        return;
    }
    match subscription.status {
        S::Trialing | S::Active => {}
        S::Incomplete if state.period.is_none() => {}
        S::AwaitingConsent => {
            // It goes on as soon as the customer agrees.
            let current = renew::current(world, now);
            if renew::gate(world, &current, now).is_none() {
                dues.push((current.at.max(stopped), Due::Period));
            }
            return;
        }
        _ => return,
    }
    dues.push((upcoming.at.max(stopped), Due::Period));
    // Nobody is told of a charge that will not be made.
    if !renew::is_missed(world, &upcoming, now) {
        dues.extend(
            notices(world, &upcoming, now)
                .into_iter()
                .map(|(at, kind)| (at, Due::Notice(kind))),
        );
    }
}

/// The notices about a charge that were not given.
fn notices(world: &World<'_>, upcoming: &Upcoming, now: Millis) -> Vec<(Millis, NoticeKind)> {
    let state = &world.subscription.state;
    let Some(needed) = needed(state, upcoming) else {
        return Vec::new();
    };
    let mut notices = vec![(
        Millis(upcoming.at.0 - millis(notice::BEFORE)),
        notice::before(needed.kind),
    )];
    // The cards' rules want the notice also where nobody's consent is waited for.
    let asks = world.rules.consent == ConsentRule::Required;
    if asks && !is_given(world.consents, &needed, upcoming.at.max(now)) {
        notices.push((needed.asked_from(), NoticeKind::ConsentRequest));
    }
    notices.retain(|(_, kind)| {
        let told = Told {
            kind: *kind,
            period_no: upcoming.period.no,
            price: upcoming.price,
        };
        !state.told.contains(&told)
    });
    notices
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
