//! The state machine, event by event.

use toss_checkout_contract::{
    Amount, ApiError, AuthKey, ChargeResult, ChargeStatus, ClientKey, ConfirmRequest, Consent,
    ConsentText, ConsentVersion, Customer, CustomerKey, Failure, FailureCode, Interval,
    IssueRequest, Method, OrderId, PaymentKey, Plan, Session, SessionId, SessionKind,
    SessionResult, SessionStatus, Timestamp, codes,
};
use toss_payments_sdk::{FailReturn, LoadError, ReturnError, SdkError, SdkErrorCode};

use super::*;
use crate::config::Misconfiguration;

mod consent;
mod public_events;

fn session(kind: SessionKind, status: SessionStatus) -> Session {
    let payment = kind == SessionKind::Payment;
    Session {
        id: SessionId::new("cs_0123456789abcdefABCDEF").unwrap(),
        kind,
        status,
        revision: 1,
        order_id: payment.then(|| OrderId::new("order-0001").unwrap()),
        order_name: "티셔츠 1장".into(),
        amount: payment.then(|| Amount::won(15_000).unwrap()),
        customer_key: CustomerKey::new("customer-1").unwrap(),
        client_key: ClientKey::new("test_ck_abc").unwrap(),
        methods: if payment {
            vec![Method::VirtualAccount]
        } else {
            vec![Method::Card, Method::Transfer]
        },
        customer: Customer::default(),
        virtual_account: None,
        card: None,
        plan: (!payment).then(|| Plan {
            amount: Amount::won(4_900).unwrap(),
            interval: Interval::Month,
        }),
        charge_now: false,
        consent: None,
        locale: None,
        return_url: None,
        expires_at: Timestamp::new("2026-11-21T09:00:00+09:00").unwrap(),
        now: None,
        result: None,
    }
}

fn billing(status: SessionStatus) -> Session {
    session(SessionKind::Billing, status)
}

fn payment(status: SessionStatus) -> Session {
    session(SessionKind::Payment, status)
}

fn issue(customer: &str) -> Keys {
    Keys::Issue(IssueRequest {
        auth_key: AuthKey::new("bln_1").unwrap(),
        customer_key: CustomerKey::new(customer).unwrap(),
        consent: None,
    })
}

fn confirm(order: &str, amount: u64) -> Keys {
    Keys::Confirm(ConfirmRequest {
        payment_key: PaymentKey::new("tviva1").unwrap(),
        order_id: OrderId::new(order).unwrap(),
        amount,
    })
}

/// What comes of a redirect once the session has been read.
fn land(redirect: Redirect, session: Session) -> (State, Vec<Effect>) {
    step(State::Loading(redirect), Event::SessionRead(Ok(session)))
}

/// The form with Toss's script there, and the box ticked where there is one.
fn ready(session: Session) -> State {
    let (state, effects) = land(Redirect::None, session);
    assert_eq!(effects[0], Effect::LoadSdk);
    let (state, _) = step(state, Event::Agreed(Some(words())));
    step(state, Event::SdkLoaded(Ok(()))).0
}

/// What the buyer agrees to.
fn words() -> Consent {
    Consent {
        version: ConsentVersion::new("ko-1").unwrap(),
        text: ConsentText::new("매월 4,900원을 결제하는 데 동의해요.").unwrap(),
    }
}

fn fail(code: &str) -> Redirect {
    Redirect::Failed(FailReturn {
        code: FailureCode::from(code),
        message: "말".into(),
        order_id: None,
    })
}

fn refusal(code: &str, retryable: bool) -> RequestError {
    RequestError::Api(ApiError {
        code: code.into(),
        message: String::new(),
        retryable,
        trace_id: String::new(),
    })
}

fn sdk_error(code: &str) -> SdkError {
    SdkError {
        code: SdkErrorCode::Toss(FailureCode::from(code)),
        message: "말".into(),
    }
}

