//! What an event makes of a state.

use toss_checkout_contract::{
    CancelAt, CancelRequest, ConsentAnswer, CustomerInvoices, CustomerSubscription,
    CustomerSubscriptions, Locale, ReplaceMethodAt, SeenRevision, SubscriptionStatus, codes,
};

use super::{Ask, Busy, Effect, Event, Fault, History, Notice, Place, Shown, State};
use crate::flow::RequestError;

/// The next state and what is to be done.
pub fn step(state: State, event: Event) -> (State, Vec<Effect>) {
    match (state, event) {
        (state, Event::Loaded(answer)) => loaded(state, answer),
        (State::Failed(Fault::Unreachable | Fault::Offline), Event::TryAgain | Event::Refresh) => {
            (State::Loading, vec![Effect::Load, Effect::FocusHeading])
        }
        (State::Shown(mut shown), event) => {
            let effects = match happened(&mut shown, event) {
                Ok(effects) => effects,
                Err(fault) => return (State::Failed(fault), vec![Effect::FocusHeading]),
            };
            (State::Shown(shown), effects)
        }
        (state, _) => (state, Vec::new()),
    }
}

/// A fault that nothing on the page outlives.
fn fault(error: &RequestError) -> Option<Fault> {
    match error {
        RequestError::Api(error) if error.code == codes::LINK_EXPIRED => Some(Fault::LinkEnded),
        _ => None,
    }
}

fn loaded(
    state: State,
    answer: Result<CustomerSubscriptions, RequestError>,
) -> (State, Vec<Effect>) {
    match (state, answer) {
        (_, Err(error)) if fault(&error).is_some() => {
            (State::Failed(Fault::LinkEnded), vec![Effect::FocusHeading])
        }
        // What is there stays; the next look tells.
        (State::Shown(shown), Err(_)) => {
            let effects = look_again(&shown);
            (State::Shown(shown), effects)
        }
        (_, Err(RequestError::Offline)) => {
            (State::Failed(Fault::Offline), vec![Effect::FocusHeading])
        }
        (_, Err(RequestError::Misconfigured(what))) => (
            State::Failed(Fault::Misconfigured(what.fix())),
            vec![Effect::FocusHeading],
        ),
        (_, Err(_)) => (
            State::Failed(Fault::Unreachable),
            vec![Effect::FocusHeading],
        ),
        (State::Shown(mut shown), Ok(answer)) => {
            let before = shown.current().cloned();
            shown.subscriptions = newest(&shown.subscriptions, answer.subscriptions);
            let mut effects = look_again(&shown);
            let now = shown.current().cloned();
            if before != now {
                effects.extend(settled(&mut shown, before.as_ref(), now.as_ref()));
            }
            (State::Shown(shown), effects)
        }
        (_, Ok(answer)) => first(answer),
    }
}

/// What was read, but for what is known to be older: it was on its way when the customer changed something.
fn newest(
    known: &[CustomerSubscription],
    mut read: Vec<CustomerSubscription>,
) -> Vec<CustomerSubscription> {
    for read in &mut read {
        let newer = |it: &&CustomerSubscription| it.id == read.id && it.revision > read.revision;
        if let Some(newer) = known.iter().find(newer) {
            read.clone_from(newer);
        }
    }
    read
}

/// The subscriptions are there for the first time.
fn first(answer: CustomerSubscriptions) -> (State, Vec<Effect>) {
    let place = match &answer.subscriptions[..] {
        [only] => Place::Subscription(only.id.clone()),
        _ => Place::List,
    };
    let mut shown = Shown {
        subscriptions: answer.subscriptions,
        test_mode: answer.test_mode,
        return_url: answer.return_url,
        place,
        busy: None,
        notice: None,
        history: History::default(),
    };
    let mut effects = look_again(&shown);
    effects.extend(read_history(&mut shown));
    (State::Shown(Box::new(shown)), effects)
}

/// While a charge is under way its outcome is waited for.
fn look_again(shown: &Shown) -> Vec<Effect> {
    let is_under_way = |subscription: &CustomerSubscription| {
        subscription.owed.as_ref().is_some_and(|it| it.under_way)
    };
    let any = shown.subscriptions.iter().any(is_under_way);
    any.then_some(Effect::LoadSoon).into_iter().collect()
}

