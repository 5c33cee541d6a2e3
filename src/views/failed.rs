//! It did not work: a sentence, one action, the code in small print.

use leptos::prelude::*;
use toss_checkout_contract::{FailureCode, Session, SessionKind};

use crate::{
    effects::Page,
    flow::{Event, Refusal},
    text::{Action, Text, reason},
    ui::{Mark, Screen, button, el, link, shop_link},
};

/// Toss said no.
pub(crate) fn failed(page: Page, session: &Session, code: &FailureCode) -> AnyView {
    let text = page.text(Some(session));
    let why = reason(code);
    let shop = |main| shop_link(session, text, main);
    let again = || button(page, text.try_again, Event::TryAgain, true);
    let main = match why.action() {
        Action::OtherMethod if session.methods.len() > 1 => {
            button(page, text.other_method, Event::TryAgain, true)
        }
        Action::TryAgain | Action::OtherMethod => again(),
        Action::Shop => shop(true).unwrap_or_else(again),
    };
    let help = page.support_url().map(|url| link(text.help, url, false));
    Screen {
        mark: Mark::Failed,
        heading: heading(session, text),
        lead: Some(why.sentence(&text.reasons)),
        body: vec![
            nothing_charged(text),
            small_print(text, code.as_str(), None),
        ],
        actions: [Some(main), help].into_iter().flatten().collect(),
    }
    .view()
}

/// The address does not fit the order.
pub(crate) fn refused(page: Page, session: &Session, refusal: &Refusal) -> AnyView {
    let text = page.text(Some(session));
    let why = match refusal {
        Refusal::Address(_) => text.refused_address,
        Refusal::Amount => text.refused_amount,
        Refusal::Order => text.refused_order,
        Refusal::Customer => text.refused_customer,
        Refusal::Kind => text.refused_kind,
    };
    Screen {
        mark: Mark::Failed,
        heading: heading(session, text),
        lead: Some(why),
        body: vec![
            nothing_charged(text),
            small_print(text, refusal.code(), refusal.field()),
        ],
        actions: vec![button(page, text.try_again, Event::TryAgain, true)],
    }
    .view()
}

/// No session of that name.
pub(crate) fn not_found(page: Page) -> AnyView {
    let text = page.text(None);
    let help = page.support_url().map(|url| link(text.help, url, true));
    Screen {
        mark: Mark::Failed,
        heading: text.not_found,
        lead: Some(text.not_found_hint),
        body: Vec::new(),
        actions: help.into_iter().collect(),
    }
    .view()
}

fn heading(session: &Session, text: &Text) -> &'static str {
    match session.kind {
        SessionKind::Payment => text.payment_failed,
        SessionKind::Billing => text.registration_failed,
    }
}

fn nothing_charged(text: &'static Text) -> AnyView {
    el("p", "lead").text(text.nothing_charged).view()
}

/// The code, and the parameter at fault, for whoever helps the buyer.
pub(crate) fn small_print(text: &Text, code: &str, field: Option<&str>) -> AnyView {
    let print = el("p", "code")
        .text(format!("{} ", text.code))
        .child(el("code", "").text(code).view());
    match field {
        Some(field) => print.text(" · ").child(el("code", "").text(field).view()),
        None => print,
    }
    .view()
}
