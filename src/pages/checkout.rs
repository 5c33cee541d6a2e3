//! The form: what is being bought, how to pay, one button.

use std::sync::Arc;

use leptos::prelude::*;
use toss_checkout_contract::{KeyMode, Session};
use toss_payments_sdk::LoadError;

use crate::{
    components::{ConsentBox, InAppHint, MethodPicker, OrderSummary, Page, TestMode},
    flow::{Checkout, Event, Notice, Sdk},
    i18n::Messages,
    screen::Tone,
    terms::consent,
};

/// The form.
#[component]
pub(crate) fn CheckoutPage(
    /// What is being bought.
    session: Arc<Session>,
) -> impl IntoView {
    let page = Page::get();
    let text = page.text();
    let is_test = session.client_key.mode() == KeyMode::Test;
    let consent = consent(&session, text).map(|consent| view! { <ConsentBox consent /> });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let has_failed = untrack(|| page.form(|form| matches!(form.sdk, Sdk::Failed(_))));
        page.dispatch(if has_failed {
            Event::TryAgain
        } else {
            Event::Submitted
        });
    };
    view! {
        <div class="page" part="page" role=page.role()>
            {is_test.then(|| view! { <TestMode /> })}
            <OrderSummary session=&session />
            <form class="form" part="form" on:submit=submit>
                <MethodPicker session=&session />
                <InAppHint />
                {consent}
                // In the bar, so that a phone keeps it in sight.
                <div class="actions" part="actions">
                    <p
                        class=move || page.form(|form| notice(form, text)).0.class()
                        part="notice"
                        prop:hidden=move || page.form(|form| notice(form, text)).1.is_none()
                    >
                        {move || page.form(|form| notice(form, text)).1}
                    </p>
                    <button
                        type="submit"
                        class="button primary"
                        part="button primary"
                        aria-describedby="why"
                        prop:disabled=move || page.form(|form| form.opening || form.sdk == Sdk::Loading)
                    >
                        {move || page.form(|form| label(form, text))}
                    </button>
                    <p class="why" id="why">
                        {move || page.form(|form| why_disabled(form, text))}
                    </p>
                </div>
            </form>
        </div>
    }
}

fn label(form: &Checkout, text: &Messages) -> &'static str {
    if matches!(form.sdk, Sdk::Failed(_)) || form.held.is_some() {
        text.try_again
    } else {
        text.submit(form.session.kind, form.method)
    }
}

fn why_disabled(form: &Checkout, text: &Messages) -> Option<&'static str> {
    match form.sdk {
        _ if form.opening => Some(text.window_open),
        Sdk::Loading => Some(text.preparing),
        Sdk::Ready | Sdk::Failed(_) => None,
    }
}

/// What is to be said above the button. The live region says it aloud.
fn notice(form: &Checkout, text: &Messages) -> (Tone, Option<&'static str>) {
    match (&form.sdk, form.notice) {
        (Sdk::Failed(error), _) => (Tone::Trouble, Some(not_loaded(error, text))),
        (_, Some(Notice::Canceled)) => (Tone::Neutral, Some(text.canceled_notice)),
        // Said beside the box.
        (_, Some(Notice::ConsentMissing) | None) => (Tone::Neutral, None),
    }
}

/// Why Toss's script is not there, and what may help.
fn not_loaded(error: &LoadError, text: &Messages) -> &'static str {
    match error {
        LoadError::Offline { .. } => text.sdk_offline,
        LoadError::Timeout { .. } => text.sdk_slow,
        _ => text.sdk_failed,
    }
}

/// What a screen reader is told about the form.
pub(crate) fn announcement(form: &Checkout, text: &Messages) -> Option<&'static str> {
    Some(match (form.notice, &form.sdk) {
        _ if form.opening => text.window_open,
        (Some(Notice::Canceled), _) => text.canceled_notice,
        (Some(Notice::ConsentMissing), _) => text.consent_missing,
        (None, Sdk::Failed(error)) => not_loaded(error, text),
        (None, Sdk::Loading | Sdk::Ready) => return None,
    })
}
