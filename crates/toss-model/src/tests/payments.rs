use super::*;
use crate::{ActionError, payment::Status};

#[test]
fn confirm_issues_the_account_and_tells_the_secret_to_the_webhook() {
    let (mut state, shop) = toss();
    let key = authenticated(&mut state, shop, "order-1", NOW);
    let payment = state
        .confirm(shop, &key, "order-1", won(15_000), NOW)
        .unwrap();
    assert_eq!(payment.status, Status::WaitingForDeposit);
    assert_eq!(payment.approved_at, None);
    let account = payment.account().unwrap();
    assert!(account.number.starts_with('X') && account.number.len() <= 20);
    assert_eq!(account.due, NOW + Duration::hours(72));
    let secret = payment.secret.clone().unwrap();
    assert!(secret.starts_with("ps_") && secret.len() <= 50);
    let told = callbacks(&mut state);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].secret, secret);
    assert_eq!(told[0].status, "WAITING_FOR_DEPOSIT");
    assert!(callbacks(&mut state).is_empty());
}

#[test]
fn confirm_compares_everything_with_what_the_window_was_opened_with() {
    let (mut state, shop) = toss();
    let other = other_shop(&state);
    let key = authenticated(&mut state, shop, "order-1", NOW);
    let mut code = |shop, key: &str, order: &str, amount| {
        let refused = state
            .confirm(shop, key, order, won(amount), NOW)
            .unwrap_err();
        (refused.code.to_string(), refused.code.status())
    };
    let expect = |code: &str, status| (code.to_owned(), status);
    assert_eq!(
        code(shop, "tgen_unknown", "order-1", 15_000),
        expect("NOT_FOUND_PAYMENT_SESSION", 404)
    );
    assert_eq!(
        code(other, &key, "order-1", 15_000),
        expect("FORBIDDEN_REQUEST", 403)
    );
    assert_eq!(
        code(shop, &key, "order-2", 15_000),
        expect("FORBIDDEN_REQUEST", 403)
    );
    assert_eq!(
        code(shop, &key, "order-1", 14_999),
        expect("INVALID_REQUEST", 400)
    );
    // None of these used the payment up.
    assert!(
        state
            .confirm(shop, &key, "order-1", won(15_000), NOW)
            .is_ok()
    );
    let refused = state
        .confirm(shop, &key, "order-1", won(15_000), NOW)
        .unwrap_err();
    assert_eq!(refused.code, "ALREADY_PROCESSED_PAYMENT");
}

#[test]
fn the_merchant_has_ten_minutes_after_the_buyer_who_has_thirty() {
    let (mut state, shop) = toss();
    let window = open_payment(&mut state, shop, "order-1", NOW);
    let at = NOW + 30 * MINUTE;
    let WindowOutcome::Authenticated { payment_key, .. } =
        state.choose_account(&window, choice(), at).unwrap()
    else {
        panic!("authenticated");
    };
    let late = at + 10 * MINUTE + Duration::SECOND;
    let mut twin = State::new(KeyPair::documented().unwrap(), Rules::default(), 7);
    let twin_key = authenticated(&mut twin, shop, "order-1", at);
    assert!(
        twin.confirm(shop, &twin_key, "order-1", won(15_000), at + 10 * MINUTE)
            .is_ok()
    );
    let refused = state
        .confirm(shop, &payment_key, "order-1", won(15_000), late)
        .unwrap_err();
    assert_eq!(refused.code, "NOT_FOUND_PAYMENT_SESSION");
    let payment = state.lookup_key(shop, &payment_key, late).unwrap();
    assert_eq!(payment.status, Status::Expired);

    let window = open_payment(&mut state, shop, "order-2", NOW);
    let late = NOW + 30 * MINUTE + Duration::SECOND;
    assert!(state.window(&window, late).is_none());
    assert!(state.choose_account(&window, choice(), late).is_err());
    let payment = state.lookup_order(shop, "order-2", late).unwrap();
    assert_eq!(payment.status, Status::Expired);
}

#[test]
fn two_windows_of_one_order_are_paid_once() {
    let (mut state, shop) = toss();
    let first = authenticated(&mut state, shop, "order-1", NOW);
    let second = authenticated(&mut state, shop, "order-1", NOW);
    assert!(
        state
            .confirm(shop, &second, "order-1", won(15_000), NOW)
            .is_ok()
    );
    let refused = state
        .confirm(shop, &first, "order-1", won(15_000), NOW)
        .unwrap_err();
    assert_eq!(refused.code, "ALREADY_PROCESSED_PAYMENT");
    // The order's payment is the settled one, not the latest or the first.
    let found = state.lookup_order(shop, "order-1", NOW).unwrap();
    assert_eq!(found.key.expose(), second);
    let refused = state
        .open_payment(shop, Target::Page, redirect(), form("order-1", 1_000), NOW)
        .unwrap_err();
    assert_eq!(refused.code, "DUPLICATED_ORDER_ID");
}

#[test]
fn an_account_needs_two_hundred_won() {
    let (mut state, shop) = toss();
    let window = state
        .open_payment(shop, Target::Page, redirect(), form("order-1", 199), NOW)
        .unwrap();
    let WindowOutcome::Authenticated { payment_key, .. } =
        state.choose_account(&window, choice(), NOW).unwrap()
    else {
        panic!("authenticated");
    };
    let refused = state
        .confirm(shop, &payment_key, "order-1", won(199), NOW)
        .unwrap_err();
    assert_eq!(refused.code, "BELOW_MINIMUM_AMOUNT");
}