#[test]
fn the_form_can_be_submitted_once_the_sdk_is_there_and_only_once() {
    let (form, _) = land(Redirect::None, billing(SessionStatus::Open));
    let (form, effects) = step(form, Event::Submitted);
    assert_eq!(effects, [], "nothing opens before the SDK is there");

    let (form, _) = step(form, Event::SdkLoaded(Ok(())));
    let (form, _) = step(form, Event::Agreed(Some(words())));
    let (form, _) = step(form, Event::MethodChosen(Method::Transfer));
    let (opening, effects) = step(form, Event::Submitted);
    assert!(matches!(
        effects[..],
        [
            Effect::KeepConsent(Some(_)),
            Effect::OpenWindow(_, Method::Transfer)
        ]
    ));

    let (opening, effects) = step(opening, Event::Submitted);
    assert_eq!(effects, [], "the second half of a double click");
    let (opening, _) = step(opening, Event::MethodChosen(Method::Card));
    let State::Checkout(form) = opening else {
        panic!()
    };
    assert_eq!(
        form.method,
        Method::Transfer,
        "no change under an open window"
    );
}

#[test]
fn a_method_that_is_not_offered_cannot_be_chosen() {
    let (state, _) = step(
        ready(billing(SessionStatus::Open)),
        Event::MethodChosen(Method::VirtualAccount),
    );
    let State::Checkout(form) = state else {
        panic!()
    };
    assert_eq!(form.method, Method::Card);
}

#[test]
fn a_script_that_does_not_come_leaves_a_button_to_try_again() {
    let (form, _) = land(Redirect::None, billing(SessionStatus::Open));
    let error = LoadError::Failed { src: "x".into() };
    let (form, _) = step(form, Event::SdkLoaded(Err(error.clone())));
    let (form, effects) = step(form, Event::TryAgain);
    assert_eq!(effects, [Effect::LoadSdk]);
    let State::Checkout(checkout) = &form else {
        panic!()
    };
    assert_eq!(checkout.sdk, Sdk::Loading);
    let (form, _) = step(form, Event::SdkLoaded(Ok(())));
    let (_, effects) = step(form, Event::TryAgain);
    assert_eq!(effects, [], "nothing to try again");
}

#[test]
fn closing_the_window_and_cancelling_in_it_both_lead_back_to_the_form() {
    let (opening, _) = step(ready(billing(SessionStatus::Open)), Event::Submitted);
    let (state, effects) = step(opening, Event::WindowClosed(sdk_error("USER_CANCEL")));
    let State::Checkout(form) = state else {
        panic!()
    };
    assert_eq!((form.notice, form.opening), (Some(Notice::Canceled), false));
    assert!(matches!(effects[..], [Effect::Report(_)]));

    let (state, effects) = land(fail("PAY_PROCESS_CANCELED"), billing(SessionStatus::Open));
    let State::Checkout(form) = state else {
        panic!()
    };
    assert_eq!(form.notice, Some(Notice::Canceled));
    assert!(effects.contains(&Effect::LoadSdk) && effects.contains(&Effect::ForgetReturn));
}

#[test]
fn a_refusal_by_the_window_is_a_failure_that_can_be_tried_again() {
    for code in [
        "PAY_PROCESS_ABORTED",
        "REJECT_CARD_COMPANY",
        "NOT_SUPPORTED_METHOD",
        "NEW_CODE",
    ] {
        let (state, _) = land(fail(code), billing(SessionStatus::Open));
        let State::Failed(_, shown, Stage::Window) = &state else {
            panic!("{code}")
        };
        assert_eq!(shown.as_str(), code);
        let (state, effects) = step(state, Event::TryAgain);
        assert!(matches!(state, State::Checkout(_)));
        assert!(effects.contains(&Effect::LoadSdk));
    }
}

#[test]
fn what_only_the_developer_can_mend_is_told_to_the_developer() {
    let (opening, _) = step(ready(billing(SessionStatus::Open)), Event::Submitted);
    let (state, _) = step(
        opening,
        Event::WindowClosed(sdk_error("NOT_SUPPORTED_WIDGET_KEY")),
    );
    assert!(matches!(state, State::Misconfigured(_)));
    let read = Event::SessionRead(Err(RequestError::Misconfigured(
        Misconfiguration::SecretKey,
    )));
    let (state, effects) = step(State::Loading(Redirect::None), read);
    assert_eq!(state, State::Misconfigured(Misconfiguration::SecretKey));
    assert_eq!(effects, [], "the SDK is not loaded");
}

