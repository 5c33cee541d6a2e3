//! Screens, state by state.

use std::sync::Arc;

use serde_json::json;
use toss_checkout_contract::{Session, Timestamp};

use super::*;
use crate::{
    config::Misconfiguration,
    flow::{Redirect, Refusal, RequestError, Stage, State},
    i18n::{EN, KO},
};

fn session(more: &serde_json::Value) -> Arc<Session> {
    let mut session = json!({
        "id": "cs_0123456789abcdefABCDEF", "kind": "payment", "status": "open", "revision": 1,
        "orderId": "order-0001", "orderName": "티셔츠 1장", "customerKey": "customer-1",
        "amount": {"value": 15_000, "currency": "KRW"}, "methods": ["VIRTUAL_ACCOUNT"],
        "clientKey": "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq",
        "expiresAt": "2030-01-01T00:00:00+09:00",
    });
    let fields = session.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    Arc::new(serde_json::from_value(session).unwrap())
}

fn shown(state: &State) -> Screen {
    let around = Surroundings {
        messages: &KO,
        support_url: Some("https://shop.example/help"),
    };
    screen(state, around).unwrap()
}

fn help(primary: bool) -> Action {
    Action::Link {
        label: KO.help,
        href: "https://shop.example/help".to_owned(),
        primary,
    }
}

#[test]
fn a_form_a_skeleton_and_a_waiting_account_have_pages_of_their_own() {
    let around = Surroundings {
        messages: &EN,
        support_url: None,
    };
    assert_eq!(screen(&State::Loading(Redirect::None), around), None);
    let waiting = session(&json!({"status": "waiting_for_deposit"}));
    assert_eq!(screen(&State::Reversed(waiting.clone()), around), None);
    assert_eq!(screen(&State::Outcome(waiting, When::Now), around), None);
}

#[test]
fn a_failure_is_a_sentence_the_code_and_one_action() {
    let state = State::Failed(
        session(&json!({})),
        "REJECT_CARD_PAYMENT".into(),
        Stage::Confirm,
    );
    let screen = shown(&state);
    assert_eq!(
        (screen.mark, screen.heading),
        (Mark::Failed, KO.payment_failed)
    );
    let code = Code {
        code: "REJECT_CARD_PAYMENT".to_owned(),
        field: None,
    };
    // There is no other method to choose.
    assert_eq!(
        screen.body,
        [
            Part::Lead(KO.no_funds.into()),
            Part::Lead(KO.not_approved.into()),
            Part::Code(code)
        ]
    );
    assert_eq!(
        screen.actions,
        [Action::TryAgain(KO.try_again), help(false)]
    );

    let two = session(&json!({"kind": "billing", "methods": ["CARD", "TRANSFER"]}));
    let screen = shown(&State::Failed(
        two,
        "REJECT_CARD_PAYMENT".into(),
        Stage::Window,
    ));
    assert_eq!(screen.heading, KO.registration_failed);
    let advised = [KO.no_funds, " ", KO.choose_other].concat();
    assert_eq!(
        screen.body[..2],
        [
            Part::Lead(advised.into()),
            Part::Lead(KO.stopped_in_window.into())
        ]
    );
    assert_eq!(screen.actions[0], Action::TryAgain(KO.other_method));
}

/// The payment of before may stand.
#[test]
fn of_an_order_that_was_done_before_nobody_says_that_nothing_was_paid() {
    for stage in [Stage::Window, Stage::Confirm] {
        let code = "DUPLICATED_ORDER_ID".into();
        let screen = shown(&State::Failed(session(&json!({})), code, stage));
        let [Part::Lead(sentence), Part::Code(_)] = &*screen.body else {
            panic!("{:?}", screen.body)
        };
        assert_eq!(sentence, KO.already_done);
    }
}