#[test]
fn a_deposit_can_be_made_taken_back_and_made_again() {
    let (mut state, shop) = toss();
    let key = waiting(&mut state, shop, "order-1", NOW);
    let issued = callbacks(&mut state);
    let paid = state.deposit(&key, NOW + MINUTE).unwrap();
    assert_eq!(
        (paid.status, paid.approved_at),
        (Status::Done, Some(NOW + MINUTE))
    );
    let account = paid.account().unwrap();
    assert_eq!(account.depositor.as_deref(), Some("김토스"));
    assert_eq!(
        account.receipt.as_ref().unwrap().kind,
        CashReceiptChoice::IncomeDeduction
    );
    assert_eq!(
        state.deposit(&key, NOW),
        Err(ActionError::Status(Status::Done)),
        "twice"
    );
    let back = state.reverse(&key, NOW + 2 * MINUTE).unwrap();
    assert_eq!(
        (back.status, back.approved_at),
        (Status::WaitingForDeposit, None)
    );
    assert_eq!(back.account().unwrap().depositor, None);
    assert!(state.reverse(&key, NOW).is_err());
    state.deposit(&key, NOW + 3 * MINUTE).unwrap();
    let told = callbacks(&mut state);
    let statuses: Vec<_> = told.iter().map(|callback| callback.status).collect();
    assert_eq!(statuses, ["DONE", "WAITING_FOR_DEPOSIT", "DONE"]);
    assert!(told.iter().all(|told| told.secret == issued[0].secret));
    let mut transactions: Vec<_> = told.iter().map(|told| &told.transaction_key).collect();
    transactions.dedup();
    assert_eq!(transactions.len(), 3, "each has its own transaction");
}

#[test]
fn an_account_that_falls_due_stays_waiting_without_a_webhook() {
    let (mut state, shop) = toss();
    let key = waiting(&mut state, shop, "order-1", NOW);
    callbacks(&mut state);
    let due = NOW + Duration::hours(72);
    assert!(
        state
            .lookup_key(shop, &key, due - Duration::SECOND)
            .unwrap()
            .takes_deposit()
    );
    let payment = state.lookup_key(shop, &key, due).unwrap();
    assert_eq!(payment.status, Status::WaitingForDeposit);
    assert!(payment.account().unwrap().expired);
    assert_eq!(state.deposit(&key, due), Err(ActionError::Closed));
    assert!(callbacks(&mut state).is_empty());

    let key = waiting(&mut state, shop, "order-2", NOW);
    callbacks(&mut state);
    assert!(state.expire(&key, NOW).unwrap().account().unwrap().expired);
    assert_eq!(state.deposit(&key, NOW), Err(ActionError::Closed));
    assert!(state.expire(&key, NOW).is_err());
    assert!(callbacks(&mut state).is_empty());
}

#[test]
fn a_reversal_after_the_due_date_leaves_a_closed_account() {
    let (mut state, shop) = toss();
    let key = waiting(&mut state, shop, "order-1", NOW);
    state.deposit(&key, NOW).unwrap();
    let late = NOW + Duration::hours(73);
    let payment = state.reverse(&key, late).unwrap();
    assert_eq!(payment.status, Status::WaitingForDeposit);
    assert!(payment.account().unwrap().expired);
}

#[test]
fn a_cancel_gives_everything_back_once() {
    let (mut state, shop) = toss();
    let key = waiting(&mut state, shop, "order-1", NOW);
    state.deposit(&key, NOW).unwrap();
    callbacks(&mut state);
    let payment = state.cancel(&key, "변심", NOW).unwrap();
    assert_eq!((payment.status, payment.balance), (Status::Canceled, 0));
    assert_eq!(payment.cancels[0].amount, 15_000);
    assert_eq!(callbacks(&mut state)[0].status, "CANCELED");
    for action_error in [
        state.cancel(&key, "", NOW).map(|_| ()),
        state.deposit(&key, NOW).map(|_| ()),
        state.reverse(&key, NOW).map(|_| ()),
        state.expire(&key, NOW).map(|_| ()),
    ] {
        assert_eq!(action_error, Err(ActionError::Status(Status::Canceled)));
    }
    assert_eq!(state.deposit("nothing", NOW), Err(ActionError::NoPayment));
}

#[test]
fn one_shop_does_not_see_anothers_payments() {
    let (mut state, shop) = toss();
    let other = other_shop(&state);
    let key = waiting(&mut state, shop, "order-1", NOW);
    assert!(state.lookup_key(other, &key, NOW).is_err());
    assert!(state.lookup_order(other, "order-1", NOW).is_err());
    // The same order number is free in another shop.
    waiting(&mut state, other, "order-1", NOW);
}

#[test]
fn whether_an_unconfirmed_payment_is_shown_is_a_rule() {
    let (mut state, shop) = toss();
    let key = authenticated(&mut state, shop, "order-1", NOW);
    assert_eq!(
        state.lookup_key(shop, &key, NOW).unwrap().status,
        Status::InProgress
    );
    let mut rules = Rules::default();
    rules.assume("lookup-unconfirmed=hidden").unwrap();
    let (mut state, shop) = with(rules);
    let key = authenticated(&mut state, shop, "order-1", NOW);
    let hidden = state.lookup_key(shop, &key, NOW).unwrap_err();
    assert_eq!(hidden.code, "NOT_FOUND_PAYMENT");
    assert!(state.lookup_order(shop, "order-1", NOW).is_err());
    state
        .confirm(shop, &key, "order-1", won(15_000), NOW)
        .unwrap();
    assert!(state.lookup_order(shop, "order-1", NOW).is_ok());
}

#[test]
fn after_a_reset_no_name_comes_back() {
    let (mut state, shop) = toss();
    let before = waiting(&mut state, shop, "order-1", NOW);
    state.reset();
    assert!(state.payments().is_empty() && callbacks(&mut state).is_empty());
    let after = waiting(&mut state, shop, "order-1", NOW);
    assert_ne!(before, after);
}