#[test]
fn keys_are_delivered_when_they_fit_the_order() {
    let (state, effects) = land(
        Redirect::Keys(issue("customer-1")),
        billing(SessionStatus::Open),
    );
    assert_eq!(effects, [Effect::Deliver(issue("customer-1"))]);
    let (state, effects) = step(
        state,
        Event::Delivered(Ok(billing(SessionStatus::Registered))),
    );
    assert!(matches!(state, State::Outcome(..)));
    assert!(effects.contains(&Effect::ForgetReturn));

    let keys = confirm("order-0001", 15_000);
    let (_, effects) = land(Redirect::Keys(keys.clone()), payment(SessionStatus::Open));
    assert_eq!(effects, [Effect::Deliver(keys)]);
}

#[test]
fn keys_that_do_not_fit_the_order_are_refused_by_name_and_go_nowhere() {
    let cases = [
        (
            issue("customer-2"),
            billing(SessionStatus::Open),
            Refusal::Customer,
        ),
        (
            confirm("order-0001", 100),
            payment(SessionStatus::Open),
            Refusal::Amount,
        ),
        (
            confirm("order-0002", 15_000),
            payment(SessionStatus::Open),
            Refusal::Order,
        ),
        (
            confirm("order-0001", 15_000),
            billing(SessionStatus::Open),
            Refusal::Kind,
        ),
        (
            issue("customer-1"),
            payment(SessionStatus::Open),
            Refusal::Kind,
        ),
    ];
    for (keys, session, expected) in cases {
        let (state, effects) = land(Redirect::Keys(keys), session);
        let State::Refused(_, refusal) = state else {
            panic!("{expected:?}")
        };
        assert_eq!(refusal, expected);
        assert!(
            !effects
                .iter()
                .any(|effect| matches!(effect, Effect::Deliver(_)))
        );
        assert!(effects.contains(&Effect::ForgetReturn));
    }
    let broken = Redirect::Invalid(ReturnError::Missing("authKey"));
    let (state, _) = land(broken, billing(SessionStatus::Open));
    let State::Refused(_, refusal) = state else {
        panic!()
    };
    assert_eq!(refusal.field(), Some("authKey"));
}

#[test]
fn a_finished_session_shows_its_outcome_whatever_the_address_says() {
    let redirects = || {
        [
            Redirect::None,
            Redirect::Keys(confirm("order-0001", 1)),
            Redirect::Invalid(ReturnError::Missing("amount")),
            fail("REJECT_CARD_COMPANY"),
        ]
    };
    for status in [
        SessionStatus::WaitingForDeposit,
        SessionStatus::Paid,
        SessionStatus::PartiallyCanceled,
        SessionStatus::Canceled,
    ] {
        for redirect in redirects() {
            let (state, effects) = land(redirect, payment(status));
            assert!(matches!(state, State::Outcome(..)), "{status:?}");
            assert!(effects.contains(&Effect::ForgetReturn));
        }
    }
}

#[test]
fn keys_for_an_expired_session_are_still_delivered_and_the_backend_decides() {
    let keys = issue("customer-1");
    let (_, effects) = land(
        Redirect::Keys(keys.clone()),
        billing(SessionStatus::Expired),
    );
    assert_eq!(effects, [Effect::Deliver(keys)]);
    let (state, _) = land(Redirect::None, billing(SessionStatus::Expired));
    assert!(matches!(state, State::Outcome(..)));
}

