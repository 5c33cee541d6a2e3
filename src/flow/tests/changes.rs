//! What becomes of an order later, and of a page that is left and come back to.

use super::*;

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
fn what_another_tab_has_gone_on_with_is_shown_in_this_one() {
    let changed = |state, session| step(state, Event::SessionChanged(session)).0;
    let (failed, _) = land(fail("REJECT_CARD_COMPANY"), billing(SessionStatus::Open));
    let wrong = Redirect::Invalid(ReturnError::Missing("authKey"));
    let (refused, _) = land(wrong, billing(SessionStatus::Open));
    for state in [ready(billing(SessionStatus::Open)), failed, refused] {
        for status in [SessionStatus::Registered, SessionStatus::Expired] {
            let over = changed(state.clone(), billing(status));
            assert!(matches!(over, State::Outcome(..)), "{state:?}");
        }
        let (waits, effects) = step(
            state.clone(),
            Event::SessionChanged(billing(SessionStatus::Issuing)),
        );
        assert!(matches!(waits, State::LookingUp(..)), "{state:?}");
        assert!(effects.contains(&Effect::Watch));
        for status in [SessionStatus::Open, SessionStatus::Failed] {
            assert_eq!(changed(state.clone(), billing(status)), state);
        }
    }
    let (opening, _) = step(ready(billing(SessionStatus::Open)), Event::Submitted);
    let state = changed(opening, billing(SessionStatus::Registered));
    assert!(
        matches!(state, State::Checkout(_)),
        "not under an open window"
    );
}

#[test]
fn a_backend_that_answers_again_gets_what_it_could_not_get() {
    let keys = issue("customer-1");
    let redirect = Redirect::Keys(keys.clone());
    let (state, _) = land(redirect.clone(), billing(SessionStatus::Open));
    let (undelivered, _) = step(state, Event::Delivered(Err(RequestError::Network)));
    for status in [
        SessionStatus::Open,
        SessionStatus::Issuing,
        SessionStatus::Expired,
    ] {
        let news = Event::SessionChanged(billing(status));
        let (state, effects) = step(undelivered.clone(), news);
        assert!(matches!(state, State::Delivering(..)), "{status:?}");
        assert_eq!(effects, [Effect::Deliver(keys.clone())]);
    }
    let news = Event::SessionChanged(billing(SessionStatus::Active));
    let (state, effects) = step(undelivered, news);
    assert!(matches!(state, State::Outcome(..)));
    assert!(effects.contains(&Effect::ForgetReturn));

    let unreachable = State::Unreachable(redirect.clone(), RequestError::Network);
    let news = Event::SessionChanged(billing(SessionStatus::Open));
    assert_eq!(step(unreachable, news), begin(redirect));
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
    // Nor while the session could not be read yet.
    let redirect = Redirect::Keys(issue("customer-1"));
    let loading = State::Loading(redirect.clone());
    assert_eq!(step(loading.clone(), Event::Restored), (loading, vec![]));
    let unreachable = State::Unreachable(redirect.clone(), RequestError::Timeout);
    assert_eq!(step(unreachable, Event::Restored), begin(redirect));
    // There may be no session to be read at all.
    let unknown = step(State::NotFound, Event::Restored);
    assert_eq!(unknown, (State::NotFound, vec![]));
}
