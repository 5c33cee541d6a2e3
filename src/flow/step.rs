//! The transitions.

mod arrival;

use std::{mem, sync::Arc};

use toss_checkout_contract::{ApiError, FailureCode, FailureReport, Session, SessionStatus, codes};

use self::arrival::{form, not_read, outcome, refused, resume, session_read};
use super::{
    Checkout, Effect, Event, Keys, Notice, Redirect, Refusal, RequestError, Sdk, Stage, State,
    Wait, When,
};
use crate::config::Misconfiguration;

/// What the page begins with.
pub fn begin(redirect: Redirect) -> (State, Vec<Effect>) {
    let mut effects = Vec::new();
    (start(redirect, &mut effects), effects)
}

/// One step. What does not fit the state, such as the second half of a double click, changes nothing.
pub fn step(mut state: State, event: Event) -> (State, Vec<Effect>) {
    let mut effects = Vec::new();
    // Changed in place: a state is large, and every arm that hands one on would copy it.
    advance(&mut state, event, &mut effects);
    (state, effects)
}

fn advance(state: &mut State, event: Event, effects: &mut Vec<Effect>) {
    match (&mut *state, event) {
        (State::Loading(redirect), Event::SessionRead(result)) => {
            let redirect = mem::replace(redirect, Redirect::None);
            *state = match result {
                Ok(session) => session_read(redirect, Arc::new(session), effects),
                Err(error) => not_read(redirect, error, effects),
            };
        }
        (_, Event::SessionChanged(newer)) => session_changed(state, Arc::new(newer), effects),
        (State::Checkout(form), Event::SdkLoaded(result)) => {
            form.sdk = match result {
                Ok(()) => Sdk::Ready,
                Err(error) => Sdk::Failed(error),
            };
        }
        (State::Checkout(form), Event::MethodChosen(method))
            if !form.opening && form.session.methods.contains(&method) =>
        {
            form.method = method;
            effects.push(Effect::KeepMethod(method));
            form.notice = form.notice.filter(|it| *it == Notice::ConsentMissing);
        }
        // What is said above the button stays: it is about this method.
        (State::Checkout(form), Event::MethodRecalled(method))
            if !form.opening && form.session.methods.contains(&method) =>
        {
            form.method = method;
        }
        (State::Checkout(form), Event::Agreed(consent)) if !form.opening => {
            if consent.is_some() {
                form.notice = form.notice.filter(|it| *it != Notice::ConsentMissing);
            } else {
                effects.push(Effect::KeepConsent(None));
            }
            form.consent = consent;
        }
        (State::Checkout(form), Event::Submitted)
            if !form.opening && matches!(form.sdk, Sdk::Ready) =>
        {
            if let Some((session, keys)) = submit(form, effects) {
                *state = State::Delivering(session, keys);
            }
        }
        (State::Checkout(form), Event::WindowClosed(error)) if form.opening => {
            let code = error.failure_code();
            effects.push(Effect::Report(FailureReport {
                code: code.clone(),
                message: error.message.clone(),
                order_id: None,
            }));
            if error.is_cancel() {
                form.opening = false;
                form.notice = Some(Notice::Canceled);
                effects.push(Effect::FocusSubmit);
            } else {
                *state = match Misconfiguration::from_sdk(&error) {
                    Some(what) => State::Misconfigured(what),
                    None => State::Failed(form.session.clone(), code, Stage::Window),
                };
            }
        }
        (State::Delivering(session, keys), Event::Delivered(result)) => {
            let session = session.clone();
            *state = match result {
                Ok(session) => {
                    effects.push(Effect::ForgetReturn);
                    resume(Arc::new(session), effects)
                }
                Err(RequestError::Api(error)) => not_delivered(session, keys, error, effects),
                Err(error) => State::Undelivered(session, keys.clone(), error),
            };
        }
        (_, Event::TryAgain)
        | (State::Unreachable(..) | State::Undelivered(..) | State::Checkout(_), Event::Online) => {
            try_again(state, effects);
        }
        (State::LookingUp(_, wait), Event::WaitedLong) => *wait = Wait::Long,
        (_, Event::Restored) => restored(state, effects),
        _ => {}
    }
}

/// Opens Toss's window; or answers the keys that were held for want of a consent, which are sent.
fn submit(form: &mut Checkout, effects: &mut Vec<Effect>) -> Option<(Arc<Session>, Keys)> {
    let asked = form.asks_consent();
    if asked && form.consent.is_none() {
        form.notice = Some(Notice::ConsentMissing);
        effects.push(Effect::FocusConsent);
        return None;
    }
    if asked {
        effects.push(Effect::KeepConsent(form.consent.clone()));
    }
    form.notice = None;
    let session = form.session.clone();
    let Some(mut keys) = form.held.take() else {
        form.opening = true;
        effects.push(Effect::OpenWindow(session, form.method));
        return None;
    };
    if let Keys::Issue(issue) = &mut keys {
        issue.consent = form.consent.take();
    }
    effects.push(Effect::Deliver(keys.clone()));
    Some((session, keys))
}