#[test]
fn an_unreachable_backend_keeps_the_keys_until_it_has_acknowledged_them() {
    for error in [
        RequestError::Network,
        RequestError::Timeout,
        RequestError::Garbled { status: 502 },
        refusal(codes::INTERNAL, true),
        refusal(codes::RATE_LIMITED, true),
    ] {
        let keys = issue("customer-1");
        let (state, _) = land(Redirect::Keys(keys.clone()), billing(SessionStatus::Open));
        let (state, effects) = step(state, Event::Delivered(Err(error)));
        assert_eq!(effects, [], "the keys are not forgotten");
        assert!(matches!(state, State::Undelivered(..)));
        let (state, effects) = step(state, Event::TryAgain);
        assert_eq!(effects, [Effect::Deliver(keys)]);
        assert!(matches!(state, State::Delivering(..)));
    }
    // The session itself could not be read: the redirect, keys and all, is what is tried again.
    let redirect = Redirect::Keys(issue("customer-1"));
    let read = Event::SessionRead(Err(RequestError::Network));
    let (state, effects) = step(State::Loading(redirect.clone()), read);
    assert_eq!(effects, []);
    let (state, effects) = step(state, Event::TryAgain);
    assert_eq!(
        (state, effects),
        (State::Loading(redirect), vec![Effect::ReadSession])
    );
}

#[test]
fn each_answer_to_a_delivery_leads_where_it_must() {
    let deliver = |result| {
        let (state, _) = land(
            Redirect::Keys(issue("customer-1")),
            billing(SessionStatus::Open),
        );
        step(state, Event::Delivered(result))
    };
    let (state, effects) = deliver(Err(refusal("INVALID_STOPPED_CARD", false)));
    assert!(matches!(
        state,
        State::Failed(_, FailureCode::InvalidStoppedCard, Stage::Confirm)
    ));
    assert!(
        effects.contains(&Effect::ForgetReturn),
        "a refused key is worth nothing"
    );

    let (state, _) = deliver(Err(refusal(codes::CUSTOMER_MISMATCH, false)));
    assert!(matches!(state, State::Refused(_, Refusal::Customer)));

    let (state, effects) = deliver(Err(refusal(codes::ALREADY_FINISHED, false)));
    assert_eq!(state, State::Loading(Redirect::None));
    assert!(effects.contains(&Effect::ReadSession));

    let (state, _) = deliver(Err(refusal(codes::SESSION_NOT_FOUND, false)));
    assert_eq!(state, State::NotFound);

    let (state, effects) = deliver(Ok(billing(SessionStatus::Unknown)));
    assert!(matches!(state, State::LookingUp(..)));
    assert!(effects.contains(&Effect::Watch) && effects.contains(&Effect::ForgetReturn));

    let mut declined = billing(SessionStatus::Failed);
    declined.result = Some(SessionResult {
        failure: Some(Failure {
            code: FailureCode::RejectCardCompany,
            message: None,
        }),
        ..SessionResult::default()
    });
    let (state, _) = deliver(Ok(declined));
    assert!(matches!(
        state,
        State::Failed(_, FailureCode::RejectCardCompany, Stage::Confirm)
    ));
}

#[test]
fn late_news_changes_nothing_and_fresh_news_does() {
    let (state, effects) = land(Redirect::None, payment(SessionStatus::WaitingForDeposit));
    assert!(effects.contains(&Effect::Watch));
    let mut news = payment(SessionStatus::Paid);
    news.revision = 1;
    let (state, _) = step(state, Event::SessionChanged(news.clone()));
    let State::Outcome(shown, _) = &state else {
        panic!()
    };
    assert_eq!(shown.status, SessionStatus::WaitingForDeposit);
    news.revision = 2;
    let (state, _) = step(state, Event::SessionChanged(news));
    let State::Outcome(shown, _) = &state else {
        panic!()
    };
    assert_eq!(shown.status, SessionStatus::Paid);
}

/// A payment session of this revision.
fn at(revision: u64, status: SessionStatus) -> Session {
    Session {
        revision,
        ..payment(status)
    }
}

fn reversed(revision: u64) -> Session {
    Session {
        result: Some(SessionResult {
            reversed_at: Some(Timestamp::new("2026-11-21T09:00:00+09:00").unwrap()),
            ..SessionResult::default()
        }),
        ..at(revision, SessionStatus::WaitingForDeposit)
    }
}

