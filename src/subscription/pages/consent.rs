//! A consent that is asked for: what changes, the sentence word for word, and one button.

use leptos::prelude::*;
use toss_checkout_contract::{ConsentRequest, Locale};

use super::{
    super::{
        context::Page,
        flow::{Busy, Event},
    },
    parts::{AskButton, price_text},
};
use crate::{
    components::{Details, Row},
    format,
};

/// The request. Nothing is agreed to but by the button.
#[component]
pub(crate) fn ConsentSection(
    /// What is asked.
    consent: ConsentRequest,
) -> impl IntoView {
    let page = Page::get();
    let text = page.text;
    let sentence = match text.locale {
        Locale::Ko => &consent.ko,
        Locale::En => &consent.en,
    };
    let sentence = sentence.text.as_str().to_owned();
    let day = format::day(&consent.effective_at, text.locale);
    view! {
        <section class="consent-request" part="consent-request" aria-labelledby="consent-request">
            <h2 id="consent-request">{text.consent}</h2>
            <Details>
                <Row name=text.before>{price_text(page, &consent.before)}</Row>
                <Row name=text.after>{price_text(page, &consent.after)}</Row>
                <Row name=text.from>{day}</Row>
            </Details>
            <p class="sentence">{sentence}</p>
            <p class="hint">{text.consent_hint}</p>
            <AskButton
                label=text.agree
                busy_label=text.agreeing
                is_mine=|busy| busy == Busy::Agreeing
                class="button primary"
                event=Event::Agree(text.locale)
            />
        </section>
    }
}