/// A code that nobody knows yet.
#[test]
fn another_method_is_advised_where_there_is_one() {
    let said = |methods: &serde_json::Value| {
        let session = session(&json!({"methods": methods}));
        let screen = shown(&State::Failed(session, "NEXT_YEAR".into(), Stage::Window));
        (screen.body[0].clone(), screen.actions[0].clone())
    };
    let again = Action::TryAgain(KO.try_again);
    let one = said(&json!(["CARD"]));
    assert_eq!(one, (Part::Lead(KO.unknown.into()), again.clone()));
    let advised = [KO.unknown, " ", KO.or_choose_other].concat();
    let two = said(&json!(["CARD", "TRANSFER"]));
    assert_eq!(two, (Part::Lead(advised.into()), again));
}

#[test]
fn only_the_shop_can_help_leads_to_the_shop_by_an_address_of_the_web() {
    let of = |url: &str| {
        let session = session(&json!({"returnUrl": url}));
        shown(&State::Failed(
            session,
            "INVALID_API_KEY".into(),
            Stage::Confirm,
        ))
        .actions
    };
    let shop = Action::Link {
        label: KO.back_to_shop,
        href: "https://shop.example/".to_owned(),
        primary: true,
    };
    assert_eq!(of("https://shop.example/")[0], shop);
    assert_eq!(of("javascript:alert(1)")[0], Action::TryAgain(KO.try_again));
}

#[test]
fn a_refusal_names_the_parameter() {
    let screen = shown(&State::Refused(session(&json!({})), Refusal::Amount));
    assert_eq!(screen.body[0], Part::Lead(KO.refused_amount.into()));
    let code = Code {
        code: "CHECKOUT_AMOUNT_MISMATCH".to_owned(),
        field: Some("amount"),
    };
    assert_eq!(screen.body[2], Part::Code(code));
    assert_eq!(screen.actions, [Action::TryAgain(KO.try_again)]);
}

#[test]
fn what_was_paid_is_told_with_its_facts() {
    let paid = session(&json!({"status": "paid", "result": {
        "method": "VIRTUAL_ACCOUNT", "approvedAt": "2026-11-21T14:03:00+09:00",
        "receiptUrl": "https://receipt.example/",
        "virtualAccount": {"bankCode": "88", "accountNumber": "X1", "depositorName": "김토스"},
    }}));
    let screen = shown(&State::Outcome(paid.clone(), When::Before));
    assert_eq!((screen.mark, screen.heading), (Mark::Done, KO.deposited));
    assert_eq!(screen.body[0], Part::Lead(KO.done_before.into()));
    assert_eq!(screen.body[1], Part::TestMode);
    let text = |words: &str| Value::Text(words.to_owned().into());
    let facts = vec![
        Fact(KO.order, text("티셔츠 1장")),
        Fact(KO.amount, Value::Money(paid.amount.unwrap())),
        Fact(KO.method, text("가상계좌 (신한은행)")),
        Fact(KO.depositor, text("김토스")),
        Fact(
            KO.paid_at,
            Value::Moment(Timestamp::new("2026-11-21T14:03:00+09:00").unwrap()),
        ),
    ];
    assert_eq!(screen.body[2], Part::Facts(facts));
    let live = session(&json!({"status": "paid", "clientKey": "live_ck_abc"}));
    let screen = shown(&State::Outcome(live, When::Now));
    assert!(matches!(screen.body[..], [Part::Facts(_)]));
}

