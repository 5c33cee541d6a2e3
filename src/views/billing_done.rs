//! A card or account is registered.

use toss_checkout_contract::{ChargeResult, ChargeStatus, Method, Session};

use super::failed::small_print;
use crate::{
    effects::Page,
    text::{Text, card_name, reason},
    ui::{Mark, Node, Screen, card_number, deadline, details, el, link, money, row, shop_link},
};

/// Registered, and how the first charge went where one was to follow.
pub(crate) fn done(page: Page, session: &Session) -> Node {
    let text = page.text(Some(session));
    let locale = page.locale(Some(session));
    let result = session.result.as_ref();
    let by_account = result.is_some_and(|result| result.method == Some(Method::Transfer));
    let charge = result.and_then(|result| result.charge.as_ref());
    let heading = if by_account {
        text.account_registered
    } else {
        text.card_registered
    };
    let mut screen = Screen::new(Mark::Done, heading);
    super::test_mark(&mut screen, session, text);
    if let Some(charge) = charge {
        screen.body(charge_notice(charge, text));
    }
    let mut rows = Vec::new();
    if let Some(card) = result.and_then(|result| result.card.as_ref()) {
        let name = card_name(&card.issuer_code, locale).unwrap_or_default();
        rows.push(row(
            text.card,
            &[name, " ", &card_number(&card.number)].concat(),
        ));
    }
    match result.and_then(|result| result.account.as_ref()) {
        Some(account) => {
            let words = [&*account.bank_name, " ", &account.account_number].concat();
            rows.push(row(text.transfer, &words));
        }
        None if by_account => screen.body(el("p", "notice").text(text.account_later)),
        None => {}
    }
    if let Some(plan) = session.plan {
        let words = [
            &*money(plan.amount, locale),
            " / ",
            text.interval(plan.interval),
        ]
        .concat();
        rows.push(row(text.next_charges, &words));
    }
    if let Some(charge) = charge.filter(|charge| charge.status == ChargeStatus::Succeeded) {
        rows.push(row(text.amount, &money(charge.amount, locale)));
        if let Some(at) = &charge.approved_at {
            rows.push(row(text.paid_at, &deadline(at, text)));
        }
    }
    screen.body(details(rows));
    screen.action(shop_link(session, text, true));
    let receipt = charge.and_then(|charge| charge.receipt_url.as_deref());
    screen.action(receipt.map(|url| link(text.receipt, url, false)));
    screen.node()
}

fn charge_notice(charge: &ChargeResult, text: &'static Text) -> Node {
    let (class, said) = match charge.status {
        ChargeStatus::Succeeded => ("notice good", text.charge_succeeded),
        ChargeStatus::Declined => ("notice trouble", text.charge_declined),
        ChargeStatus::Pending | ChargeStatus::Unknown => ("notice", text.charge_unknown),
    };
    let notice = el("div", class).child(el("p", "").text(said));
    let Some(failure) = &charge.failure else {
        return notice.into();
    };
    notice
        .child(el("p", "").text(reason(&failure.code).sentence(&text.reasons)))
        .child(small_print(text, failure.code.as_str(), None))
        .into()
}
