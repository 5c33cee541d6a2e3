//! What a session that has been read leads to, and what the buyer brings back from Toss's window.

use std::sync::Arc;

use toss_checkout_contract::{
    ChargeStatus, FailureCode, FailureReport, Session, SessionStatus, codes,
};

use crate::{
    config::Misconfiguration,
    flow::{
        Checkout, Effect, Keys, Notice, Redirect, Refusal, RequestError, Stage, State, Wait, When,
    },
};

pub(super) fn not_read(
    redirect: Redirect,
    error: RequestError,
    effects: &mut Vec<Effect>,
) -> State {
    match error {
        RequestError::Misconfigured(what) => State::Misconfigured(what),
        RequestError::Api(error) if error.code == codes::SESSION_NOT_FOUND => {
            effects.push(Effect::ForgetReturn);
            State::NotFound
        }
        error => State::Unreachable(redirect, error),
    }
}

pub(super) fn session_read(
    redirect: Redirect,
    session: Arc<Session>,
    effects: &mut Vec<Effect>,
) -> State {
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
pub(super) fn resume(session: Arc<Session>, effects: &mut Vec<Effect>) -> State {
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

pub(super) fn outcome(session: Arc<Session>, when: When, effects: &mut Vec<Effect>) -> State {
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

pub(super) fn form(
    session: Arc<Session>,
    notice: Option<Notice>,
    effects: &mut Vec<Effect>,
) -> State {
    let Some(form) = Checkout::new(session, notice) else {
        return State::Misconfigured(Misconfiguration::NoMethod);
    };
    effects.extend([Effect::LoadSdk, Effect::RecallMethod]);
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
            } else if confirm.amount != amount.decimal() {
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

pub(super) fn refused(session: Arc<Session>, refusal: Refusal, effects: &mut Vec<Effect>) -> State {
    let report = Effect::Report(FailureReport {
        code: FailureCode::from(refusal.code()),
        message: refusal.field().unwrap_or_default().to_owned(),
        order_id: None,
    });
    effects.extend([Effect::ForgetReturn, report]);
    State::Refused(session, refusal)
}

fn failure_of(session: &Session) -> FailureCode {
    session
        .result
        .as_ref()
        .and_then(|result| result.failure.as_ref())
        .map_or(FailureCode::Unknown, |failure| failure.code.clone())
}
