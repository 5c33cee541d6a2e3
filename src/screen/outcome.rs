//! It is over: registered, paid, cancelled, or too late.

use toss_checkout_contract::{
    Card, ChargeResult, ChargeStatus, Method, Session, SessionResult, SessionStatus,
};

use super::{Action, Code, Fact, Mark, Part, Screen, Surroundings, Tone, Value, test_mode};
use crate::{
    flow::When,
    format::card_number,
    i18n::{Messages, fill, reason},
};

/// A card or account is registered, and how the first charge went where one was to follow.
pub(super) fn registered(session: &Session, when: When, around: Surroundings<'_>) -> Screen {
    let text = around.messages;
    let result = session.result.as_ref();
    let by_account = result.is_some_and(|result| result.method == Some(Method::Transfer));
    let charge = result.and_then(|result| result.charge.as_ref());
    let account = result.and_then(|result| result.account.as_ref());
    let heading = if by_account {
        text.account_registered
    } else {
        text.card_registered
    };

    let mut facts = Vec::new();
    if let Some(card) = result.and_then(|result| result.card.as_ref()) {
        let company = text.card_company(&card.issuer_code).unwrap_or_default();
        let number = card_number(&card.number);
        facts.push(Fact(text.card, words(&[company, " ", &number])));
    }
    if let Some(account) = account {
        let number = words(&[&account.bank_name, " ", &account.account_number]);
        facts.push(Fact(text.transfer, number));
    }
    if let Some(plan) = session.plan {
        let price = Value::Recurring(plan.amount, text.interval(plan.interval));
        facts.push(Fact(text.next_charges, price));
    }
    if let Some(charge) = charge.filter(|charge| charge.status == ChargeStatus::Succeeded) {
        facts.push(Fact(text.amount, Value::Money(charge.amount)));
        let at = charge.approved_at.clone();
        facts.extend(at.map(|at| Fact(text.paid_at, Value::Moment(at))));
    }

    let unnamed = by_account && account.is_none();
    let receipt = charge.and_then(|charge| charge.receipt_url.as_deref());
    Screen::new(Mark::Done, heading)
        .with(done_before(when, text))
        .with(test_mode(session))
        .with(charge.map(|charge| charge_notice(charge, text)))
        .with(unnamed.then(|| Part::Notice(Tone::Neutral, vec![text.account_later], None)))
        .with([Part::Facts(facts)])
        .offer(around.shop(session, true))
        .offer(receipt_link(receipt, text))
}

fn charge_notice(charge: &ChargeResult, text: &'static Messages) -> Part {
    let (tone, said) = match charge.status {
        ChargeStatus::Succeeded => (Tone::Good, text.charge_succeeded),
        ChargeStatus::Declined => (Tone::Trouble, text.charge_declined),
        ChargeStatus::Pending | ChargeStatus::Unknown => (Tone::Neutral, text.charge_unknown),
    };
    let Some(failure) = &charge.failure else {
        return Part::Notice(tone, vec![said], None);
    };
    // Without the advice: registered is registered, and there is nothing else to choose here.
    let cause = reason(&failure.code).cause(text);
    let code = Code {
        code: failure.code.as_str().to_owned(),
        field: None,
    };
    Part::Notice(
        tone,
        vec![said, cause, text.charge_declined_hint],
        Some(code),
    )
}

/// Paid, or the deposit arrived.
pub(super) fn paid(session: &Session, when: When, around: Surroundings<'_>) -> Screen {
    let text = around.messages;
    let result = session.result.as_ref();
    let order = Value::Text(session.order_name.clone().into());
    let mut facts = vec![Fact(text.order, order)];
    facts.extend(
        session
            .amount
            .map(|amount| Fact(text.amount, Value::Money(amount))),
    );
    let deposit = result.and_then(|result| result.virtual_account.as_ref());
    if let Some(account) = deposit {
        let bank = text.bank_name(&account.bank_code);
        let method = words(&[text.virtual_account, " (", bank, ")"]);
        facts.push(Fact(text.method, method));
        let sender = account.depositor_name.clone();
        facts.extend(sender.map(|name| Fact(text.depositor, Value::Text(name.into()))));
    } else if let Some(result) = result {
        let method = paid_with(result, text);
        facts.extend(method.map(|method| Fact(text.method, method)));
        let months = result
            .card
            .as_ref()
            .and_then(|card| card.installment_plan_months);
        facts.extend(months.map(|months| {
            let months = fill(text.months, &[("months", &months.to_string())]);
            Fact(text.installments, Value::Text(months.into()))
        }));
    }
    let at = result.and_then(|result| result.approved_at.clone());
    facts.extend(at.map(|at| Fact(text.paid_at, Value::Moment(at))));

    let receipt = result.and_then(|result| result.receipt_url.as_deref());
    let by_account = result.is_some_and(|it| it.method == Some(Method::VirtualAccount));
    let heading = if by_account || deposit.is_some() {
        text.deposited
    } else {
        text.paid
    };
    Screen::new(Mark::Done, heading)
        .with(done_before(when, text))
        .with(test_mode(session))
        .with([Part::Facts(facts)])
        .offer(around.shop(session, true))
        .offer(receipt_link(receipt, text))
}

/// 카드 (현대카드), 간편결제 (토스페이), 휴대폰.
fn paid_with(result: &SessionResult, text: &'static Messages) -> Option<Value> {
    let company = |card: &Card| text.card_company(&card.issuer_code);
    let service = result.easy_pay.as_deref();
    let (name, by) = match service.map(|code| text.easy_pay_name(code)) {
        Some(service) if result.method == Some(Method::ForeignEasyPay) => {
            (text.foreign_easy_pay, Some(service))
        }
        Some(service) => (text.easy_pay, Some(service)),
        None => (
            text.method_name(result.method?),
            result.card.as_ref().and_then(company),
        ),
    };
    Some(match by {
        Some(by) => words(&[name, " (", by, ")"]),
        None => words(&[name]),
    })
}

/// It is over without a payment, or the payment, or part of it, went back.
pub(super) fn over(session: &Session, around: Surroundings<'_>) -> Screen {
    let text = around.messages;
    let result = session.result.as_ref();
    let was_paid = result.is_some_and(|result| result.approved_at.is_some());
    let has_account = result.is_some_and(|result| result.virtual_account.is_some());
    let (mark, heading, lead) = match session.status {
        SessionStatus::PartiallyCanceled => (
            Mark::Held,
            text.partially_canceled,
            text.partially_canceled_hint,
        ),
        SessionStatus::Canceled if was_paid => (Mark::Held, text.canceled, text.canceled_paid_hint),
        SessionStatus::Canceled => (Mark::Held, text.canceled, text.canceled_hint),
        _ if has_account => (
            Mark::Failed,
            text.deposit_expired,
            text.deposit_expired_hint,
        ),
        _ => (
            Mark::Failed,
            text.session_expired,
            text.session_expired_hint,
        ),
    };
    Screen::new(mark, heading)
        .lead(lead)
        .offer(around.shop(session, true))
        .offer(around.help(false))
}

/// Says that nothing is left to be done, where the buyer opened what was done before.
fn done_before(when: When, text: &'static Messages) -> Option<Part> {
    (when == When::Before).then_some(Part::Lead(text.done_before.into()))
}

fn receipt_link(url: Option<&str>, text: &'static Messages) -> Option<Action> {
    url.map(|url| Action::Link {
        label: text.receipt,
        href: url.to_owned(),
        primary: false,
    })
}

fn words(parts: &[&str]) -> Value {
    Value::Text(parts.concat().into())
}
