//! What the customer asks for, and what the backend answers.

use toss_checkout_contract::{
    CancelAt, CancelRequest, ConsentAnswer, CustomerSubscription, Locale, ReplaceMethodAt,
    SeenRevision, SubscriptionStatus, codes,
};

use super::{
    Ask, Busy, Effect, Event, Fault, Notice, Place, Shown, fault, history::read_history,
    look_again, tell,
};
use crate::flow::RequestError;

/// What the customer pressed, in the state in which they saw the subscription.
pub(super) fn ask(shown: &mut Shown, event: &Event) -> Vec<Effect> {
    let Some(current) = shown.current() else {
        return Vec::new();
    };
    let revision = current.revision;
    let seen = SeenRevision { revision };
    let post = |ask| Effect::Post(current.id.clone(), ask);
    let asked = match event {
        Event::Cancel(at) => cancel(current, *at).map(|(busy, ask)| (busy, post(ask))),
        Event::Uncancel => Some((Busy::Uncanceling, post(Ask::Uncancel(seen)))),
        Event::Pay => Some((Busy::Paying, post(Ask::Charge(seen)))),
        Event::Agree(locale) => current.consent.as_ref().map(|asked| {
            let consent = match locale {
                Locale::Ko => asked.ko.clone(),
                Locale::En => asked.en.clone(),
            };
            let answer = ConsentAnswer { revision, consent };
            (Busy::Agreeing, post(Ask::Agree(answer)))
        }),
        _ => Some((
            Busy::ChangingMethod,
            Effect::ChangeMethod(current.id.clone()),
        )),
    };
    let Some((busy, effect)) = asked else {
        return Vec::new();
    };
    shown.busy = Some(busy);
    vec![effect]
}

fn cancel(current: &CustomerSubscription, at: CancelAt) -> Option<(Busy, Ask)> {
    let choices = current.cancel.as_ref()?;
    let refund = match at {
        CancelAt::Now => choices.now?.refund,
        CancelAt::PeriodEnd => None,
    };
    let request = CancelRequest {
        revision: current.revision,
        at,
        refund,
    };
    Some((Busy::Canceling(at, refund), Ask::Cancel(request)))
}

pub(super) fn done(
    shown: &mut Shown,
    answer: Result<Box<CustomerSubscription>, RequestError>,
) -> Result<Vec<Effect>, Fault> {
    let busy = shown.busy.take();
    let fresh = match answer {
        Ok(fresh) => fresh,
        Err(error) => return refused(shown, &error),
    };
    let under_way = fresh.owed.as_ref().is_some_and(|owed| owed.under_way);
    shown.notice = match busy {
        // Its outcome is told when it is known.
        Some(Busy::Paying) if under_way => None,
        Some(Busy::Paying) if fresh.owed.is_some() => Some(Notice::Refused),
        Some(Busy::Paying) => Some(Notice::Paid),
        Some(Busy::Canceling(..)) if fresh.status != SubscriptionStatus::Canceled => {
            Some(Notice::Scheduled)
        }
        Some(Busy::Canceling(_, Some(_))) => Some(Notice::Refunded),
        Some(Busy::Canceling(_, None)) => Some(Notice::Canceled),
        Some(Busy::Uncanceling) => Some(Notice::Uncanceled),
        Some(Busy::Agreeing) => Some(Notice::Agreed),
        Some(Busy::ChangingMethod) | None => None,
    };
    let told = shown.notice.and_then(|notice| tell(notice, &fresh));
    shown.place = Place::Subscription(fresh.id.clone());
    let mut all = shown.subscriptions.iter_mut();
    if let Some(old) = all.find(|old| old.id == fresh.id) {
        *old = *fresh;
    }
    let focus = if shown.notice.is_some() {
        Effect::FocusNotice
    } else {
        Effect::FocusHeading
    };
    let mut effects = look_again(shown);
    effects.push(focus);
    effects.extend(told);
    effects.extend(read_history(shown));
    Ok(effects)
}

/// Nothing was done, or nobody knows: what is so now is read.
fn refused(shown: &mut Shown, error: &RequestError) -> Result<Vec<Effect>, Fault> {
    if let Some(fault) = fault(error) {
        return Err(fault);
    }
    let (notice, effects) = match error {
        RequestError::Api(error) if !error.retryable && error.code != codes::RATE_LIMITED => {
            (Notice::Changed, vec![Effect::Load])
        }
        RequestError::Api(_) | RequestError::Misconfigured(_) => (Notice::Failed, Vec::new()),
        RequestError::Offline
        | RequestError::Timeout
        | RequestError::Network
        | RequestError::Garbled { .. } => (Notice::Unanswered, vec![Effect::Load]),
    };
    shown.notice = Some(notice);
    // From the page where it is canceled, too: what is there may be old.
    if let Some(id) = shown.place.id() {
        shown.place = Place::Subscription(id.to_owned());
    }
    Ok([vec![Effect::FocusNotice], effects].concat())
}

pub(super) fn leave(
    shown: &mut Shown,
    answer: Result<ReplaceMethodAt, RequestError>,
) -> Result<Vec<Effect>, Fault> {
    match answer {
        // Busy until the page is left, so that nobody presses twice.
        Ok(to) => Ok(vec![Effect::Go(to.url)]),
        Err(error) => {
            shown.busy = None;
            refused(shown, &error)
        }
    }
}
