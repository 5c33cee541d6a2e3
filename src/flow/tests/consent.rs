//! What the buyer agrees to, from the box to the backend.

use super::*;

fn form_of(state: &State) -> &Checkout {
    let State::Checkout(form) = state else {
        panic!("{state:?}")
    };
    form
}

fn unticked(session: Session) -> State {
    step(ready(session), Event::Agreed(None)).0
}

#[test]
fn the_box_is_not_ticked_and_the_buttons_press_says_so() {
    let (state, effects) = land(Redirect::None, billing(SessionStatus::Open));
    let session = form_of(&state).session.clone();
    assert_eq!(
        effects,
        [
            Effect::LoadSdk,
            Effect::RecallMethod,
            Effect::RecallConsent(session)
        ],
        "only the buyer's own tick comes back"
    );
    assert_eq!(form_of(&state).consent, None);

    let (state, _) = step(state, Event::SdkLoaded(Ok(())));
    let (state, effects) = step(state, Event::Submitted);
    assert_eq!(effects, [Effect::FocusConsent], "and no window opens");
    assert_eq!(form_of(&state).notice, Some(Notice::ConsentMissing));
    assert!(!form_of(&state).opening);

    let (state, effects) = step(state, Event::Submitted);
    assert_eq!(effects, [Effect::FocusConsent], "each press leads there");
    let (state, _) = step(state, Event::MethodChosen(Method::Transfer));
    assert_eq!(form_of(&state).notice, Some(Notice::ConsentMissing));

    let (state, effects) = step(state, Event::Agreed(Some(words())));
    assert_eq!((form_of(&state).notice, &effects[..]), (None, &[][..]));
    let (state, effects) = step(state, Event::Submitted);
    assert!(form_of(&state).opening);
    assert_eq!(effects[0], Effect::KeepConsent(Some(words())));
}

#[test]
fn one_payment_asks_nothing() {
    let (state, effects) = land(Redirect::None, payment(SessionStatus::Open));
    assert_eq!(effects, [Effect::LoadSdk, Effect::RecallMethod]);
    let (state, _) = step(state, Event::SdkLoaded(Ok(())));
    let (_, effects) = step(state, Event::Submitted);
    assert!(matches!(effects[..], [Effect::OpenWindow(..)]));
}

#[test]
fn the_tick_survives_a_cancelled_window_and_is_the_buyers_to_take_away() {
    let (state, _) = step(ready(billing(SessionStatus::Open)), Event::Submitted);
    let (state, _) = step(state, Event::Agreed(None));
    assert!(
        form_of(&state).consent.is_some(),
        "nothing changes under an open window"
    );
    let (state, _) = step(state, Event::WindowClosed(sdk_error("USER_CANCEL")));
    assert_eq!(form_of(&state).consent, Some(words()));
    assert_eq!(form_of(&state).notice, Some(Notice::Canceled));
    let (state, effects) = step(state, Event::Agreed(None));
    assert_eq!(effects, [Effect::KeepConsent(None)], "nor is it kept");
    let (_, effects) = step(state, Event::Submitted);
    assert_eq!(effects, [Effect::FocusConsent]);
}

#[test]
fn a_form_that_comes_back_recalls_what_was_agreed_to() {
    let recalls = |effects: &[Effect]| {
        let mut effects = effects.iter();
        effects.any(|effect| matches!(effect, Effect::RecallConsent(_)))
    };
    let (_, effects) = land(fail("USER_CANCEL"), billing(SessionStatus::Open));
    assert!(recalls(&effects));
    let (failed, _) = land(fail("REJECT_CARD_COMPANY"), billing(SessionStatus::Open));
    let (_, effects) = step(failed, Event::TryAgain);
    assert!(recalls(&effects));
}

#[test]
fn keys_that_lack_a_consent_are_held_until_the_buyer_agrees() {
    let keys = issue("customer-1");
    let (state, _) = land(Redirect::Keys(keys.clone()), billing(SessionStatus::Open));
    let refused = Event::Delivered(Err(refusal(codes::CONSENT_REQUIRED, false)));
    let (state, effects) = step(state, refused.clone());
    assert_eq!(effects, [Effect::RecallMethod], "nothing is forgotten");
    let form = form_of(&state);
    assert_eq!(
        (&form.held, form.notice),
        (&Some(keys.clone()), Some(Notice::ConsentMissing))
    );
    let before = state.clone();
    let (state, effects) = step(state, Event::Restored);
    assert_eq!((&state, &effects[..]), (&before, &[][..]));
    let (state, effects) = step(state, Event::Submitted);
    assert_eq!(effects, [Effect::FocusConsent]);

    let (state, _) = step(state, Event::Agreed(Some(words())));
    let (state, effects) = step(state, Event::Submitted);
    let Keys::Issue(mut agreed) = keys else {
        panic!()
    };
    agreed.consent = Some(words());
    let keys = Keys::Issue(agreed);
    assert_eq!(
        effects,
        [
            Effect::KeepConsent(Some(words())),
            Effect::Deliver(keys.clone())
        ],
        "no window opens again"
    );
    assert!(matches!(&state, State::Delivering(_, sent) if *sent == keys));
    let (state, _) = step(state, refused);
    assert_eq!(
        form_of(&state).consent,
        None,
        "and the buyer is asked again"
    );
}

#[test]
fn an_unticked_box_takes_the_focus_however_the_form_was_reached() {
    for session in [billing(SessionStatus::Open), billing(SessionStatus::Failed)] {
        let state = match land(Redirect::None, session.clone()).0 {
            State::Failed(..) => {
                let (failed, _) = land(Redirect::None, session);
                let (form, _) = step(failed, Event::TryAgain);
                step(form, Event::SdkLoaded(Ok(()))).0
            }
            _ => unticked(session),
        };
        let (_, effects) = step(state, Event::Submitted);
        assert_eq!(effects, [Effect::FocusConsent]);
    }
}
