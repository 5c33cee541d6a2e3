//! What the sandbox keeps: payments, virtual accounts, billing keys.

use maud::{Markup, html};
use toss_model::{
    BillingRecord, Payment,
    instrument::Instrument,
    moment::readable,
    payment::{Means, VirtualAccount},
};

use super::{
    text::Text,
    view::{View, masked, section},
};
use crate::pages::money;

pub(super) fn payments(view: View, payments: &[Payment]) -> Markup {
    let items = html! {
        div id="payment-list" data-list {
            @if payments.is_empty() { p.empty id="no-payments" { (view.text.no_payments) } }
            @for payment in payments { (card(view, payment)) }
        }
    };
    section("payments", view.text.payments, &items)
}

fn card(view: View, payment: &Payment) -> Markup {
    let text = view.text;
    let key = payment.key.expose();
    html! {
        article id={ "payment-" (key) } aria-label={ (payment.order_name) " " (payment.order_id) } {
            div.top {
                h3 { (payment.order_name) }
                (status(text, payment))
                strong.amount { (money(payment.currency, payment.total)) }
            }
            dl {
                div { dt { (text.order) } dd { code { (payment.order_id) } } }
                div { dt { (text.payment_key) } dd { code { (key) } } }
                div { dt { (text.requested) } dd { (readable(payment.requested_at)) } }
                @if let Some(at) = payment.approved_at {
                    div { dt { (text.approved) } dd { (readable(at)) } }
                }
                (means(text, payment))
                (outcome(text, payment))
            }
            (actions(view, payment))
        }
    }
}

fn status(text: &Text, payment: &Payment) -> Markup {
    html! {
        span.status data-status=(payment.status.as_str()) { (payment.status.as_str()) }
        @if payment.account().is_some_and(|account| account.expired) {
            span.status data-status="EXPIRED" { (text.past_due) }
        }
    }
}

fn means(text: &Text, payment: &Payment) -> Markup {
    html! {
        @match &payment.means {
            Means::VirtualAccount(account) if !account.number.is_empty() => {
                div { dt { (text.means) } dd { "가상계좌 " (account.bank.name) " " code { (account.number) } } }
                div { dt { (text.due) } dd { (readable(account.due)) } }
                div { dt { (text.receipt) } dd { (account.cash_receipt.as_str()) } }
            }
            Means::VirtualAccount(account) => {
                div { dt { (text.means) } dd { "가상계좌 " (account.bank.name) ", " (text.unconfirmed) } }
            }
            Means::Card { card, .. } => div { dt { (text.means) } dd { "카드 " code { (card.masked()) } } },
            Means::Transfer { account, .. } => div { dt { (text.means) } dd { "계좌이체 " (account.bank_name) " " code { (account.number) } } },
            Means::EasyPay { provider, .. } | Means::ForeignEasyPay { provider, .. } => div { dt { (text.means) } dd { "간편결제 " (provider) } },
            Means::MobilePhone { carrier, .. } => div { dt { (text.means) } dd { "휴대폰 " (carrier.as_str()) } },
            Means::GiftCertificate { .. } => div { dt { (text.means) } dd { "상품권" } },
            Means::Undecided { .. } => {}
        }
    }
}

/// What became of the money.
fn outcome(text: &Text, payment: &Payment) -> Markup {
    let show = |amount| money(payment.currency, amount);
    html! {
        @if let Some(failure) = &payment.failure {
            div { dt { (text.failure) } dd { code { (failure.code) } " " (failure.message) } }
        }
        @if !payment.cancels.is_empty() {
            div { dt { (text.balance) } dd { (show(payment.balance)) } }
        }
        @for cancel in &payment.cancels {
            div { dt { (text.given_back) } dd { (show(cancel.amount)) " " (cancel.reason) " " small { (readable(cancel.at)) } } }
        }
    }
}

fn actions(view: View, payment: &Payment) -> Markup {
    let text = view.text;
    let press = |name: &str, label: &str, applies: bool| {
        let key = payment.key.expose();
        view.button(
            &format!("/sandbox/console/payments/{key}/{name}"),
            label,
            applies,
        )
    };
    let is_account = payment.account().is_some();
    html! {
        div.actions {
            @if is_account {
                (press("deposit", text.deposit, payment.takes_deposit()))
                (press("reverse", text.reverse, payment.can_reverse()))
            }
            @if is_account || payment.can_expire() {
                (press("expire", text.expire, payment.can_expire()))
            }
            @if payment.can_cancel() {
                (press("cancel", text.cancel, true))
            }
        }
    }
}

pub(super) fn accounts(view: View, payments: &[Payment]) -> Markup {
    let text = view.text;
    let issued: Vec<(&Payment, &VirtualAccount)> = payments
        .iter()
        .filter_map(|payment| Some((payment, payment.account()?)))
        .filter(|(_, account)| !account.number.is_empty())
        .collect();
    let items = html! {
        ul.rows id="account-list" data-list {
            @if issued.is_empty() { li.empty id="no-accounts" { (text.no_accounts) } }
            @for (payment, account) in &issued {
                li id={ "account-" (account.number) } {
                    div.top {
                        strong { (account.bank.name) " " code { (account.number) } }
                        (status(text, payment))
                        strong.amount { (money(payment.currency, payment.total)) }
                    }
                    dl {
                        div { dt { (text.holder) } dd { (account.customer_name) } }
                        div { dt { (text.due) } dd { (readable(account.due)) } }
                        div { dt { (text.order) } dd { a href={ "#payment-" (payment.key.expose()) } { (payment.order_id) } } }
                    }
                }
            }
        }
    };
    section("accounts", text.accounts, &items)
}

/// `count` is how many there are in all: it numbers them from the oldest.
pub(super) fn billing(view: View, count: usize, records: &[BillingRecord]) -> Markup {
    let text = view.text;
    let items = html! {
        ul.rows id="billing-list" data-list {
            @if records.is_empty() { li.empty id="no-billing" { (text.no_billing) } }
            @for (later, record) in records.iter().enumerate() {
                li id={ "billing-" (count - later) } {
                    div.top {
                        strong { (text.billing_key) " " code { (masked(record.key.expose())) } }
                        @if record.deleted_at.is_some() { span.status data-status="CANCELED" { (text.deleted) } }
                    }
                    dl {
                        div { dt { (text.customer) } dd { code { (masked(record.customer.expose())) } } }
                        div { dt { (text.means) } dd { (instrument(&record.instrument)) } }
                        div { dt { (text.attempts) } dd { (record.attempts) } }
                        div { dt { (text.issued) } dd { (readable(record.authenticated_at)) } }
                    }
                    div.actions {
                        (view.button(
                            &format!("/sandbox/console/billing/{}/delete", count - later),
                            text.delete,
                            record.deleted_at.is_none(),
                        ))
                    }
                }
            }
        }
    };
    section("billing", text.billing, &items)
}

fn instrument(instrument: &Instrument) -> Markup {
    html! {
        @match instrument {
            Instrument::Card(card) => { "카드 " code { (card.masked()) } }
            Instrument::Account { account, .. } => { (account.bank_name) " " code { (account.number) } }
        }
    }
}
