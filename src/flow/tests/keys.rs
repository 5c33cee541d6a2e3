//! Toss's keys, from the address to the backend.

use super::*;

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
fn keys_are_sent_again_by_themselves_twice_and_only_when_that_may_help() {
    assert_eq!(pause_before_retry(0, &RequestError::Network), Some(1_000));
    assert_eq!(pause_before_retry(1, &RequestError::Network), Some(2_000));
    assert_eq!(pause_before_retry(2, &RequestError::Network), None);
    // The buyer has waited long enough.
    assert_eq!(pause_before_retry(0, &RequestError::Timeout), None);
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
