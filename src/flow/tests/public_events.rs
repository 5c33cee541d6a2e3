//! What the merchant's page is told on the usual ways.

use super::*;
use crate::public_events::{PublicEvent, Snapshot, code};

/// Everything that is told while these events happen, one after the other.
fn told(redirect: Redirect, events: Vec<Event>) -> (Vec<&'static str>, State) {
    let mut before = Snapshot::default();
    let mut told = Vec::new();
    let (mut state, _) = begin(redirect);
    told.extend(Snapshot::of(&state).events_since(&mut before));
    for event in events {
        (state, _) = step(state, event);
        told.extend(Snapshot::of(&state).events_since(&mut before));
    }
    (told.into_iter().map(PublicEvent::name).collect(), state)
}

fn with_charge(status: ChargeStatus) -> Session {
    Session {
        revision: 2,
        result: Some(SessionResult {
            charge: Some(ChargeResult {
                status,
                order_id: OrderId::new("charge-0001").unwrap(),
                amount: Amount::won(4_900).unwrap(),
                failure: None,
                approved_at: None,
                receipt_url: None,
            }),
            ..SessionResult::default()
        }),
        ..billing(SessionStatus::Registered)
    }
}

#[test]
fn the_form_tells_each_thing_once() {
    let (told, _) = told(
        Redirect::None,
        vec![
            Event::SessionRead(Ok(billing(SessionStatus::Open))),
            Event::SdkLoaded(Ok(())),
            Event::Submitted,
            Event::Agreed(Some(words())),
            Event::MethodChosen(Method::Card),
            Event::MethodChosen(Method::Transfer),
            Event::Submitted,
            Event::Submitted,
            Event::WindowClosed(sdk_error("USER_CANCEL")),
            Event::Submitted,
            Event::WindowClosed(sdk_error("REJECT_CARD_COMPANY")),
            Event::TryAgain,
            Event::SdkLoaded(Ok(())),
        ],
    );
    assert_eq!(
        told,
        ["ready", "change", "submit", "cancel", "submit", "fail"],
        "and it is ready only once"
    );
}

#[test]
fn a_delivery_is_pending_until_it_is_a_success() {
    let (told, state) = told(
        Redirect::Keys(confirm("order-0001", 15_000)),
        vec![
            Event::SessionRead(Ok(payment(SessionStatus::Open))),
            Event::Delivered(Ok(payment(SessionStatus::WaitingForDeposit))),
            Event::SessionChanged(Session {
                revision: 2,
                ..payment(SessionStatus::Paid)
            }),
        ],
    );
    assert_eq!(told, ["pending", "success"], "a deposit is pending, too");
    assert_eq!(code(&state), None);
}

#[test]
fn a_registration_is_a_success_when_its_first_charge_is_known() {
    for (status, expected) in [
        (ChargeStatus::Pending, "pending"),
        (ChargeStatus::Unknown, "pending"),
        (ChargeStatus::Succeeded, "success"),
        (ChargeStatus::Declined, "success"),
    ] {
        let read = Event::SessionRead(Ok(with_charge(status)));
        assert_eq!(told(Redirect::None, vec![read]).0, [expected], "{status:?}");
    }
}

#[test]
fn what_stops_is_told_with_its_code() {
    let unreachable = Event::SessionRead(Err(RequestError::Network));
    let (names, state) = told(Redirect::None, vec![unreachable]);
    assert_eq!(names, ["error"]);
    assert_eq!(code(&state), Some("CHECKOUT_UNREACHABLE"));

    let read = Event::SessionRead(Ok(payment(SessionStatus::Open)));
    let (names, state) = told(Redirect::Keys(confirm("order-0001", 1)), vec![read]);
    assert_eq!(names, ["fail"]);
    assert_eq!(code(&state), Some("CHECKOUT_AMOUNT_MISMATCH"));

    let read = Event::SessionRead(Ok(payment(SessionStatus::Expired)));
    let (names, state) = told(Redirect::None, vec![read]);
    assert_eq!(names, ["fail"]);
    assert_eq!(code(&state), Some("CHECKOUT_SESSION_EXPIRED"));
}
