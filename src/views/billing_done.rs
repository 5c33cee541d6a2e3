//! A card or account is registered.

use leptos::prelude::*;
use toss_checkout_contract::{ChargeResult, ChargeStatus, Locale, Method, Session};

use super::{failed::small_print, test_mark};
use crate::{
    effects::Page,
    text::{Text, card_name, reason},
    ui::{Mark, Screen, card_number, deadline, details, el, link, money, row, shop_link},
};

/// Registered, and how the first charge went where one was to follow.
pub(crate) fn done(page: Page, session: &Session) -> AnyView {
    let text = page.text(Some(session));
    let locale = page.locale(Some(session));
    let result = session.result.clone().unwrap_or_default();
    let by_account = result.method == Some(Method::Transfer);
    let mut rows = Vec::new();
    if let Some(card) = &result.card {
        let name = card_name(&card.issuer_code, locale).unwrap_or(text.card);
        rows.push(row(
            text.card,
            format!("{name} {}", card_number(&card.number)),
        ));
    }
    if let Some(account) = &result.account {
        let shown = format!("{} {}", account.bank_name, account.account_number);
        rows.push(row(text.transfer, shown));
    }
    if let Some(plan) = session.plan {
        let price = money(plan.amount, locale);
        rows.push(row(
            text.next_charges,
            format!("{price} / {}", text.interval(plan.interval)),
        ));
    }
    if let Some(charge) = &result.charge {
        rows.extend(charge_rows(charge, locale, text));
    }
    let charge = result
        .charge
        .as_ref()
        .map(|charge| charge_notice(charge, text));
    let unnamed = (by_account && result.account.is_none())
        .then(|| el("p", "notice").text(text.account_later).view());
    let receipt = result.charge.and_then(|charge| charge.receipt_url);
    let main_link = shop_link(session, text, true);
    let body = [
        test_mark(session, text),
        charge,
        unnamed,
        Some(details(rows)),
    ];
    Screen {
        mark: Mark::Done,
        heading: if by_account {
            text.account_registered
        } else {
            text.card_registered
        },
        lead: None,
        body: body.into_iter().flatten().collect(),
        actions: [main_link, receipt.map(|url| link(text.receipt, url, false))]
            .into_iter()
            .flatten()
            .collect(),
    }
    .view()
}

fn charge_notice(charge: &ChargeResult, text: &'static Text) -> AnyView {
    let (class, said) = match charge.status {
        ChargeStatus::Succeeded => ("notice good", text.charge_succeeded),
        ChargeStatus::Declined => ("notice trouble", text.charge_declined),
        ChargeStatus::Pending | ChargeStatus::Unknown => ("notice", text.charge_unknown),
    };
    let failure = charge.failure.as_ref().map(|failure| {
        let why = reason(&failure.code).sentence(&text.reasons);
        let code = failure.code.as_str();
        [el("p", "").text(why).view(), small_print(text, code, None)]
    });
    el("div", class)
        .child(el("p", "").text(said).view())
        .children(failure.into_iter().flatten())
        .view()
}

fn charge_rows(charge: &ChargeResult, locale: Locale, text: &'static Text) -> Vec<AnyView> {
    if charge.status != ChargeStatus::Succeeded {
        return Vec::new();
    }
    let mut rows = vec![row(text.amount, money(charge.amount, locale))];
    if let Some(at) = &charge.approved_at {
        rows.push(row(text.paid_at, deadline(at, text)));
    }
    rows
}
