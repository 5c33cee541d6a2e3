//! What the buyer agrees to before a card or an account is registered.

use leptos::prelude::*;
use toss_checkout_contract::Consent;

use super::Page;
use crate::flow::{Event, Notice};

/// The box that the buyer has to tick, and why where it is missing.
#[component]
pub(crate) fn ConsentBox(
    /// The words beside it.
    consent: Consent,
) -> impl IntoView {
    let page = Page::get();
    let text = page.text();
    let words = consent.text.as_str().to_owned();
    let agreed = move || page.form(|form| form.consent.is_some());
    let missing = move || page.form(|form| form.notice == Some(Notice::ConsentMissing));
    let toggle = move |_| {
        let given = untrack(agreed);
        page.dispatch(Event::Agreed((!given).then(|| consent.clone())));
    };
    view! {
        <div>
            <div class="method consent" part="method">
                <input
                    type="checkbox"
                    id="consent"
                    aria-required="true"
                    aria-describedby="consent-error"
                    aria-invalid=move || if missing() { "true" } else { "false" }
                    prop:checked=agreed
                    prop:disabled=move || page.form(|form| form.opening)
                    on:change=toggle
                />
                <label for="consent">{words}</label>
            </div>
            <p class="error" id="consent-error">
                {move || missing().then_some(text.consent_missing)}
            </p>
        </div>
    }
}
