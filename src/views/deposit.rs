//! A virtual account: waiting for the money, paid, cancelled, too late.

use toss_checkout_contract::{Session, SessionStatus};

use crate::{
    effects::Page,
    text::bank_name,
    ui::{
        Mark, Node, Screen, copy_button, countdown, deadline, details, el, link, money, row,
        row_of, shop_link,
    },
};

/// The account exists; nothing is paid.
pub(crate) fn waiting(page: Page, session: &Session) -> Node {
    let text = page.text(Some(session));
    let locale = page.locale(Some(session));
    let mut screen = Screen::new(Mark::Waiting, text.please_deposit);
    screen.lead(text.nothing_paid_yet);
    super::test_mark(&mut screen, session, text);
    let result = session.result.as_ref();
    if let Some(account) = result.and_then(|result| result.virtual_account.as_ref()) {
        let number = el("span", "number").text(&account.account_number);
        let mut rows = vec![
            row(text.bank, bank_name(&account.bank_code, locale)),
            row_of(text.account_number, vec![number.into()]),
            row(text.holder, &account.customer_name),
        ];
        if let Some(amount) = session.amount {
            let price = el("strong", "number").text(&money(amount, locale));
            rows.push(row_of(text.amount, vec![price.into()]));
        }
        let until = [
            &*deadline(&account.due_date, text),
            " (",
            text.korean_time,
            ")",
        ]
        .concat();
        let until = el("div", "").text(&until);
        let left = countdown(&account.due_date, text);
        rows.push(row_of(text.deadline, vec![until.into(), left]));
        screen.body(details(rows));
        for part in copy_button(account.account_number.clone(), text) {
            screen.body(part);
        }
        screen.body(el("p", "note").text(text.exact_amount));
    }
    screen.body(el("p", "note").text(text.live_status));
    screen.action(shop_link(session, text, false));
    screen.node()
}

/// The money arrived.
pub(crate) fn paid(page: Page, session: &Session) -> Node {
    let text = page.text(Some(session));
    let locale = page.locale(Some(session));
    let mut screen = Screen::new(Mark::Done, text.paid);
    super::test_mark(&mut screen, session, text);
    let mut rows = vec![row(text.order, &session.order_name)];
    if let Some(amount) = session.amount {
        rows.push(row(text.amount, &money(amount, locale)));
    }
    let result = session.result.as_ref();
    if let Some(account) = result.and_then(|result| result.virtual_account.as_ref()) {
        let bank = bank_name(&account.bank_code, locale);
        rows.push(row(
            text.method,
            &[text.virtual_account, " (", bank, ")"].concat(),
        ));
    }
    if let Some(at) = result.and_then(|result| result.approved_at.as_ref()) {
        rows.push(row(text.paid_at, &deadline(at, text)));
    }
    screen.body(details(rows));
    screen.action(shop_link(session, text, true));
    let receipt = result.and_then(|result| result.receipt_url.as_deref());
    screen.action(receipt.map(|url| link(text.receipt, url, false)));
    screen.node()
}

/// The money, or part of it, went back.
pub(crate) fn canceled(page: Page, session: &Session) -> Node {
    let text = page.text(Some(session));
    if session.status == SessionStatus::PartiallyCanceled {
        over(page, session, text.partially_canceled, "")
    } else {
        over(page, session, text.canceled, text.canceled_hint)
    }
}

/// Too late: for the deposit, or to start at all.
pub(crate) fn expired(page: Page, session: &Session) -> Node {
    let text = page.text(Some(session));
    let result = session.result.as_ref();
    if result.is_some_and(|result| result.virtual_account.is_some()) {
        over(
            page,
            session,
            text.deposit_expired,
            text.deposit_expired_hint,
        )
    } else {
        over(
            page,
            session,
            text.session_expired,
            text.session_expired_hint,
        )
    }
}

fn over(page: Page, session: &Session, heading: &'static str, lead: &str) -> Node {
    let mut screen = Screen::new(Mark::Failed, heading);
    screen.lead(lead);
    screen.action(shop_link(session, page.text(Some(session)), true));
    screen.node()
}