/// What a charge came to while it was waited for, and payments that are new.
fn settled(
    shown: &mut Shown,
    before: Option<&CustomerSubscription>,
    now: Option<&CustomerSubscription>,
) -> Vec<Effect> {
    let owed = before.and_then(|before| before.owed.as_ref());
    let was_under_way = owed.is_some_and(|owed| owed.under_way);
    let mut effects = Vec::new();
    if let Some(now) = now.filter(|_| was_under_way)
        && let Some(notice) = outcome(now)
    {
        shown.notice = Some(notice);
        effects.push(Effect::FocusNotice);
        effects.extend(tell(notice, now));
    }
    effects.extend(read_history(shown));
    effects
}

/// What a charge that was under way came to. Nothing is owed, either, once the shop has ended it.
fn outcome(now: &CustomerSubscription) -> Option<Notice> {
    match &now.owed {
        Some(owed) if owed.under_way => None,
        Some(_) => Some(Notice::Refused),
        None => now.ended_at.is_none().then_some(Notice::Paid),
    }
}

fn tell(notice: Notice, subscription: &CustomerSubscription) -> Option<Effect> {
    let event = notice.event()?;
    Some(Effect::Tell(
        event,
        subscription.id.clone(),
        subscription.status,
    ))
}

/// Begins to read the payments of the subscription that is shown.
fn read_history(shown: &mut Shown) -> Option<Effect> {
    let Place::Subscription(id) = &shown.place else {
        return None;
    };
    shown.history.loading = true;
    Some(Effect::LoadInvoices(id.clone(), None))
}

fn happened(shown: &mut Shown, event: Event) -> Result<Vec<Effect>, Fault> {
    Ok(match event {
        Event::Invoices(id, after, answer) => {
            invoices(shown, &id, after.is_some(), answer)?;
            Vec::new()
        }
        Event::Done(answer) => done(shown, answer)?,
        Event::Leave(answer) => leave(shown, answer)?,
        Event::Open(id) => go(shown, Place::Subscription(id)),
        Event::ShowAll => go(shown, Place::List),
        Event::AskCancel => match shown.current() {
            Some(current) if current.cancel.is_some() => {
                let id = current.id.clone();
                go(shown, Place::Cancel(id))
            }
            _ => Vec::new(),
        },
        Event::Keep => match shown.place.id() {
            Some(id) => {
                let id = id.to_owned();
                go(shown, Place::Subscription(id))
            }
            None => Vec::new(),
        },
        Event::MoreInvoices => more(shown),
        Event::Restored => {
            shown.busy = None;
            vec![Effect::Load]
        }
        Event::Refresh if shown.busy.is_none() => vec![Effect::Load],
        Event::Cancel(_) | Event::Uncancel | Event::Pay | Event::Agree(_) | Event::ChangeMethod
            if shown.busy.is_none() =>
        {
            ask(shown, &event)
        }
        _ => Vec::new(),
    })
}

fn go(shown: &mut Shown, place: Place) -> Vec<Effect> {
    let is_other = shown.place.id() != place.id();
    shown.place = place;
    shown.notice = None;
    let mut effects = vec![Effect::FocusHeading];
    if is_other {
        shown.history = History::default();
        effects.extend(read_history(shown));
    }
    effects
}

/// What the customer pressed, in the state in which they saw the subscription.
fn ask(shown: &mut Shown, event: &Event) -> Vec<Effect> {
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

fn done(
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

fn leave(
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

fn invoices(
    shown: &mut Shown,
    id: &str,
    more: bool,
    answer: Result<CustomerInvoices, RequestError>,
) -> Result<(), Fault> {
    if shown.place.id() != Some(id) {
        return Ok(());
    }
    let history = &mut shown.history;
    history.loading = false;
    match answer {
        Ok(answer) => {
            if !more {
                history.invoices.clear();
            }
            history.invoices.extend(answer.invoices);
            history.next = answer.next;
            history.failed = false;
        }
        Err(error) => {
            if let Some(fault) = fault(&error) {
                return Err(fault);
            }
            history.failed = true;
        }
    }
    Ok(())
}

fn more(shown: &mut Shown) -> Vec<Effect> {
    let Some(id) = shown.place.id().map(str::to_owned) else {
        return Vec::new();
    };
    if shown.history.loading {
        return Vec::new();
    }
    shown.history.loading = true;
    let after = shown.history.next.clone();
    vec![Effect::LoadInvoices(id, after)]
}
