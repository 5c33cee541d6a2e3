//! The form: what is being bought, how to pay, one button.

use leptos::prelude::*;
use toss_checkout_contract::{KeyMode, Method, Session};

use crate::{
    effects::Page,
    flow::{Checkout, Event, Notice, Sdk, State},
    text::Text,
    ui::{El, Node, el, live, money},
};

/// The form.
pub(crate) fn checkout(page: Page, session: &Session) -> Node {
    let text = page.text(Some(session));
    let submit = move |event: leptos::ev::Event| {
        event.prevent_default();
        let failed = part(page, |form| matches!(form.sdk, Sdk::Failed(_)));
        page.dispatch(match failed {
            Some(true) => Event::TryAgain,
            Some(false) | None => Event::Submitted,
        });
    };
    let mut methods = el("fieldset", "methods").child(el("legend", "").text(text.methods));
    for method in &session.methods {
        methods = methods.child(choice(page, *method, text));
    }
    let notice = live(move || part(page, |form| notice(form, text)).unwrap_or(Node::Nothing));
    let form = el("form", "form")
        .on("submit", submit)
        .child(methods)
        .child(notice)
        .child(actions(page, text));
    let mut main = el("main", "page");
    if session.client_key.mode() == KeyMode::Test {
        main = main.child(el("p", "test-mode").text(text.test_mode));
    }
    main.child(summary(page, session, text)).child(form).into()
}

/// Looks at the form; `None` once another screen has taken its place.
fn part<T>(page: Page, look: impl Fn(&Checkout) -> T) -> Option<T> {
    page.state().with(|state| match state {
        State::Checkout(checkout) => Some(look(checkout)),
        _ => None,
    })
}

fn summary(page: Page, session: &Session, text: &Text) -> El {
    let locale = page.locale(Some(session));
    let mut price = el("p", "price");
    if let Some(amount) = session.amount.or(session.plan.map(|plan| plan.amount)) {
        price = price.child(el("strong", "").text(&money(amount, locale)));
    }
    let name = el("h1", "")
        .attr("tabindex", "-1")
        .text(&session.order_name);
    let summary = el("section", "summary")
        .attr("aria-label", text.order)
        .child(name);
    let Some(plan) = session.plan else {
        return summary.child(price);
    };
    let interval = el("span", "interval")
        .text(" / ")
        .text(text.interval(plan.interval));
    let terms = if session.charge_now {
        text.charge_now
    } else {
        text.charge_later
    };
    summary
        .child(price.child(interval))
        .child(el("p", "terms").text(terms))
}

fn choice(page: Page, method: Method, text: &Text) -> El {
    let id = method.as_str();
    let hint_id = [id, "-hint"].concat();
    let input = el("input", "")
        .attr("type", "radio")
        .attr("name", "method")
        .attr("id", id)
        .attr("value", id)
        .attr("aria-describedby", &hint_id)
        .property("checked", move || {
            part(page, |form| form.method == method).unwrap_or(false)
        })
        .flag("disabled", move || {
            part(page, |form| form.opening).unwrap_or(true)
        })
        .on("change", move |_| {
            page.dispatch(Event::MethodChosen(method));
        });
    let label = el("label", "")
        .attr("for", id)
        .text(text.method_name(method));
    let hint = el("span", "hint")
        .attr("id", &hint_id)
        .text(text.method_hint(method));
    el("div", "method").child(input).child(label).child(hint)
}

/// What is to be said above the button. The live region says it aloud.
fn notice(form: &Checkout, text: &Text) -> Node {
    match (&form.sdk, form.notice) {
        (Sdk::Failed(_), _) => el("p", "notice trouble").text(text.sdk_failed).into(),
        (_, Some(Notice::Canceled)) => el("p", "notice").text(text.canceled_notice).into(),
        (_, None) => Node::Nothing,
    }
}

fn actions(page: Page, text: &'static Text) -> El {
    let label = words(
        page,
        |form, text| match form.sdk {
            Sdk::Failed(_) => text.try_again,
            Sdk::Loading | Sdk::Ready => text.submit(form.method),
        },
        text,
    );
    let why = words(
        page,
        |form, text| match form.sdk {
            _ if form.opening => text.window_open,
            Sdk::Loading => text.preparing,
            Sdk::Ready | Sdk::Failed(_) => "",
        },
        text,
    );
    let button = el("button", "button primary")
        .attr("type", "submit")
        .attr("aria-describedby", "why")
        .flag("disabled", move || {
            part(page, |form| form.opening || form.sdk == Sdk::Loading).unwrap_or(true)
        })
        .child(label);
    el("div", "actions")
        .child(button)
        .child(el("p", "why").attr("id", "why").child(why))
}

/// Text that follows the form.
fn words(
    page: Page,
    choose: fn(&Checkout, &'static Text) -> &'static str,
    text: &'static Text,
) -> Node {
    live(move || {
        let words = part(page, |form| choose(form, text)).unwrap_or_default();
        Node::Text(words.to_owned())
    })
}
