//! A card or account is registered.

use toss_checkout_contract::{ChargeResult, ChargeStatus, Method, Session};

use super::failed::small_print;
use crate::{
    flow::When,
    join::join,
    text::{Text, reason},
    ui::{El, Mark, Screen, card_number, deadline, el, link, money, row, shop_link},
};

/// Registered, and how the first charge went where one was to follow.
pub(crate) fn done(session: &Session, when: When, text: &Text) -> El {
    let result = session.result.as_ref();
    let by_account = result.is_some_and(|result| result.method == Some(Method::Transfer));
    let charge = result.and_then(|result| result.charge.as_ref());
    let heading = if by_account {
        text.account_registered()
    } else {
        text.card_registered()
    };
    let screen = Screen::new(Mark::Done, heading);
    super::done_before(&screen, when, text);
    super::test_mark(screen.result(), session, text);
    if let Some(charge) = charge {
        screen.body(charge_notice(charge, text));
    }
    let account = result.and_then(|result| result.account.as_ref());
    if by_account && account.is_none() {
        screen.paragraph("notice", text.account_later());
    }
    let facts = screen.facts();
    if let Some(card) = result.and_then(|result| result.card.as_ref()) {
        let name = text.card_company(&card.issuer_code).unwrap_or_default();
        let words = join(&[name, " ", &card_number(&card.number)]);
        row(&facts, text.card(), &words);
    }
    if let Some(account) = account {
        let words = join(&[&account.bank_name, " ", &account.account_number]);
        row(&facts, text.transfer(), &words);
    }
    if let Some(plan) = session.plan {
        let price = money(plan.amount, text);
        let words = join(&[&price, " / ", text.interval(plan.interval)]);
        row(&facts, text.next_charges(), &words);
    }
    if let Some(charge) = charge.filter(|charge| charge.status == ChargeStatus::Succeeded) {
        row(&facts, text.amount(), &money(charge.amount, text));
        if let Some(at) = &charge.approved_at {
            row(&facts, text.paid_at(), &deadline(at, text));
        }
    }
    screen.action(shop_link(session, text, true));
    let receipt = charge.and_then(|charge| charge.receipt_url.as_deref());
    screen.action(receipt.map(|url| link(text.receipt(), url, false)));
    screen.done()
}

fn charge_notice(charge: &ChargeResult, text: &Text) -> El {
    let (class, said) = match charge.status {
        ChargeStatus::Succeeded => ("notice good", text.charge_succeeded()),
        ChargeStatus::Declined => ("notice trouble", text.charge_declined()),
        ChargeStatus::Pending | ChargeStatus::Unknown => ("notice", text.charge_unknown()),
    };
    let notice = el("div", class).child(el("p", "").text(said));
    let Some(failure) = &charge.failure else {
        return notice;
    };
    // Without the advice: registered is registered, and there is nothing else to choose here.
    notice
        .child(el("p", "").text(reason(&failure.code).cause(text)))
        .child(el("p", "").text(text.charge_declined_hint()))
        .child(small_print(text, failure.code.as_str(), None))
}
