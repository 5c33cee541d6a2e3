//! Payments of a subscription, with receipts.

use leptos::prelude::*;
use toss_checkout_contract::{CustomerInvoice, InvoiceStatus};

use super::super::{
    context::Page,
    flow::{Event, History},
};
use crate::{components::Button, format, i18n::fill};

/// The payments, newest first.
#[component]
pub(crate) fn HistoryList() -> impl IntoView {
    let page = Page::get();
    let history = Memo::new(move |_| {
        page.shown(|shown| shown.history.clone())
            .unwrap_or_default()
    });
    view! {
        <section class="history" part="history" aria-labelledby="history">
            <h2 id="history">{page.text.history}</h2>
            {move || history.with(|history| list(page, history))}
        </section>
    }
}

fn list(page: Page, history: &History) -> AnyView {
    let text = page.text;
    let invoices = history.invoices.iter().map(|invoice| line(page, invoice));
    let more = page.on_press(Event::MoreInvoices);
    let says = if history.failed {
        Some(text.history_failed)
    } else if history.invoices.is_empty() {
        Some(if history.loading {
            text.history_loading
        } else {
            text.history_empty
        })
    } else {
        None
    };
    let button = if history.failed {
        Some(text.try_again)
    } else {
        history.next.as_ref().map(|_| text.more)
    };
    view! {
        <ul class="payments">{invoices.collect_view()}</ul>
        {says.map(|says| view! { <p class="hint">{says}</p> })}
        {button.map(|label| view! { <Button label primary=false on_press=more /> })}
    }
    .into_any()
}

fn line(page: Page, invoice: &CustomerInvoice) -> impl IntoView + use<> {
    let text = page.text;
    let day = format::day(
        invoice.paid_at.as_ref().unwrap_or(&invoice.period_start),
        text.locale,
    );
    let amount = invoice.amount.map_or_else(
        || text.free.to_owned(),
        |amount| format::money_in(amount, text.locale),
    );
    let mut status = match invoice.status {
        InvoiceStatus::Paid => text.paid,
        InvoiceStatus::Open | InvoiceStatus::Held | InvoiceStatus::Unknown => text.open,
        InvoiceStatus::Void => text.void,
        InvoiceStatus::Uncollectible => text.uncollectible,
    }
    .to_owned();
    if let Some(refunded) = invoice.refunded {
        let refunded = format::money_in(refunded, text.locale);
        status = [
            &status,
            " · ",
            &fill(text.refunded, &[("amount", &refunded)]),
        ]
        .concat();
    }
    // Toss's own; anything but an address of the web is none.
    let receipt = invoice.receipt_url.clone();
    let receipt = receipt.filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    let receipt = receipt.map(|href| {
        let label = fill(text.receipt_of, &[("day", &day)]);
        view! {
            <a class="receipt" href=href target="_blank" rel="noopener noreferrer" aria-label=label>
                {text.receipt}
            </a>
        }
    });
    view! {
        <li class="payment" part="payment">
            <span class="day">{day.clone()}</span>
            <strong>{amount}</strong>
            <span class="hint">{status}</span>
            {receipt}
        </li>
    }
}