#[test]
fn what_was_paid_at_once_names_the_method_and_has_its_receipt() {
    let paid = |result| session(&json!({"status": "paid", "result": result}));
    let with = |state: Arc<Session>| {
        let screen = shown(&State::Outcome(state, When::Now));
        assert_eq!((screen.mark, screen.heading), (Mark::Done, KO.paid));
        let Some(Part::Facts(facts)) = screen.body.last() else {
            panic!("{:?}", screen.body)
        };
        let receipt = screen.actions.last().cloned();
        (facts[2].clone(), receipt)
    };
    let fact = |words: &str| Fact(KO.method, Value::Text(words.to_owned().into()));
    let (method, receipt) = with(paid(json!({
        "method": "CARD", "card": {"issuerCode": "61", "number": "43301234****123*"},
        "approvedAt": "2026-11-21T14:03:00+09:00", "receiptUrl": "https://receipt.example/",
    })));
    assert_eq!(method, fact("카드 (현대카드)"));
    let link = Action::Link {
        label: KO.receipt,
        href: "https://receipt.example/".to_owned(),
        primary: false,
    };
    assert_eq!(receipt, Some(link));
    let (method, _) = with(paid(json!({"method": "CARD", "easyPay": "토스페이"})));
    assert_eq!(method, fact("간편결제 (토스페이)"));
    let (method, _) = with(paid(
        json!({"method": "FOREIGN_EASY_PAY", "easyPay": "PAYPAL"}),
    ));
    assert_eq!(method, fact("해외간편결제 (PayPal)"));
    let (method, _) = with(paid(json!({"method": "MOBILE_PHONE"})));
    assert_eq!(method, fact("휴대폰"));
}

#[test]
fn a_declined_first_charge_stands_beside_the_registration() {
    let state = State::Outcome(
        session(&json!({"kind": "billing", "status": "registered",
            "plan": {"amount": {"value": 4_900, "currency": "KRW"}, "interval": "month"},
            "result": {"method": "CARD",
                "card": {"issuerCode": "61", "number": "43301234****123*"},
                "charge": {"status": "declined", "orderId": "charge-1",
                    "amount": {"value": 4_900, "currency": "KRW"},
                    "failure": {"code": "REJECT_CARD_PAYMENT"}}}})),
        When::Now,
    );
    let screen = shown(&state);
    assert_eq!(
        (screen.mark, screen.heading),
        (Mark::Done, KO.card_registered)
    );
    let Part::Notice(Tone::Trouble, said, Some(code)) = &screen.body[1] else {
        panic!("{:?}", screen.body)
    };
    assert_eq!(said[0], KO.charge_declined);
    assert_eq!(said[1], "한도를 넘었거나 잔액이 부족해요.");
    assert_eq!(code.code, "REJECT_CARD_PAYMENT");
    let Part::Facts(facts) = &screen.body[2] else {
        panic!("{:?}", screen.body)
    };
    assert_eq!(
        facts[0].1,
        Value::Text("현대카드 4330-1234-****-123*".into())
    );
    assert_eq!(facts.len(), 2, "nothing was charged");
}

#[test]
fn without_a_network_nothing_is_blamed_on_the_shop() {
    for (error, mark, heading) in [
        (RequestError::Offline, Mark::Held, KO.offline),
        (RequestError::Timeout, Mark::Failed, KO.unreachable),
    ] {
        let screen = shown(&State::Unreachable(Redirect::None, error));
        assert_eq!((screen.mark, screen.heading), (mark, heading));
        assert_eq!(
            screen.actions,
            [Action::TryAgain(KO.try_again), help(false)]
        );
    }
}

#[test]
fn the_developer_is_told_the_fix() {
    let screen = shown(&State::Misconfigured(Misconfiguration::NoSession));
    assert_eq!(screen.body[0], Part::Lead(KO.misconfigured_hint.into()));
    let Part::Fix(fix) = &screen.body[1] else {
        panic!("{:?}", screen.body)
    };
    assert!(fix.contains("POST /api/sessions"), "{fix}");
    assert_eq!(screen.actions, [help(true)]);
}

#[test]
fn a_long_look_up_makes_the_way_back_the_main_action() {
    let session = session(&json!({"status": "unknown", "returnUrl": "https://shop.example/"}));
    for (wait, lead, primary) in [
        (Wait::Short, KO.looking_up_hint, false),
        (Wait::Long, KO.looking_up_long, true),
    ] {
        let screen = shown(&State::LookingUp(session.clone(), wait));
        assert_eq!(screen.body, [Part::Lead(lead.into())]);
        assert!(
            matches!(&screen.actions[0], Action::Link { primary: main, .. } if *main == primary)
        );
    }
}