#[test]
fn a_deposit_that_is_taken_back_is_owed_until_it_comes_again() {
    let changed = |state, session| step(state, Event::SessionChanged(session)).0;
    // A backend that does not say so: the page has seen it.
    let (paid, effects) = land(Redirect::None, payment(SessionStatus::Paid));
    assert!(effects.contains(&Effect::Watch));
    let back = changed(paid.clone(), at(2, SessionStatus::WaitingForDeposit));
    assert!(matches!(back, State::Reversed(_)));
    let old = changed(back.clone(), at(2, SessionStatus::Paid));
    assert_eq!(old, back, "old news changes nothing");
    let still = changed(back, at(3, SessionStatus::WaitingForDeposit));
    assert!(matches!(still, State::Reversed(_)));
    let again = changed(still.clone(), at(4, SessionStatus::Paid));
    assert!(matches!(again, State::Outcome(..)));
    let late = changed(still, at(4, SessionStatus::Expired));
    assert!(matches!(late, State::Outcome(..)));
    // One that says so: live, and after a refresh.
    assert!(matches!(changed(paid, reversed(2)), State::Reversed(_)));
    let (state, effects) = land(Redirect::None, reversed(2));
    assert!(matches!(state, State::Reversed(_)));
    assert!(effects.contains(&Effect::Watch));
}

#[test]
fn an_account_that_waits_for_its_first_deposit_is_not_reversed() {
    let (state, _) = land(Redirect::None, payment(SessionStatus::WaitingForDeposit));
    let news = Event::SessionChanged(at(2, SessionStatus::WaitingForDeposit));
    let (state, _) = step(state, news);
    assert!(matches!(state, State::Outcome(..)));
}

#[test]
fn an_outcome_that_was_there_before_is_told_from_one_that_is_news() {
    let when = |redirect| match land(redirect, billing(SessionStatus::Registered)).0 {
        State::Outcome(_, when) => when,
        other => panic!("{other:?}"),
    };
    assert_eq!(when(Redirect::None), When::Before);
    assert_eq!(when(fail("PAY_PROCESS_ABORTED")), When::Before);
    assert_eq!(when(Redirect::Keys(issue("customer-1"))), When::Now);
    let (state, _) = land(Redirect::None, at(1, SessionStatus::WaitingForDeposit));
    let (state, _) = step(state, Event::SessionChanged(at(2, SessionStatus::Paid)));
    assert!(matches!(state, State::Outcome(_, When::Now)));
}

#[test]
fn after_a_long_look_up_the_buyer_may_go_and_a_late_outcome_is_still_shown() {
    let (state, effects) = land(Redirect::None, billing(SessionStatus::Unknown));
    assert!(matches!(state, State::LookingUp(_, Wait::Short)));
    assert_eq!(effects, [Effect::Watch, Effect::WaitLong]);
    let (state, _) = step(state, Event::WaitedLong);
    assert!(matches!(state, State::LookingUp(_, Wait::Long)));
    let news = |revision, status| {
        Event::SessionChanged(Session {
            revision,
            ..billing(status)
        })
    };
    let (state, _) = step(state, news(2, SessionStatus::Issuing));
    assert!(
        matches!(state, State::LookingUp(_, Wait::Long)),
        "it is the same wait"
    );
    let (state, _) = step(state, news(3, SessionStatus::Registered));
    assert!(matches!(state, State::Outcome(_, When::Now)));
    assert_eq!(step(state.clone(), Event::WaitedLong).0, state);
}

