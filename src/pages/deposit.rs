//! An account that waits for its deposit.

use std::sync::Arc;

use leptos::prelude::*;
use toss_checkout_contract::{CashReceiptType, KeyMode, Session, VirtualAccount};

use crate::{
    components::{
        Button, CopyButton, Copying, Countdown, Details, LinkButton, Page, Row, TestMode,
    },
    format,
    platform::document,
    screen::{Mark, shop_url},
};

/// The account exists; nothing is paid, or what was paid has been taken back by the bank.
#[component]
pub(crate) fn DepositPage(
    /// With the account.
    session: Arc<Session>,
    /// Whether the bank took the money back.
    reversed: bool,
) -> impl IntoView {
    let page = Page::get();
    let text = page.text();
    let mark = if reversed {
        Mark::Failed.class()
    } else {
        Mark::Waiting.class()
    };
    let is_test = session.client_key.mode() == KeyMode::Test;
    let result = session.result.as_ref();
    let account = result.and_then(|result| result.virtual_account.clone());
    let number = account
        .as_ref()
        .map(|account| account.account_number.clone());
    let details =
        account.map(|account| view! { <AccountDetails session=session.clone() account /> });
    view! {
        <div class="page" part="page" role=page.role()>
            <div class="result" part="result">
                <div class=mark part=mark aria-hidden="true"></div>
                <h1 tabindex="-1">{text.please_deposit}</h1>
                {reversed
                    .then(|| {
                        view! {
                            <p class="notice trouble" part="notice trouble">
                                {text.reversed}
                            </p>
                        }
                    })}
                <p class="lead" part="lead">
                    {text.nothing_paid_yet}
                </p>
                {is_test.then(|| view! { <TestMode /> })}
                {details}
            </div>
            <div class="actions" part="actions">
                {number.map(|number| view! { <CopyNumber number /> })}
            </div>
            <Tools session />
        </div>
    }
}

/// Where to send how much until when.
#[component]
fn AccountDetails(session: Arc<Session>, account: VirtualAccount) -> impl IntoView {
    let text = Page::get().text();
    let bank = text.bank_name(&account.bank_code).to_owned();
    let receipt = session
        .virtual_account
        .as_ref()
        .and_then(|it| it.cash_receipt);
    let has_receipt = receipt.is_some_and(|it| it.kind != CashReceiptType::None);
    let note = |words| view! { <div class="note">{words}</div> };
    view! {
        <Details>
            <Row name=text.bank>{bank}</Row>
            <Row name=text.account_number>
                <AccountNumber number=account.account_number />
            </Row>
            {account
                .customer_name
                .map(|holder| {
                    view! { <Row name=text.holder>{holder} {note(text.any_depositor)}</Row> }
                })}
            {session
                .amount
                .map(|amount| {
                    view! {
                        <Row name=text.amount>
                            <strong class="number" part="number">
                                {format::money(amount, text)}
                            </strong>
                            // Beside the figure, where no pinned bar covers it.
                            {note(text.exact_amount)}
                        </Row>
                    }
                })}
            {account
                .due_date
                .map(|due| {
                    view! {
                        <Row name=text.deadline>
                            <div>{format::moment(&due, text)} " (" {text.korean_time} ")"</div>
                            <Countdown until=due />
                        </Row>
                    }
                })}
            {has_receipt
                .then(|| {
                    view! { <Row name=text.cash_receipt>{note(text.cash_receipt_hint)}</Row> }
                })}
        </Details>
    }
}

/// A number in groups of four that are set apart by their style only: copied or read by a program, it
/// is the plain number.
#[component]
fn AccountNumber(number: String) -> impl IntoView {
    let mut groups = Vec::new();
    let mut rest = &*number;
    while let Some((group, tail)) = rest.split_at_checked(4) {
        groups.push(group.to_owned());
        rest = tail;
    }
    groups.push(rest.to_owned());
    let groups = groups
        .into_iter()
        .map(|group| view! { <span>{group}</span> });
    view! {
        <span class="number" part="number">
            {groups.collect_view()}
        </span>
    }
}

/// Copies the account's number. Until then it says how the page learns of the deposit; in direct mode
/// there is nobody to tell it.
#[component]
fn CopyNumber(number: String) -> impl IntoView {
    let page = Page::get();
    let text = page.text();
    let is_live = page.config(|config| !config.direct).unwrap_or_default();
    let said = RwSignal::new(is_live.then_some(text.live_status));
    let copying = Copying {
        value: number,
        label: text.copy_account,
        done: text.copied,
        failed: text.copy_failed,
    };
    view! {
        <p class="said">
            {move || said.get()}
        </p>
        <CopyButton copying primary=true said />
    }
}

/// How to see the account again, by the page's address or on paper; and the way out.
#[component]
fn Tools(session: Arc<Session>) -> impl IntoView {
    let page = Page::get();
    let text = page.text();
    let said = RwSignal::new(None);
    // In direct mode the address shows nothing of it to anybody else.
    let address = page.config(|config| (!config.direct).then(|| config.form_url.clone()));
    let again = address.flatten().map(|address| {
        let copying = Copying {
            value: address,
            label: text.copy_address,
            done: text.address_copied,
            failed: text.address_not_copied,
        };
        view! { <CopyButton copying primary=false said /> }
    });
    let print = Callback::new(|()| document::print());
    let shop = shop_url(&session).map(|href| {
        view! { <LinkButton label=text.back_to_shop href=href.to_owned() primary=false /> }
    });
    // After the actions, which a phone keeps in sight until then.
    view! {
        <div class="tools">
            <p class="note">
                {text.come_back}
            </p>
            {again}
            <Button label=text.print primary=false on_press=print />
            <p class="said">
                {move || said.get()}
            </p>
            {shop}
        </div>
    }
}
