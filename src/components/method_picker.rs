//! How the buyer pays.

use leptos::prelude::*;
use toss_checkout_contract::Method;

use super::Page;
use crate::flow::Event;

/// The methods that the session offers, one radio button each.
#[component]
pub(crate) fn MethodPicker(
    /// In this order.
    methods: Vec<Method>,
) -> impl IntoView {
    let page = Page::get();
    let choices = methods.into_iter().map(|method| choice(page, method));
    view! {
        <fieldset
            class="methods"
            part="methods"
            // Keys that wait for a consent were made with a method already.
            prop:hidden=move || page.form(|form| form.held.is_some())
        >
            <legend>{page.text().methods}</legend>
            {choices.collect_view()}
        </fieldset>
    }
}

fn choice(page: Page, method: Method) -> impl IntoView {
    let text = page.text();
    let id = method.as_str();
    let hint = [id, "-hint"].concat();
    view! {
        <div class="method" part="method">
            <input
                type="radio"
                name="method"
                id=id
                value=id
                aria-describedby=hint.clone()
                prop:checked=move || page.form(|form| form.method == method)
                prop:disabled=move || page.form(|form| form.opening)
                on:change=move |_| page.dispatch(Event::MethodChosen(method))
            />
            <label for=id>{text.method_name(method)}</label>
            <span class="hint" id=hint>
                {text.method_hint(method)}
            </span>
        </div>
    }
}
