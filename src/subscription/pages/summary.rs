//! One subscription: what it costs, how it stands, what is charged next and by what, and its payments.

use leptos::prelude::*;
use toss_checkout_contract::{CustomerSubscription, MethodDisplay, SubscriptionStatus};

use super::{
    super::{
        context::Page,
        flow::{Busy, Event, Notice},
        words::{self, BROWSER},
    },
    consent::ConsentSection,
    history::HistoryList,
    list::test_mode,
    parts::{AskButton, price, standing, told},
};
use crate::{
    components::{Button, Details, LinkButton, Row},
    format,
};

/// The subscription.
#[component]
pub(crate) fn SummaryPage(
    /// Which.
    subscription: CustomerSubscription,
    /// What came of what the customer did.
    notice: Option<Notice>,
    /// Whether there are others.
    several: bool,
) -> impl IntoView {
    let page = Page::get();
    let text = page.text;
    let stands = words::standing(&subscription, text, BROWSER).map(standing);
    let notice = notice.map(|notice| told(words::notice(notice, text)));
    let is_over = subscription.status == SubscriptionStatus::Canceled;
    let consent = subscription
        .consent
        .clone()
        .map(|consent| view! { <ConsentSection consent /> });
    view! {
        <div class="page" part="page" role=page.role()>
            <div class="result" part="result">
                {test_mode(page)}
                <h1 tabindex="-1">{text.mine}</h1>
                {notice}
                <section class="summary" part="summary">
                    <h2 class="name">{subscription.order_name.clone()}</h2>
                    <p class="price" part="price">
                        {price(page, &subscription.price)}
                    </p>
                </section>
                {stands}
                {consent}
                {(!is_over).then(|| facts(page, &subscription))}
                {(!is_over).then(|| actions(page, &subscription))}
                <HistoryList />
            </div>
            <div class="ways">{ways(page, &subscription, several)}</div>
        </div>
    }
}

fn facts(page: Page, subscription: &CustomerSubscription) -> impl IntoView + use<> {
    let text = page.text;
    let next = subscription.next_charge.as_ref().map(|next| {
        let amount = next.amount.map_or_else(
            || text.free.to_owned(),
            |amount| format::money_in(amount, text.locale),
        );
        let day = format::day(&next.at, text.locale);
        view! {
            <Row name=text.next_charge>{day}</Row>
            <Row name=text.next_amount>{amount}</Row>
        }
    });
    let method = subscription.payment_method.as_ref();
    let method = method.map(|method| method_row(page, method));
    view! {
        <Details>
            {next}
            {method}
        </Details>
    }
}

fn method_row(page: Page, method: &MethodDisplay) -> impl IntoView + use<> {
    let text = page.text;
    let (name, number) = words::method(method, text);
    let unusable = (!method.usable).then(|| view! { <p class="error">{text.unusable}</p> });
    view! {
        <Row name=text.method>
            <p>{name}</p>
            <p class="number masked">{number}</p>
            {unusable}
        </Row>
    }
}

/// What can be done now. What is owed comes first.
fn actions(page: Page, subscription: &CustomerSubscription) -> impl IntoView + use<> {
    let text = page.text;
    let owed = subscription.owed.as_ref();
    let payable = owed.is_some_and(|owed| owed.payable && !owed.under_way);
    let pay = payable.then(|| {
        view! {
            <AskButton
                label=text.pay
                busy_label=text.paying
                is_mine=|busy| busy == Busy::Paying
                class="button primary"
                event=Event::Pay
            />
        }
    });
    // A card that cannot be charged any more is to be changed before anything else.
    let usable = subscription
        .payment_method
        .as_ref()
        .is_some_and(|it| it.usable);
    let class = if owed.is_some() && !usable {
        "button primary"
    } else {
        "button secondary"
    };
    let uncancel = subscription.cancel_at.is_some().then(|| {
        view! {
            <AskButton
                label=text.uncancel
                busy_label=text.uncanceling
                is_mine=|busy| busy == Busy::Uncanceling
                class="button primary"
                event=Event::Uncancel
            />
        }
    });
    view! {
        <div class="asks">
            {pay} {uncancel}
            <AskButton
                label=text.change_method
                busy_label=text.opening
                is_mine=|busy| busy == Busy::ChangingMethod
                class=class
                event=Event::ChangeMethod
            />
        </div>
    }
}

/// Where it goes on from here: quiet, and never hidden.
fn ways(page: Page, subscription: &CustomerSubscription, several: bool) -> impl IntoView + use<> {
    let text = page.text;
    let cancel = subscription.cancel.is_some().then(|| {
        let ask = move |_| page.dispatch(Event::AskCancel);
        view! {
            <button type="button" class="quiet" part="quiet" on:click=ask>
                {text.cancel}
            </button>
        }
    });
    let all = several.then(|| {
        let all = page.on_press(Event::ShowAll);
        view! { <Button label=text.all primary=false on_press=all /> }
    });
    let shop = page.shop().map(|href| {
        view! { <LinkButton label=text.back_to_shop href primary=false /> }
    });
    view! { {all} {shop} {cancel} }
}
