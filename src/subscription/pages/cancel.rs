//! Canceling: what happens then and what is given back, on one page with one button.

use leptos::prelude::*;
use toss_checkout_contract::{CancelAt, CancelNow, CustomerSubscription};

use super::{
    super::{
        context::Page,
        flow::{Busy, Event},
        words::{BROWSER, fill_day},
    },
    parts::AskButton,
};
use crate::{components::Button, format, i18n::fill};

/// A way to cancel: when, its words, and what happens.
struct Way {
    at: CancelAt,
    label: String,
    hint: String,
}

/// Where a subscription is canceled.
#[component]
pub(crate) fn CancelPage(
    /// Which.
    subscription: CustomerSubscription,
) -> impl IntoView {
    let page = Page::get();
    let text = page.text;
    let ways = ways(page, &subscription);
    let first = ways.first().map_or(CancelAt::PeriodEnd, |way| way.at);
    let chosen = RwSignal::new(first);
    let owed = subscription.owed.as_ref().map(|owed| {
        let amount = format::money_in(owed.amount, text.locale);
        let says = fill(text.cancel_owed, &[("amount", &amount)]);
        view! { <p class="lead">{says}</p> }
    });
    let keep = page.on_press(Event::Keep);
    let cancel = Signal::derive(move || Event::Cancel(chosen.get()));
    view! {
        <div class="page" part="page" role=page.role()>
            <div class="result" part="result">
                <h1 tabindex="-1">{text.cancel_title}</h1>
                <p class="name">{subscription.order_name.clone()}</p>
                {choices(page, ways, chosen)}
                {owed}
            </div>
            <div class="actions" part="actions">
                <AskButton
                    label=text.cancel
                    busy_label=text.canceling
                    is_mine=|busy| matches!(busy, Busy::Canceling(..))
                    class="button primary"
                    event=cancel
                />
                <Button label=text.keep primary=false on_press=keep />
            </div>
        </div>
    }
}

fn ways(page: Page, subscription: &CustomerSubscription) -> Vec<Way> {
    let text = page.text;
    let Some(choices) = &subscription.cancel else {
        return Vec::new();
    };
    let later = choices.period_end.as_ref().map(|end| Way {
        at: CancelAt::PeriodEnd,
        label: fill_day(text.cancel_later, end, text, BROWSER),
        hint: text.cancel_later_hint.to_owned(),
    });
    let now = choices.now.map(|CancelNow { refund }| Way {
        at: CancelAt::Now,
        label: text.cancel_now.to_owned(),
        hint: refund.map_or_else(
            || text.cancel_nothing.to_owned(),
            |refund| {
                let amount = format::money_in(refund, text.locale);
                fill(text.cancel_refund, &[("amount", &amount)])
            },
        ),
    });
    later.into_iter().chain(now).collect()
}

/// Radio buttons where there is a choice; otherwise what happens.
fn choices(page: Page, ways: Vec<Way>, chosen: RwSignal<CancelAt>) -> AnyView {
    if let [only] = &ways[..] {
        return view! {
            <div class="notice" part="notice">
                <p class="standing">{only.label.clone()}</p>
                <p>{only.hint.clone()}</p>
            </div>
        }
        .into_any();
    }
    let radios = ways.into_iter().map(|way| {
        let at = way.at;
        let id = match at {
            CancelAt::Now => "cancel-now",
            CancelAt::PeriodEnd => "cancel-later",
        };
        let hint = [id, "-hint"].concat();
        view! {
            <div class="method" part="method">
                <input
                    type="radio"
                    name="cancel"
                    id=id
                    aria-describedby=hint.clone()
                    prop:checked=move || chosen.get() == at
                    on:change=move |_| chosen.set(at)
                />
                <label for=id>{way.label}</label>
                <p class="hint" id=hint>
                    {way.hint}
                </p>
            </div>
        }
    });
    view! {
        <fieldset class="methods" part="methods">
            <legend>{page.text.cancel_when}</legend>
            {radios.collect_view()}
        </fieldset>
    }
    .into_any()
}
