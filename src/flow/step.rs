//! The transitions.

use std::{mem, sync::Arc};

use toss_checkout_contract::{
    ApiError, ChargeStatus, FailureCode, FailureReport, Session, SessionStatus, codes,
};

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
            form.notice = form.notice.filter(|it| *it == Notice::ConsentMissing);
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
            let asked = form.asks_consent();
            if asked && form.consent.is_none() {
                form.notice = Some(Notice::ConsentMissing);
                effects.push(Effect::FocusConsent);
                return;
            }
            if asked {
                effects.push(Effect::KeepConsent(form.consent.clone()));
            }
            form.notice = None;
            let session = form.session.clone();
            match form.held.take() {
                None => {
                    form.opening = true;
                    effects.push(Effect::OpenWindow(session, form.method));
                }
                Some(mut keys) => {
                    if let Keys::Issue(issue) = &mut keys {
                        issue.consent = form.consent.take();
                    }
                    effects.push(Effect::Deliver(keys.clone()));
                    *state = State::Delivering(session, keys);
                }
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
        (
            State::Undelivered(..) | State::Delivering(..) | State::Misconfigured(_),
            Event::Restored,
        ) => {}
        (State::Checkout(form), Event::Restored) if form.held.is_some() => {}
        (_, Event::Restored) => *state = start(Redirect::None, effects),
        _ => {}
    }
}

fn start(redirect: Redirect, effects: &mut Vec<Effect>) -> State {
    effects.push(Effect::ReadSession);
    State::Loading(redirect)
}

fn not_read(redirect: Redirect, error: RequestError, effects: &mut Vec<Effect>) -> State {
    match error {
        RequestError::Misconfigured(what) => State::Misconfigured(what),
        RequestError::Api(error) if error.code == codes::SESSION_NOT_FOUND => {
            effects.push(Effect::ForgetReturn);
            State::NotFound
        }
        error => State::Unreachable(redirect, error),
    }
}

fn session_read(redirect: Redirect, session: Arc<Session>, effects: &mut Vec<Effect>) -> State {
    // An expired session still takes keys: the buyer may have been in Toss's window when it expired,
    // and the backend decides.
    if session.status.is_finished() {
        effects.push(Effect::ForgetReturn);
        let when = match redirect {
            Redirect::Keys(_) => When::Now,
            Redirect::None | Redirect::Invalid(_) | Redirect::Failed(_) => When::Before,
        };
        return outcome(session, when, effects);
    }
    let can_start = matches!(session.status, SessionStatus::Open | SessionStatus::Failed);
    match redirect {
        Redirect::Keys(keys) => match compare(&keys, &session) {
            None => {
                effects.push(Effect::Deliver(keys.clone()));
                State::Delivering(session, keys)
            }
            Some(refusal) => refused(session, refusal, effects),
        },
        Redirect::Invalid(error) if can_start => refused(session, Refusal::Address(error), effects),
        Redirect::Failed(back) if can_start => {
            let code = back.code.clone();
            let next = if code.is_cancel() {
                form(session, Some(Notice::Canceled), effects)
            } else {
                State::Failed(session, code, Stage::Window)
            };
            let report = Effect::Report(FailureReport {
                code: back.code,
                message: back.message,
                order_id: back.order_id,
            });
            effects.extend([report, Effect::ForgetReturn]);
            next
        }
        Redirect::None => resume(session, effects),
        // Something else is under way meanwhile.
        Redirect::Invalid(_) | Redirect::Failed(_) => {
            effects.push(Effect::ForgetReturn);
            resume(session, effects)
        }
    }
}

/// Shows a session that is not settled and that the buyer brought nothing new for.
fn resume(session: Arc<Session>, effects: &mut Vec<Effect>) -> State {
    match session.status {
        SessionStatus::Open => form(session, None, effects),
        SessionStatus::Failed => {
            let code = failure_of(&session);
            State::Failed(session, code, Stage::Confirm)
        }
        SessionStatus::Authenticated
        | SessionStatus::Confirming
        | SessionStatus::Issuing
        | SessionStatus::Unknown => {
            effects.extend([Effect::Watch, Effect::WaitLong]);
            State::LookingUp(session, Wait::Short)
        }
        SessionStatus::WaitingForDeposit
        | SessionStatus::Paid
        | SessionStatus::PartiallyCanceled
        | SessionStatus::Canceled
        | SessionStatus::Registered
        | SessionStatus::Active
        | SessionStatus::Expired => outcome(session, When::Now, effects),
    }
}

fn outcome(session: Arc<Session>, when: When, effects: &mut Vec<Effect>) -> State {
    let result = session.result.as_ref();
    let reversed = result.is_some_and(|result| result.reversed_at.is_some());
    let charge = result.and_then(|result| result.charge.as_ref());
    let charging =
        charge.is_some_and(|c| matches!(c.status, ChargeStatus::Pending | ChargeStatus::Unknown));
    // A deposit can also be taken back by the bank.
    let may_change = matches!(
        session.status,
        SessionStatus::WaitingForDeposit | SessionStatus::Paid
    );
    if charging || may_change {
        effects.push(Effect::Watch);
    }
    if reversed && session.status == SessionStatus::WaitingForDeposit {
        State::Reversed(session)
    } else {
        State::Outcome(session, when)
    }
}

fn form(session: Arc<Session>, notice: Option<Notice>, effects: &mut Vec<Effect>) -> State {
    let Some(form) = Checkout::new(session, notice) else {
        return State::Misconfigured(Misconfiguration::NoMethod);
    };
    effects.push(Effect::LoadSdk);
    if form.asks_consent() {
        effects.push(Effect::RecallConsent(form.session.clone()));
    }
    State::Checkout(form)
}

/// Says which part of the address is not the order's. The backend compares again.
fn compare(keys: &Keys, session: &Session) -> Option<Refusal> {
    match keys {
        Keys::Confirm(confirm) => {
            let (Some(order_id), Some(amount)) = (&session.order_id, session.amount) else {
                return Some(Refusal::Kind);
            };
            if confirm.order_id != *order_id {
                Some(Refusal::Order)
            } else if confirm.amount != amount.value() {
                Some(Refusal::Amount)
            } else {
                None
            }
        }
        Keys::Issue(_) if session.plan.is_none() => Some(Refusal::Kind),
        Keys::Issue(issue) if issue.customer_key == session.customer_key => None,
        Keys::Issue(_) => Some(Refusal::Customer),
    }
}

fn refused(session: Arc<Session>, refusal: Refusal, effects: &mut Vec<Effect>) -> State {
    let report = Effect::Report(FailureReport {
        code: FailureCode::from(refusal.code()),
        message: refusal.field().unwrap_or_default().to_owned(),
        order_id: None,
    });
    effects.extend([Effect::ForgetReturn, report]);
    State::Refused(session, refusal)
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
        // Finished in another tab, or too late.
        State::Checkout(form)
            if !form.opening
                && (newer.status.is_finished() || newer.status == SessionStatus::Expired) =>
        {
            *state = outcome(newer, When::Now, effects);
        }
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

fn failure_of(session: &Session) -> FailureCode {
    session
        .result
        .as_ref()
        .and_then(|result| result.failure.as_ref())
        .map_or(FailureCode::Unknown, |failure| failure.code.clone())
}