/// What the Back button brought from the browser's cache may be old; what the buyer has brought stays.
fn restored(state: &mut State, effects: &mut Vec<Effect>) {
    match state {
        State::Unreachable(..) => try_again(state, effects),
        State::Checkout(Checkout { held: None, .. })
        | State::LookingUp(..)
        | State::Outcome(..)
        | State::Reversed(_)
        | State::Failed(..)
        | State::Refused(..) => *state = start(Redirect::None, effects),
        // Something is under way or held, or there may be no session to be read.
        State::Loading(_)
        | State::Checkout(_)
        | State::Delivering(..)
        | State::Undelivered(..)
        | State::NotFound
        | State::Misconfigured(_) => {}
    }
}

fn start(redirect: Redirect, effects: &mut Vec<Effect>) -> State {
    effects.push(Effect::ReadSession);
    State::Loading(redirect)
}

/// The backend took the keys and said no, or could not take them.
fn not_delivered(
    session: Arc<Session>,
    keys: &Keys,
    error: ApiError,
    effects: &mut Vec<Effect>,
) -> State {
    let code = error.code.as_str();
    let is_ours = code.starts_with("CHECKOUT_");
    if let Some(refusal) = Refusal::from_code(code) {
        return refused(session, refusal, effects);
    }
    // The keys stay good: the buyer is asked, and they are sent again. `compare` let them through, so
    // there is a plan to agree to.
    if let (codes::CONSENT_REQUIRED, Keys::Issue(_), Some(form)) = (
        code,
        keys,
        Checkout::new(session.clone(), Some(Notice::ConsentMissing)),
    ) {
        effects.push(Effect::RecallMethod);
        return State::Checkout(Checkout {
            sdk: Sdk::Ready,
            held: Some(keys.clone()),
            ..form
        });
    }
    let next = match code {
        codes::SESSION_NOT_FOUND => State::NotFound,
        // The session knows better than we do what became of it.
        codes::ALREADY_FINISHED | codes::SESSION_EXPIRED => start(Redirect::None, effects),
        _ if is_ours && error.retryable => {
            return State::Undelivered(session, keys.clone(), RequestError::Api(error));
        }
        // Ours without a cure, or Toss's own.
        code => State::Failed(session, FailureCode::from(code), Stage::Confirm),
    };
    effects.push(Effect::ForgetReturn);
    next
}

fn session_changed(state: &mut State, newer: Arc<Session>, effects: &mut Vec<Effect>) {
    match state {
        State::LookingUp(old, wait) if newer.revision > old.revision => {
            let wait = *wait;
            *state = resume(newer, effects);
            // It is still the same wait.
            if let State::LookingUp(_, next) = state {
                *next = wait;
            }
        }
        State::Outcome(old, _) | State::Reversed(old) if newer.revision > old.revision => {
            // Not every backend says so itself.
            let was_paid = old.status == SessionStatus::Paid || matches!(state, State::Reversed(_));
            *state = if was_paid && newer.status == SessionStatus::WaitingForDeposit {
                State::Reversed(newer)
            } else {
                outcome(newer, When::Now, effects)
            };
        }
        // Another tab has gone on with it, or it is too late.
        State::Checkout(Checkout { opening: false, .. })
        | State::Failed(..)
        | State::Refused(..)
            if !matches!(newer.status, SessionStatus::Open | SessionStatus::Failed) =>
        {
            *state = resume(newer, effects);
        }
        State::Undelivered(..) if newer.status.is_finished() => {
            effects.push(Effect::ForgetReturn);
            *state = outcome(newer, When::Now, effects);
        }
        // The backend answers again.
        State::Unreachable(..) | State::Undelivered(..) => try_again(state, effects),
        _ => {}
    }
}

fn try_again(state: &mut State, effects: &mut Vec<Effect>) {
    match state {
        State::Unreachable(redirect, _) => {
            *state = start(mem::replace(redirect, Redirect::None), effects);
        }
        State::Undelivered(session, keys, _) => {
            effects.push(Effect::Deliver(keys.clone()));
            *state = State::Delivering(session.clone(), keys.clone());
        }
        State::Checkout(form) if matches!(form.sdk, Sdk::Failed(_)) => {
            form.sdk = Sdk::Loading;
            effects.push(Effect::LoadSdk);
        }
        State::Failed(session, ..) | State::Refused(session, _) => {
            *state = form(session.clone(), None, effects);
        }
        _ => {}
    }
}
