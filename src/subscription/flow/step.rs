//! What an event makes of a state.

mod ask;
mod history;

use toss_checkout_contract::{CustomerSubscription, CustomerSubscriptions, codes};

use self::{
    ask::{ask, done, leave},
    history::{invoices, more, read_history},
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

/// While a charge or a refund is under way its outcome is waited for.
fn look_again(shown: &Shown) -> Vec<Effect> {
    let is_under_way = |subscription: &CustomerSubscription| {
        subscription.refunding || subscription.owed.as_ref().is_some_and(|it| it.under_way)
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
