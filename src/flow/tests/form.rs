//! The form and Toss's window.

use super::*;

#[test]
fn the_form_can_be_submitted_once_the_sdk_is_there_and_only_once() {
    let (form, _) = land(Redirect::None, billing(SessionStatus::Open));
    let (form, effects) = step(form, Event::Submitted);
    assert_eq!(effects, [], "nothing opens before the SDK is there");

    let (form, _) = step(form, Event::SdkLoaded(Ok(())));
    let (form, _) = step(form, Event::Agreed(Some(words())));
    let (form, effects) = step(form, Event::MethodChosen(Method::Transfer));
    assert_eq!(effects, [Effect::KeepMethod(Method::Transfer)]);
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
fn the_method_of_a_window_that_was_cancelled_or_failed_is_chosen_again() {
    let (canceled, effects) = land(fail("USER_CANCEL"), billing(SessionStatus::Open));
    assert!(effects.contains(&Effect::RecallMethod));
    let (failed, _) = land(fail("REJECT_CARD_COMPANY"), billing(SessionStatus::Open));
    let (again, effects) = step(failed, Event::TryAgain);
    assert!(effects.contains(&Effect::RecallMethod));
    for (state, notice) in [(canceled, Some(Notice::Canceled)), (again, None)] {
        let (state, _) = step(state, Event::MethodRecalled(Method::Transfer));
        // The shop may have taken one away since.
        let (state, effects) = step(state, Event::MethodRecalled(Method::VirtualAccount));
        let State::Checkout(form) = state else {
            panic!()
        };
        assert_eq!((form.method, form.notice), (Method::Transfer, notice));
        assert_eq!(effects, []);
    }
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
    assert!(matches!(
        effects[..],
        [Effect::Report(_), Effect::FocusSubmit]
    ));

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
