//! It did not work: a sentence, one action, the code in small print.

use std::borrow::Cow;

use toss_checkout_contract::{FailureCode, Session, SessionKind};

use super::{Action, Code, Mark, Part, Screen, Surroundings};
use crate::{
    config::Misconfiguration,
    flow::{Refusal, Stage},
    i18n::{self, Reason, Severity, reason},
};

/// Toss said no: in its window, or to the backend.
pub(super) fn failed(
    session: &Session,
    code: &FailureCode,
    stage: Stage,
    around: Surroundings<'_>,
) -> Screen {
    let text = around.messages;
    let why = reason(code);
    let mark = match why.severity() {
        Severity::Hint => Mark::Held,
        Severity::Trouble => Mark::Failed,
    };
    let nothing_charged = match stage {
        // The order may have been paid before.
        _ if why == Reason::AlreadyDone => None,
        Stage::Window => Some(text.stopped_in_window),
        Stage::Confirm => Some(text.not_approved),
    };
    // Nobody is told to choose where there is no choice.
    let may_choose = session.methods.len() > 1;
    let advice = why.advice(text).filter(|_| may_choose);
    let sentence = match advice {
        Some(advice) => [why.sentence(text), " ", advice].concat().into(),
        None => Cow::Borrowed(why.sentence(text)),
    };
    let shop = match why.action() {
        i18n::Action::Shop => around.shop(session, true),
        _ => None,
    };
    let again = match why.action() {
        i18n::Action::OtherMethod | i18n::Action::OtherCard | i18n::Action::CardCompany
            if may_choose =>
        {
            text.other_method
        }
        _ => text.try_again,
    };
    Screen::new(mark, heading(session, around))
        .lead(sentence)
        .with(nothing_charged.map(|it| Part::Lead(it.into())))
        .with([Part::Code(Code {
            code: code.as_str().to_owned(),
            field: None,
        })])
        .offer([shop.unwrap_or(Action::TryAgain(again))])
        .offer(around.help(false))
}

/// The address does not fit the order.
pub(super) fn refused(session: &Session, refusal: &Refusal, around: Surroundings<'_>) -> Screen {
    let text = around.messages;
    let why = match refusal {
        Refusal::Address(_) => text.refused_address,
        Refusal::Amount => text.refused_amount,
        Refusal::Order => text.refused_order,
        Refusal::Customer => text.refused_customer,
        Refusal::Kind => text.refused_kind,
    };
    Screen::new(Mark::Failed, heading(session, around))
        .lead(why)
        .lead(text.nothing_charged)
        .with([Part::Code(Code {
            code: refusal.code().to_owned(),
            field: refusal.field(),
        })])
        .offer([Action::TryAgain(text.try_again)])
}

/// No session of that name.
pub(super) fn not_found(around: Surroundings<'_>) -> Screen {
    let text = around.messages;
    Screen::new(Mark::Failed, text.not_found)
        .lead(text.not_found_hint)
        .offer([Action::Back(text.back)])
        .offer(around.help(false))
}

/// The page cannot work: a sentence for the buyer, the fix for the merchant's developer.
pub(super) fn misconfigured(what: &Misconfiguration, around: Surroundings<'_>) -> Screen {
    let text = around.messages;
    Screen::new(Mark::Failed, text.misconfigured)
        .lead(text.misconfigured_hint)
        .with([Part::Fix(what.fix())])
        .offer(around.help(true))
}

fn heading(session: &Session, around: Surroundings<'_>) -> &'static str {
    match session.kind {
        SessionKind::Payment => around.messages.payment_failed,
        SessionKind::Billing => around.messages.registration_failed,
    }
}
