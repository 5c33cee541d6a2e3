//! It did not work: a sentence, one action, the code in small print.

use toss_checkout_contract::{FailureCode, Session, SessionKind};

use super::working::help;
use crate::{
    effects::Page,
    flow::{Refusal, Stage},
    text::{Action, Severity, Text, reason},
    ui::{El, Mark, Screen, button, el, shop_link},
};

/// Toss said no: in its window, or to the backend.
pub(crate) fn failed(
    page: &Page,
    session: &Session,
    code: &FailureCode,
    stage: Stage,
    text: &Text,
) -> El {
    let why = reason(code);
    let action = why.action();
    let mark = match why.severity() {
        Severity::Hint => Mark::Held,
        Severity::Trouble => Mark::Failed,
    };
    let nothing = match stage {
        Stage::Window => text.stopped_in_window(),
        Stage::Confirm => text.not_approved(),
    };
    let screen = stopped(mark, session, text, text.reason(why), nothing);
    screen.body(small_print(text, code.as_str(), None));
    let shop = match action {
        Action::Shop => shop_link(session, text, true),
        _ => None,
    };
    let other = matches!(action, Action::OtherMethod | Action::CardCompany);
    let again = if other && session.methods.len() > 1 {
        text.other_method()
    } else {
        text.try_again()
    };
    screen.action(Some(shop.unwrap_or_else(|| button(page, again))));
    screen.action(help(page, text, false));
    screen.done()
}

/// The address does not fit the order.
pub(crate) fn refused(page: &Page, session: &Session, refusal: &Refusal, text: &Text) -> El {
    let why = match refusal {
        Refusal::Address(_) => text.refused_address(),
        Refusal::Amount => text.refused_amount(),
        Refusal::Order => text.refused_order(),
        Refusal::Customer => text.refused_customer(),
        Refusal::Kind => text.refused_kind(),
    };
    let screen = stopped(Mark::Failed, session, text, why, text.nothing_charged());
    screen.body(small_print(text, refusal.code(), refusal.field()));
    screen.action(Some(button(page, text.try_again())));
    screen.done()
}

/// No session of that name.
pub(crate) fn not_found(page: &Page, text: &Text) -> El {
    let screen = Screen::new(Mark::Failed, text.not_found());
    screen.lead(text.not_found_hint());
    screen.action(help(page, text, true));
    screen.done()
}

fn stopped(mark: Mark, session: &Session, text: &Text, why: &str, nothing: &str) -> Screen {
    let heading = match session.kind {
        SessionKind::Payment => text.payment_failed(),
        SessionKind::Billing => text.registration_failed(),
    };
    let screen = Screen::new(mark, heading);
    screen.lead(why);
    screen.lead(nothing);
    screen
}

/// The code, and the parameter at fault, for whoever helps the buyer.
pub(crate) fn small_print(text: &Text, code: &str, field: Option<&str>) -> El {
    let print = el("p", "code")
        .text(text.code())
        .text(" ")
        .child(el("code", "").text(code));
    match field {
        Some(field) => print.text(" · ").child(el("code", "").text(field)),
        None => print,
    }
}
