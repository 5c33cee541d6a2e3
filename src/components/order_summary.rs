//! What is being bought, and for how much.

use leptos::prelude::*;
use toss_checkout_contract::Session;

use super::Page;
use crate::{format::money, terms::terms};

/// The order's name, its price, and the terms of a subscription.
#[component]
pub(crate) fn OrderSummary<'a>(
    /// What is being bought.
    session: &'a Session,
) -> impl IntoView + use<> {
    let text = Page::get().text();
    let amount = session.amount.or(session.plan.map(|plan| plan.amount));
    let price = amount.map(|amount| view! { <strong>{money(amount, text)}</strong> });
    let interval = session.plan.map(|plan| {
        view! {
            <span class="interval">
                " · "
                {text.interval(plan.interval)}
            </span>
        }
    });
    let terms = terms(session, text).map(|terms| {
        view! {
            <p class="terms" part="terms">
                {terms}
            </p>
        }
    });
    view! {
        <section class="summary" part="summary" aria-label=text.order>
            <h1 tabindex="-1">{session.order_name.clone()}</h1>
            <p class="price" part="price">
                {price}
                {interval}
            </p>
            {terms}
        </section>
    }
}