#[test]
fn a_network_that_comes_back_is_used_at_once() {
    for error in [
        RequestError::Offline,
        RequestError::Network,
        RequestError::Timeout,
    ] {
        let redirect = Redirect::Keys(issue("customer-1"));
        let read = Event::SessionRead(Err(error.clone()));
        let (state, _) = step(State::Loading(redirect.clone()), read);
        assert_eq!(state, State::Unreachable(redirect.clone(), error.clone()));
        let (state, effects) = step(state, Event::Online);
        assert_eq!(
            (state, effects),
            (State::Loading(redirect.clone()), vec![Effect::ReadSession])
        );

        let (state, _) = land(redirect, billing(SessionStatus::Open));
        let (state, effects) = step(state, Event::Delivered(Err(error)));
        assert_eq!(effects, [], "the keys are not forgotten");
        let (state, effects) = step(state, Event::Online);
        assert_eq!(effects, [Effect::Deliver(issue("customer-1"))]);
        let (_, effects) = step(state, Event::Online);
        assert_eq!(effects, [], "they are on their way");
    }
    let (form, _) = land(Redirect::None, billing(SessionStatus::Open));
    let offline = LoadError::Offline {
        src: "x".into(),
        timeout_ms: 1,
    };
    let (form, _) = step(form, Event::SdkLoaded(Err(offline)));
    let (form, effects) = step(form, Event::Online);
    assert_eq!(effects, [Effect::LoadSdk]);
    let (form, _) = step(form, Event::SdkLoaded(Ok(())));
    assert_eq!(step(form, Event::Online).1, []);
    // Only the buyer tries again what Toss has refused.
    let (failed, _) = land(fail("REJECT_CARD_COMPANY"), billing(SessionStatus::Open));
    assert_eq!(step(failed.clone(), Event::Online), (failed, vec![]));
}

#[test]
fn what_was_finished_in_another_tab_is_shown_in_this_one() {
    let (state, _) = step(
        ready(billing(SessionStatus::Open)),
        Event::SessionChanged(billing(SessionStatus::Registered)),
    );
    assert!(matches!(state, State::Outcome(..)));
    let (opening, _) = step(ready(billing(SessionStatus::Open)), Event::Submitted);
    let (state, _) = step(
        opening,
        Event::SessionChanged(billing(SessionStatus::Registered)),
    );
    assert!(
        matches!(state, State::Checkout(_)),
        "not under an open window"
    );
}

#[test]
fn a_first_charge_without_an_outcome_is_followed() {
    let mut registered = billing(SessionStatus::Registered);
    registered.result = Some(SessionResult {
        charge: Some(ChargeResult {
            status: ChargeStatus::Unknown,
            order_id: OrderId::new("charge-1").unwrap(),
            amount: Amount::won(4_900).unwrap(),
            failure: None,
            approved_at: None,
            receipt_url: None,
        }),
        ..SessionResult::default()
    });
    let (_, effects) = land(Redirect::None, registered);
    assert!(effects.contains(&Effect::Watch));
    let (_, effects) = land(Redirect::None, billing(SessionStatus::Active));
    assert!(!effects.contains(&Effect::Watch));
}

#[test]
fn coming_back_by_the_back_button_reads_the_session_but_never_drops_keys() {
    let (opening, _) = step(ready(billing(SessionStatus::Open)), Event::Submitted);
    let (state, effects) = step(opening, Event::Restored);
    assert_eq!((state, effects), begin(Redirect::None));

    let (delivering, _) = land(
        Redirect::Keys(issue("customer-1")),
        billing(SessionStatus::Open),
    );
    let (state, effects) = step(delivering.clone(), Event::Restored);
    assert_eq!((state, effects), (delivering, vec![]));
}

#[test]
fn keys_are_sent_again_by_themselves_twice_and_only_when_that_may_help() {
    assert_eq!(pause_before_retry(0, &RequestError::Network), Some(1_000));
    assert_eq!(pause_before_retry(1, &RequestError::Timeout), Some(2_000));
    assert_eq!(pause_before_retry(2, &RequestError::Network), None);
    assert_eq!(pause_before_retry(0, &RequestError::Offline), None);
    assert_eq!(
        pause_before_retry(0, &RequestError::Garbled { status: 503 }),
        Some(1_000)
    );
    assert_eq!(
        pause_before_retry(0, &RequestError::Garbled { status: 404 }),
        None
    );
    assert_eq!(
        pause_before_retry(0, &refusal(codes::INTERNAL, true)),
        Some(1_000)
    );
    // Toss's word is final, even where Toss itself would be asked again.
    assert_eq!(
        pause_before_retry(0, &refusal("PROVIDER_ERROR", true)),
        None
    );
}
