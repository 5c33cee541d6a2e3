//! The form: what is being bought, how to pay, one button.

use leptos::prelude::*;
use toss_checkout_contract::{Method, Session};

use super::test_mark;
use crate::{
    effects::Page,
    flow::{Checkout, Event, Notice, Sdk, State},
    text::Text,
    ui::{el, live, live_text, money},
};

/// The form.
pub(crate) fn checkout(page: Page, session: &Session) -> AnyView {
    let text = page.text(Some(session));
    let submit = move |event: leptos::ev::Event| {
        event.prevent_default();
        let failed = part(page, |form| matches!(form.sdk, Sdk::Failed(_)));
        page.dispatch(match failed {
            Some(true) => Event::TryAgain,
            Some(false) | None => Event::Submitted,
        });
    };
    let methods = el("fieldset", "methods")
        .child(el("legend", "").text(text.methods).view())
        .children(
            session
                .methods
                .iter()
                .map(|method| choice(page, *method, text)),
        );
    let form = el("form", "form")
        .on("submit", submit)
        .child(methods.view())
        .child(live(move || {
            let words = part(page, |form| notice(form, text)).flatten();
            words.unwrap_or_else(|| ().into_any())
        }))
        .child(
            el("div", "actions")
                .children(submit_button(page, text))
                .view(),
        );
    el("main", "page")
        .children(test_mark(session, text))
        .child(summary(page, session, text))
        .child(form.view())
        .view()
}

/// Looks at the form; `None` once another screen has taken its place.
fn part<T>(page: Page, look: impl Fn(&Checkout) -> T) -> Option<T> {
    page.state().with(|state| match state {
        State::Checkout(checkout) => Some(look(checkout)),
        _ => None,
    })
}

fn summary(page: Page, session: &Session, text: &'static Text) -> AnyView {
    let locale = page.locale(Some(session));
    let amount = session.amount.or(session.plan.map(|plan| plan.amount));
    let price = amount.map(|amount| el("strong", "").text(money(amount, locale)).view());
    let interval = session.plan.map(|plan| {
        let words = format!(" / {}", text.interval(plan.interval));
        el("span", "interval").text(words).view()
    });
    let terms = session.plan.map(|_| {
        let words = if session.charge_now {
            text.charge_now
        } else {
            text.charge_later
        };
        el("p", "terms").text(words).view()
    });
    el("section", "summary")
        .attr("aria-label", text.order)
        .child(
            el("h1", "")
                .attr("tabindex", "-1")
                .text(session.order_name.clone())
                .view(),
        )
        .child(el("p", "price").children(price).children(interval).view())
        .children(terms)
        .view()
}

fn choice(page: Page, method: Method, text: &'static Text) -> AnyView {
    let id = method.as_str();
    let hint_id = format!("{id}-hint");
    let input = el("input", "")
        .attr("type", "radio")
        .attr("name", "method")
        .attr("id", id)
        .attr("value", id)
        .attr("aria-describedby", hint_id.clone())
        .live_property("checked", move || {
            part(page, |form| form.method == method).unwrap_or(false)
        })
        .live_attr("disabled", move || {
            part(page, |form| form.opening).unwrap_or(true)
        })
        .on("change", move |_| {
            page.dispatch(Event::MethodChosen(method));
        });
    let label = el("label", "")
        .attr("for", id)
        .text(text.method_name(method));
    let hint = el("span", "hint")
        .attr("id", hint_id)
        .text(text.method_hint(method));
    el("div", "method")
        .child(input.view())
        .child(label.view())
        .child(hint.view())
        .view()
}

/// What is to be said above the button. The live region says it aloud.
fn notice(form: &Checkout, text: &'static Text) -> Option<AnyView> {
    if matches!(form.sdk, Sdk::Failed(_)) {
        return Some(el("p", "notice trouble").text(text.sdk_failed).view());
    }
    form.notice
        .map(|Notice::Canceled| el("p", "notice").text(text.canceled_notice).view())
}

fn submit_button(page: Page, text: &'static Text) -> [AnyView; 2] {
    let label = move || {
        let words = part(page, |form| match form.sdk {
            Sdk::Failed(_) => text.try_again,
            Sdk::Loading | Sdk::Ready => text.submit(form.method),
        });
        words.unwrap_or_default().to_owned()
    };
    let why = move || {
        let words = part(page, |form| match form.sdk {
            _ if form.opening => text.window_open,
            Sdk::Loading => text.preparing,
            Sdk::Ready | Sdk::Failed(_) => "",
        });
        words.unwrap_or_default().to_owned()
    };
    let button = el("button", "button primary")
        .attr("type", "submit")
        .attr("aria-describedby", "why")
        .live_attr("disabled", move || {
            part(page, |form| form.opening || form.sdk == Sdk::Loading).unwrap_or(true)
        })
        .child(live_text(label));
    let why = el("p", "why").attr("id", "why").child(live_text(why));
    [button.view(), why.view()]
}
