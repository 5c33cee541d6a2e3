//! Another price or interval.

use super::{ChangeRequest, Quote, Refusal, When, quote};
use crate::domain::{
    event::EventType,
    subscription::{
        consent::{Needed, needed},
        engine::{Step, World},
        invoice::{
            Invoice, InvoiceKind, InvoiceState, InvoiceStatus, Line, LineKind, Retry, Trigger,
        },
        names::change_invoice,
        rules::ConsentRule,
        state::{ChangeWhen, Pending},
    },
    time::Millis,
};

/// The consent that a change needs beforehand, or that the first charge after it will need: one that comes
/// with the request counts for that.
///
/// # Errors
/// Why the change is not possible; or that it is too early for a consent to that charge.
pub fn consent_for_change(
    world: &World<'_>,
    request: &ChangeRequest,
    now: Millis,
) -> Result<Option<Needed>, Refusal> {
    let quote = quote(world, request, now)?;
    if quote.consent_required || world.rules.consent == ConsentRule::Off {
        return Ok(quote.needed());
    }
    let after = change(world, request, "", false, now)?.subscription;
    let upcoming = after.state.upcoming(&after.id, world.rules);
    let Some(needed) = needed(&after.state, &upcoming) else {
        return Ok(None);
    };
    if now < needed.asked_from() {
        return Err(Refusal::Invalid(format!(
            "consent: the higher price is charged {}, and a consent counts from {} on; send it then, to …/consents",
            needed.effective_at.kst(),
            needed.asked_from().kst()
        )));
    }
    Ok(Some(needed))
}

/// Changes price or interval. The newest change for the next period wins. `consented`: a consent to it
/// comes with the request. `key`: names the request.
///
/// # Errors
/// Why it is not possible.
pub fn change(
    world: &World<'_>,
    request: &ChangeRequest,
    key: &str,
    consented: bool,
    now: Millis,
) -> Result<Step, Refusal> {
    let quote = quote(world, request, now)?;
    if quote.consent_required && !consented {
        return Err(Refusal::ConsentRequired);
    }
    let mut step = Step::of(world.subscription);
    let pending = |when| Pending {
        terms: quote.after,
        credit: quote.credit,
        when,
    };
    let state = &mut step.subscription.state;
    if request.when == When::NextPeriod {
        // Back to what holds anyway: nothing is pending any more.
        let changes = world.subscription.state.terms() != quote.after;
        state.pending = changes.then(|| pending(ChangeWhen::NextPeriod));
        let event = step.tell(EventType::SubscriptionChangeScheduled);
        event.data["change"] = serde_json::json!(quote);
        return Ok(step);
    }
    if quote.charge_now == 0 {
        let change = pending(ChangeWhen::NextPeriod);
        state.pending = None;
        state.change(&change, quote.new_period, None, now);
        step.tell(EventType::SubscriptionChanged);
        return Ok(step);
    }
    let invoice = invoice(world, &quote, key, now);
    let otherwise = state.pending.take().map(Box::new);
    state.pending = Some(pending(ChangeWhen::Paid {
        invoice: invoice.id.clone(),
        new_period: quote.new_period,
        otherwise,
    }));
    step.new_invoice = Some(invoice);
    Ok(step)
}

fn invoice(world: &World<'_>, quote: &Quote, key: &str, now: Millis) -> Invoice {
    let subscription = world.subscription;
    let period = quote.new_period.or(subscription.state.period);
    let period = period.unwrap_or_else(|| {
        subscription
            .state
            .schedule
            .period(subscription.state.next_no)
    });
    Invoice {
        id: change_invoice(&subscription.id, key),
        subscription_id: subscription.id.clone(),
        kind: InvoiceKind::Proration,
        period_no: period.no,
        request_key: Some(key.to_owned()),
        amount: quote.charge_now,
        status: InvoiceStatus::Open,
        state: InvoiceState {
            period,
            price: quote.after.price,
            lines: vec![Line {
                kind: LineKind::Proration,
                amount: i64::try_from(quote.charge_now).unwrap_or(i64::MAX),
            }],
            seen: 0,
            retry: Some(Retry {
                at: now,
                trigger: Trigger::Customer,
            }),
            held_since: None,
            class: None,
            code: None,
            reason: None,
            credit_used: 0,
        },
        created_at: now,
        paid_at: None,
    }
}
