//! A virtual account: waiting for the money, paid, cancelled, too late.

use leptos::prelude::*;
use toss_checkout_contract::{Session, SessionStatus};

use super::test_mark;
use crate::{
    effects::Page,
    text::bank_name,
    ui::{
        Mark, Screen, copy_button, countdown, deadline, details, el, link, money, row, row_of,
        shop_link,
    },
};

/// The account exists; nothing is paid.
pub(crate) fn waiting(page: Page, session: &Session) -> AnyView {
    let text = page.text(Some(session));
    let locale = page.locale(Some(session));
    let result = session.result.clone().unwrap_or_default();
    let mut rows = Vec::new();
    let mut body: Vec<AnyView> = test_mark(session, text).into_iter().collect();
    if let Some(account) = result.virtual_account {
        let bank = bank_name(&account.bank_code, locale).to_owned();
        rows.push(row(text.bank, bank));
        let number = el("span", "number").text(account.account_number.clone());
        rows.push(row_of(text.account_number, vec![number.view()]));
        rows.push(row(text.holder, account.customer_name));
        if let Some(amount) = session.amount {
            let price = el("strong", "number").text(money(amount, locale));
            rows.push(row_of(text.amount, vec![price.view()]));
        }
        let until = format!(
            "{} ({})",
            deadline(&account.due_date, text),
            text.korean_time
        );
        let left = countdown(&account.due_date, text);
        let until = el("div", "").text(until).view();
        rows.push(row_of(text.deadline, vec![until, left]));
        body.push(details(rows));
        body.extend(copy_button(account.account_number, text));
        body.push(el("p", "note").text(text.exact_amount).view());
    }
    body.push(el("p", "note").text(text.live_status).view());
    Screen {
        mark: Mark::Waiting,
        heading: text.please_deposit,
        lead: Some(text.nothing_paid_yet),
        body,
        actions: shop_link(session, text, false).into_iter().collect(),
    }
    .view()
}

/// The money arrived.
pub(crate) fn paid(page: Page, session: &Session) -> AnyView {
    let text = page.text(Some(session));
    let locale = page.locale(Some(session));
    let result = session.result.clone().unwrap_or_default();
    let mut rows = vec![row(text.order, session.order_name.clone())];
    if let Some(amount) = session.amount {
        rows.push(row(text.amount, money(amount, locale)));
    }
    if let Some(account) = &result.virtual_account {
        let bank = bank_name(&account.bank_code, locale);
        let method = format!("{} ({bank})", text.virtual_account);
        rows.push(row(text.method, method));
    }
    if let Some(at) = &result.approved_at {
        rows.push(row(text.paid_at, deadline(at, text)));
    }
    let receipt = result.receipt_url.map(|url| link(text.receipt, url, false));
    let body = [test_mark(session, text), Some(details(rows))];
    Screen {
        mark: Mark::Done,
        heading: text.paid,
        lead: None,
        body: body.into_iter().flatten().collect(),
        actions: [shop_link(session, text, true), receipt]
            .into_iter()
            .flatten()
            .collect(),
    }
    .view()
}

/// The money, or part of it, went back.
pub(crate) fn canceled(page: Page, session: &Session) -> AnyView {
    let text = page.text(Some(session));
    let (heading, lead) = match session.status {
        SessionStatus::PartiallyCanceled => (text.partially_canceled, None),
        _ => (text.canceled, Some(text.canceled_hint)),
    };
    Screen {
        mark: Mark::Failed,
        heading,
        lead,
        body: Vec::new(),
        actions: shop_link(session, text, true).into_iter().collect(),
    }
    .view()
}

/// Too late: for the deposit, or to start at all.
pub(crate) fn expired(page: Page, session: &Session) -> AnyView {
    let text = page.text(Some(session));
    let had_account = session
        .result
        .as_ref()
        .is_some_and(|result| result.virtual_account.is_some());
    let (heading, lead) = if had_account {
        (text.deposit_expired, text.deposit_expired_hint)
    } else {
        (text.session_expired, text.session_expired_hint)
    };
    Screen {
        mark: Mark::Failed,
        heading,
        lead: Some(lead),
        body: Vec::new(),
        actions: shop_link(session, text, true).into_iter().collect(),
    }
    .view()
}
