//! The form: what is being bought, how to pay, one button.

use leptos::prelude::*;
use toss_checkout_contract::{Consent, Method, Session};
use toss_payments_sdk::LoadError;

use crate::{
    browser,
    effects::Page,
    flow::{Checkout, Event, Notice, Sdk, State},
    in_app::{InApp, WayOut},
    join::join,
    text::Text,
    ui::{El, consent, el, link, money, terms},
};

/// Where the box is that the buyer has to tick.
pub(crate) const CONSENT: &str = "#consent";

/// The form, and what keeps it up to date for as long as it is shown.
pub(crate) fn checkout(
    page: &Page,
    session: &Session,
    text: &'static Text,
) -> (El, RenderEffect<()>) {
    let consent = consent(session, text);
    let methods = el("fieldset", "methods").child(el("legend", "").text(text.methods()));
    let mut choices = Vec::new();
    for method in &session.methods {
        choices.push((*method, choice(page, *method, text, &methods)));
    }
    let notice = el("p", "notice");
    let button = el("button", "button primary")
        .attr("type", "submit")
        .attr("aria-describedby", "why");
    let why = el("p", "why").attr("id", "why");
    // In the bar, so that a phone keeps it in sight.
    let actions = el("div", "actions")
        .child(notice.clone())
        .child(button.clone())
        .child(why.clone());
    let form = el("form", "form")
        .on(page, "submit", submit(page))
        .child(methods.clone());
    leave_app(page, text, &form);
    let agree = consent.map(|consent| agree(page, &consent, &form));
    let form = form.child(actions);
    let main = el("div", "page");
    super::test_mark(&main, session, text);
    let main = main.child(summary(session, text)).child(form);

    let state = page.state().clone();
    let follow = RenderEffect::new(move |_| {
        state.with(|state| {
            let State::Checkout(form) = state else {
                return;
            };
            for (method, input) in &choices {
                input.set("checked", *method == form.method);
                input.set("disabled", form.opening);
            }
            let (class, words) = notice_of(form, text);
            notice.set("hidden", words.is_empty());
            notice.set_attr("class", class);
            notice.say(words);
            if let Some((input, error)) = &agree {
                let missing = form.notice == Some(Notice::ConsentMissing);
                input.set("checked", form.consent.is_some());
                input.set("disabled", form.opening);
                input.set_attr("aria-invalid", if missing { "true" } else { "false" });
                error.say(if missing { text.consent_missing() } else { "" });
            }
            methods.set("hidden", form.held.is_some());
            let failed = matches!(form.sdk, Sdk::Failed(_));
            let loading = matches!(form.sdk, Sdk::Loading);
            button.set("disabled", form.opening || loading);
            button.say(if failed || form.held.is_some() {
                text.try_again()
            } else {
                text.submit(form.method)
            });
            why.say(if form.opening {
                text.window_open()
            } else if loading {
                text.preparing()
            } else {
                ""
            });
        });
    });
    (main, follow)
}

/// Adds the box that the buyer has to tick; answers it, and where it is said that it is not ticked.
fn agree(page: &Page, consent: &Consent, form: &El) -> (El, El) {
    let (ticked, words) = (page.clone(), consent.clone());
    let input = el("input", "")
        .attr("type", "checkbox")
        .attr("id", "consent")
        .attr("aria-required", "true")
        .attr("aria-describedby", "consent-error")
        .on(page, "change", move || {
            let given = ticked.state().with_untracked(
                |state| matches!(state, State::Checkout(form) if form.consent.is_some()),
            );
            ticked.dispatch(Event::Agreed((!given).then(|| words.clone())));
        });
    let label = el("label", "")
        .attr("for", "consent")
        .text(consent.text.as_str());
    let error = el("p", "error").attr("id", "consent-error");
    let row = el("div", "method consent")
        .child(input.clone())
        .child(label);
    form.put(el("div", "").child(row).child(error.clone()));
    (input, error)
}

fn submit(page: &Page) -> impl FnMut() + 'static {
    let page = page.clone();
    move || {
        let failed = page.state().with_untracked(
            |state| matches!(state, State::Checkout(form) if matches!(form.sdk, Sdk::Failed(_))),
        );
        page.dispatch(if failed {
            Event::TryAgain
        } else {
            Event::Submitted
        });
    }
}

fn summary(session: &Session, text: &Text) -> El {
    let price = el("p", "price");
    if let Some(amount) = session.amount.or(session.plan.map(|plan| plan.amount)) {
        price.put(el("strong", "").text(&money(amount, text)));
    }
    let name = el("h1", "")
        .attr("tabindex", "-1")
        .text(&session.order_name);
    let summary = el("section", "summary")
        .attr("aria-label", text.order())
        .child(name)
        .child(price.clone());
    if let Some(plan) = session.plan {
        let interval = el("span", "interval")
            .text(" / ")
            .text(text.interval(plan.interval));
        price.put(interval);
    }
    if let Some(terms) = terms(session, text) {
        summary.put(el("p", "terms").text(&terms));
    }
    summary
}

/// Adds a method to the group; answers its radio button.
fn choice(page: &Page, method: Method, text: &Text, group: &El) -> El {
    let id = method.as_str();
    let hint_id = join(&[id, "-hint"]);
    let chosen = page.clone();
    let input = el("input", "")
        .attr("type", "radio")
        .attr("name", "method")
        .attr("id", id)
        .attr("value", id)
        .attr("aria-describedby", &hint_id)
        .on(page, "change", move || {
            chosen.dispatch(Event::MethodChosen(method));
        });
    let label = el("label", "")
        .attr("for", id)
        .text(text.method_name(method));
    let hint = el("span", "hint")
        .attr("id", &hint_id)
        .text(text.method_hint(method));
    group.put(
        el("div", "method")
            .child(input.clone())
            .child(label)
            .child(hint),
    );
    input
}

/// In the browser of another app, says how to open the form in the phone's own.
fn leave_app(page: &Page, text: &Text, form: &El) {
    let user_agent = browser::user_agent();
    let (Some(app), Some(config)) = (InApp::of(&user_agent), page.config()) else {
        return;
    };
    let address = &config.form_url;
    let way_out = app.way_out(&user_agent, address, &browser::encoded(address));
    let way_out = match (way_out, app) {
        (WayOut::Link(href), _) => link(text.in_app_open(), &href, false),
        (WayOut::Menu, InApp::Naver) => el("p", "").text(text.in_app_naver()),
        (WayOut::Menu, _) => el("p", "").text(text.in_app_meta()),
    };
    let notice = el("div", "notice").child(el("p", "").text(text.in_app()));
    form.put(notice.child(way_out));
}

/// What is to be said above the button. The live region says it aloud.
fn notice_of(form: &Checkout, text: &Text) -> (&'static str, &'static str) {
    match (&form.sdk, form.notice) {
        (Sdk::Failed(error), _) => ("notice trouble", not_loaded(error, text)),
        (_, Some(Notice::Canceled)) => ("notice", text.canceled_notice()),
        // Said beside the box.
        (_, Some(Notice::ConsentMissing) | None) => ("notice", ""),
    }
}

/// Why Toss's script is not there, and what may help.
pub(super) fn not_loaded(error: &LoadError, text: &Text) -> &'static str {
    match error {
        LoadError::Offline { .. } => text.sdk_offline(),
        LoadError::Timeout { .. } => text.sdk_slow(),
        _ => text.sdk_failed(),
    }
}
