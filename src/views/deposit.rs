//! A virtual account: waiting for the money, paid, cancelled, too late.

use toss_checkout_contract::{Session, SessionStatus};

use crate::{
    effects::Page,
    join::join,
    text::Text,
    ui::{
        El, Mark, Screen, copy_button, countdown, deadline, el, link, money, row, row_of, shop_link,
    },
};

/// The account exists; nothing is paid.
pub(crate) fn waiting(page: &Page, session: &Session, text: &'static Text) -> El {
    let screen = Screen::new(Mark::Waiting, text.please_deposit);
    screen.lead(text.nothing_paid_yet);
    super::test_mark(screen.result(), session, text);
    let result = session.result.as_ref();
    if let Some(account) = result.and_then(|result| result.virtual_account.as_ref()) {
        let facts = screen.facts();
        row(&facts, text.bank, text.bank(&account.bank_code));
        let number = el("span", "number").text(&account.account_number);
        row_of(&facts, text.account_number, el("dd", "").child(number));
        row(&facts, text.holder, &account.customer_name);
        if let Some(amount) = session.amount {
            let price = el("strong", "number").text(&money(amount, text));
            // Beside the figure, where no pinned bar covers it.
            let exact = el("div", "note").text(text.exact_amount);
            row_of(&facts, text.amount, el("dd", "").child(price).child(exact));
        }
        let until = el("div", "")
            .text(&deadline(&account.due_date, text))
            .text(" (")
            .text(text.korean_time)
            .text(")");
        let left = countdown(page, &account.due_date, text);
        row_of(&facts, text.deadline, el("dd", "").child(until).child(left));
        copy_button(page, screen.result(), &account.account_number, text);
    }
    // Beside the action, which a phone keeps in sight.
    screen.action(Some(el("p", "why").text(text.live_status)));
    screen.action(shop_link(session, text, false));
    screen.done()
}

/// The money arrived.
pub(crate) fn paid(session: &Session, text: &Text) -> El {
    let screen = Screen::new(Mark::Done, text.paid);
    super::test_mark(screen.result(), session, text);
    let facts = screen.facts();
    row(&facts, text.order, &session.order_name);
    if let Some(amount) = session.amount {
        row(&facts, text.amount, &money(amount, text));
    }
    let result = session.result.as_ref();
    if let Some(account) = result.and_then(|result| result.virtual_account.as_ref()) {
        let bank = text.bank(&account.bank_code);
        let words = join(&[text.virtual_account, " (", bank, ")"]);
        row(&facts, text.method, &words);
    }
    if let Some(at) = result.and_then(|result| result.approved_at.as_ref()) {
        row(&facts, text.paid_at, &deadline(at, text));
    }
    screen.action(shop_link(session, text, true));
    let receipt = result.and_then(|result| result.receipt_url.as_deref());
    screen.action(receipt.map(|url| link(text.receipt, url, false)));
    screen.done()
}

/// It is over without a payment, or the payment, or part of it, went back.
pub(crate) fn over(session: &Session, text: &Text) -> El {
    let result = session.result.as_ref();
    let (heading, lead) = match session.status {
        SessionStatus::PartiallyCanceled => (text.partially_canceled, ""),
        SessionStatus::Canceled => (text.canceled, text.canceled_hint),
        _ if result.is_some_and(|result| result.virtual_account.is_some()) => {
            (text.deposit_expired, text.deposit_expired_hint)
        }
        _ => (text.session_expired, text.session_expired_hint),
    };
    let screen = Screen::new(Mark::Failed, heading);
    screen.lead(lead);
    screen.action(shop_link(session, text, true));
    screen.done()
}
