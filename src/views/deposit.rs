//! A virtual account: waiting for the money, paid, cancelled, too late.

use toss_checkout_contract::{CashReceiptType, Session, SessionStatus, VirtualAccountOptions};

use super::working::help;
use crate::{
    browser,
    effects::Page,
    flow::When,
    join::join,
    text::Text,
    ui::{
        El, Mark, Screen, copy_button, countdown, deadline, el, link, money, row, row_of, shop_link,
    },
};

/// The account exists; nothing is paid, or what was paid has been taken back by the bank.
pub(crate) fn waiting(page: &Page, session: &Session, reversed: bool, text: &'static Text) -> El {
    let mark = if reversed {
        Mark::Failed
    } else {
        Mark::Waiting
    };
    let screen = Screen::new(mark, text.please_deposit());
    if reversed {
        screen.paragraph("notice trouble", text.reversed());
    }
    screen.lead(text.nothing_paid_yet());
    super::test_mark(screen.result(), session, text);
    let result = session.result.as_ref();
    if let Some(account) = result.and_then(|result| result.virtual_account.as_ref()) {
        let facts = screen.facts();
        row(&facts, text.bank(), text.bank_name(&account.bank_code));
        let number = grouped(&account.account_number);
        row_of(&facts, text.account_number(), el("dd", "").child(number));
        let holder = el("dd", "").text(&account.customer_name);
        row_of(
            &facts,
            text.holder(),
            holder.child(note(text.any_depositor())),
        );
        if let Some(amount) = session.amount {
            let price = el("strong", "number").text(&money(amount, text));
            // Beside the figure, where no pinned bar covers it.
            let exact = el("dd", "").child(price).child(note(text.exact_amount()));
            row_of(&facts, text.amount(), exact);
        }
        let until = el("div", "")
            .text(&deadline(&account.due_date, text))
            .text(" (")
            .text(text.korean_time())
            .text(")");
        let left = countdown(page, &account.due_date, text);
        row_of(
            &facts,
            text.deadline(),
            el("dd", "").child(until).child(left),
        );
        if let Some(VirtualAccountOptions {
            cash_receipt: Some(receipt),
            ..
        }) = &session.virtual_account
            && receipt.kind != CashReceiptType::None
        {
            let after = el("dd", "").child(note(text.cash_receipt_hint()));
            row_of(&facts, text.cash_receipt(), after);
        }
        let words = [text.copy_account(), text.copied(), text.copy_failed()];
        let (copy, said) = copy_button(page, &account.account_number, true, words);
        // In direct mode there is nobody to tell of the deposit.
        let is_live = page.config().is_some_and(|config| !config.direct);
        screen.action(Some(said.text(if is_live {
            text.live_status()
        } else {
            ""
        })));
        screen.action(Some(copy));
    }
    screen.last(tools(page, session, text));
    screen.done()
}

fn note(words: &str) -> El {
    el("div", "note").text(words)
}

/// A number in groups of four that are set apart by their style only: copied or read by a program, it
/// is the plain number.
fn grouped(number: &str) -> El {
    let groups = el("span", "number");
    let mut rest = number;
    while let Some((group, tail)) = rest.split_at_checked(4) {
        groups.put(el("span", "").text(group));
        rest = tail;
    }
    groups.child(el("span", "").text(rest))
}

/// How to see the account again, by the page's address or on paper; and the way out.
fn tools(page: &Page, session: &Session, text: &'static Text) -> El {
    let tools = el("div", "tools").child(el("p", "note").text(text.come_back()));
    if let Some(config) = page.config() {
        let words = [
            text.copy_address(),
            text.address_copied(),
            text.address_not_copied(),
        ];
        let (copy, said) = copy_button(page, &config.form_url, false, words);
        let print = el("button", "button secondary")
            .attr("type", "button")
            .on(page, "click", browser::print)
            .text(text.print());
        tools.put(copy);
        tools.put(print);
        tools.put(said);
    }
    if let Some(shop) = shop_link(session, text, false) {
        tools.put(shop);
    }
    tools
}

/// The money arrived.
pub(crate) fn paid(session: &Session, when: When, text: &Text) -> El {
    let screen = Screen::new(Mark::Done, text.paid());
    super::done_before(&screen, when, text);
    super::test_mark(screen.result(), session, text);
    let facts = screen.facts();
    row(&facts, text.order(), &session.order_name);
    if let Some(amount) = session.amount {
        row(&facts, text.amount(), &money(amount, text));
    }
    let result = session.result.as_ref();
    if let Some(account) = result.and_then(|result| result.virtual_account.as_ref()) {
        let bank = text.bank_name(&account.bank_code);
        let words = join(&[text.virtual_account(), " (", bank, ")"]);
        row(&facts, text.method(), &words);
        if let Some(name) = &account.depositor_name {
            row(&facts, text.depositor(), name);
        }
    }
    if let Some(at) = result.and_then(|result| result.approved_at.as_ref()) {
        row(&facts, text.paid_at(), &deadline(at, text));
    }
    screen.action(shop_link(session, text, true));
    let receipt = result.and_then(|result| result.receipt_url.as_deref());
    screen.action(receipt.map(|url| link(text.receipt(), url, false)));
    screen.done()
}

/// It is over without a payment, or the payment, or part of it, went back.
pub(crate) fn over(page: &Page, session: &Session, text: &Text) -> El {
    let result = session.result.as_ref();
    let (mark, heading, lead) = match session.status {
        SessionStatus::PartiallyCanceled => (
            Mark::Held,
            text.partially_canceled(),
            text.partially_canceled_hint(),
        ),
        SessionStatus::Canceled => {
            let paid = result.is_some_and(|result| result.approved_at.is_some());
            let hint = if paid {
                text.canceled_paid_hint()
            } else {
                text.canceled_hint()
            };
            (Mark::Held, text.canceled(), hint)
        }
        _ if result.is_some_and(|result| result.virtual_account.is_some()) => (
            Mark::Failed,
            text.deposit_expired(),
            text.deposit_expired_hint(),
        ),
        _ => (
            Mark::Failed,
            text.session_expired(),
            text.session_expired_hint(),
        ),
    };
    let screen = Screen::new(mark, heading);
    screen.lead(lead);
    screen.action(shop_link(session, text, true));
    screen.action(help(page, text, false));
    screen.done()
}
