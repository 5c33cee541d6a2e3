use super::*;
use crate::{payment::Status, window::Stage};

#[test]
fn a_button_pressed_twice_ends_the_same_way() {
    let (mut state, shop) = toss();
    let window = open_payment(&mut state, shop, "order-1", NOW);
    let first = state.choose_account(&window, choice(), NOW).unwrap();
    assert_eq!(state.choose_account(&window, choice(), NOW), Ok(first));
    assert_eq!(state.payments().len(), 1);

    let window = open_billing(&mut state, shop, NOW);
    let first = state.register(&window, working_card(), NOW).unwrap();
    assert_eq!(state.register(&window, working_card(), NOW), Ok(first));

    let window = open_billing(&mut state, shop, NOW);
    assert_eq!(state.give_up(&window, NOW), Ok(WindowOutcome::Canceled));
    assert_eq!(state.give_up(&window, NOW), Ok(WindowOutcome::Canceled));
}

#[test]
fn a_window_that_was_left_cannot_be_left_otherwise() {
    let (mut state, shop) = toss();
    let window = open_payment(&mut state, shop, "order-1", NOW);
    state.choose_account(&window, choice(), NOW).unwrap();
    assert!(state.give_up(&window, NOW).is_err());
    assert!(state.fail(&window, "X", NOW).is_err());
    assert!(state.register(&window, working_card(), NOW).is_err());

    let window = open_billing(&mut state, shop, NOW);
    state.fail(&window, "PAY_PROCESS_ABORTED", NOW).unwrap();
    assert!(state.register(&window, working_card(), NOW).is_err());
    assert!(matches!(
        state.window(&window, NOW).unwrap().stage,
        Stage::Left(_)
    ));
}

#[test]
fn giving_up_or_failing_leaves_the_payment_as_it_is() {
    let (mut state, shop) = toss();
    let first = open_payment(&mut state, shop, "order-1", NOW);
    state.give_up(&first, NOW).unwrap();
    let second = open_payment(&mut state, shop, "order-1", NOW);
    let ending = state.fail(&second, "REJECT_CARD_COMPANY", NOW).unwrap();
    assert_eq!(
        ending,
        WindowOutcome::Failed {
            code: "REJECT_CARD_COMPANY".into(),
            order_id: Some("order-1".into())
        }
    );
    assert!(
        state
            .payments()
            .iter()
            .all(|payment| payment.status == Status::Ready)
    );
    assert!(callbacks(&mut state).is_empty());
    // And the order can still be paid.
    waiting(&mut state, shop, "order-1", NOW);
}

#[test]
fn a_due_date_must_be_one_and_possible() {
    let (mut state, shop) = toss();
    let mut open = |hours: Option<u16>, date: Option<&str>| {
        let form = PaymentForm {
            valid_hours: hours,
            due_date: date.map(str::to_owned),
            ..form("order-1", 15_000)
        };
        state
            .open_payment(shop, Target::Page, redirect(), form, NOW)
            .map(|_| ())
            .map_err(|refusal| refusal.code.to_string())
    };
    let refused = |code: &str| Err(code.to_owned());
    assert_eq!(open(None, None), Ok(()));
    assert_eq!(open(Some(1), None), Ok(()));
    assert_eq!(open(Some(2160), None), Ok(()));
    assert_eq!(open(Some(2161), None), refused("EXCEED_MAX_VALID_HOURS"));
    assert_eq!(open(Some(0), None), refused("INVALID_REQUEST"));
    assert_eq!(open(None, Some("2026-11-21T09:00:01")), Ok(()));
    assert_eq!(
        open(None, Some("2026-11-21T09:00:00")),
        refused("INVALID_DATE")
    );
    assert_eq!(open(None, Some("soon")), refused("INVALID_DATE"));
    assert_eq!(
        open(None, Some("2027-11-21T09:00:00")),
        refused("EXCEED_MAX_DUE_DATE")
    );
    assert_eq!(
        open(Some(1), Some("2026-11-22T09:00:00")),
        refused("INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE")
    );
}

#[test]
fn keys_are_told_apart() {
    let (state, shop) = toss();
    let code = |result: Result<Shop, crate::errors::Refusal>| {
        result.map_err(|refusal| refusal.code.to_string())
    };
    let client = |key| code(state.shop_of_client(key));
    assert_eq!(client("test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq"), Ok(shop));
    assert_eq!(client("test_ck_nobody"), Err("UNAUTHORIZED_KEY".into()));
    assert_eq!(client("live_ck_abc"), Err("INVALID_CLIENT_KEY".into()));
    assert_eq!(client("test_sk_abc"), Err("INVALID_CLIENT_KEY".into()));
    let widget = "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm";
    assert_eq!(client(widget), Err("INVALID_API_KEY".into()));
    let secret = |key| code(state.authenticate(key));
    assert_eq!(secret("test_sk_nobody"), Err("UNAUTHORIZED_KEY".into()));
    assert_eq!(secret(""), Err("UNAUTHORIZED_KEY".into()));
    assert_eq!(secret("live_sk_abc"), Err("UNAUTHORIZED_KEY".into()));
    let widget = "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6";
    assert_eq!(secret(widget), Err("INVALID_API_KEY".into()));
}

#[test]
fn old_windows_and_keys_leave_memory() {
    let (mut state, shop) = toss();
    let mut now = NOW;
    for _ in 0..50 {
        auth_key(&mut state, shop, working_card(), now);
        now += Duration::HOUR;
    }
    // A day's worth, and the one that has just come.
    assert!(state.windows.len() <= 26, "{}", state.windows.len());
    assert!(state.authorizations.len() <= 26);
}

#[test]
fn however_many_windows_are_finished_few_are_remembered_and_none_that_is_open() {
    let (mut state, shop) = toss();
    let open = open_billing(&mut state, shop, NOW);
    for number in 0..5_000 {
        let now = NOW + Duration::milliseconds(number);
        let window = open_billing(&mut state, shop, now);
        state.give_up(&window, now).unwrap();
        assert!(state.windows.len() <= 1_001);
    }
    assert!(
        state
            .register(&open, working_card(), NOW + Duration::MINUTE)
            .is_ok()
    );
}

#[test]
fn windows_that_are_all_open_are_all_kept() {
    let (mut state, shop) = toss();
    let all: Vec<_> = (0..3_000)
        .map(|number| open_billing(&mut state, shop, NOW + Duration::milliseconds(number)))
        .collect();
    let now = NOW + Duration::MINUTE;
    assert!(all.iter().all(|window| state.give_up(window, now).is_ok()));
}
