use serde_json::{Value, json};
use toss_checkout_contract::{
    Amount, ApiError, CancelAt, CustomerInvoices, CustomerSubscription, CustomerSubscriptions,
    Locale, ReplaceMethodAt, SubscriptionStatus, codes,
};

use super::*;
use crate::{flow::RequestError, subscription::public_events::PublicEvent};

fn won(value: u64) -> Value {
    json!({"value": value, "currency": "KRW"})
}

fn subscription(id: &str, more: &Value) -> CustomerSubscription {
    let mut base = json!({
        "id": id, "revision": 3, "status": "active", "orderName": "구독", "entitled": true,
        "price": {"amount": won(9_900), "unit": "month", "count": 1},
        "cancel": {"periodEnd": "2026-12-21T00:00:00+09:00", "now": {"refund": won(4_950)}},
    });
    base.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    serde_json::from_value(base).unwrap()
}

fn owed(under_way: bool) -> Value {
    json!({"owed": {"amount": won(9_900), "underWay": under_way, "payable": !under_way}})
}

fn done(id: &str, more: &Value) -> Event {
    Event::Done(Ok(Box::new(subscription(id, more))))
}

fn answer(subscriptions: Vec<CustomerSubscription>) -> CustomerSubscriptions {
    CustomerSubscriptions {
        subscriptions,
        now: "2026-11-21T14:03:00+09:00".parse_timestamp(),
        expires_at: "2026-11-21T14:33:00+09:00".parse_timestamp(),
        test_mode: true,
        return_url: None,
    }
}

fn told(event: PublicEvent, status: SubscriptionStatus) -> Effect {
    Effect::Tell(event, "sub_1".to_owned(), status)
}

trait ParseTimestamp {
    fn parse_timestamp(&self) -> toss_checkout_contract::Timestamp;
}

impl ParseTimestamp for str {
    fn parse_timestamp(&self) -> toss_checkout_contract::Timestamp {
        toss_checkout_contract::Timestamp::new(self).unwrap()
    }
}

fn api_error(code: &str) -> RequestError {
    RequestError::Api(ApiError {
        code: code.to_owned(),
        message: String::new(),
        retryable: false,
        trace_id: String::new(),
    })
}

/// A page that shows these, after what it begins with.
fn page(subscriptions: Vec<CustomerSubscription>) -> State {
    step(State::Loading, Event::Loaded(Ok(answer(subscriptions)))).0
}

fn shown(state: &State) -> &Shown {
    match state {
        State::Shown(shown) => shown,
        other => panic!("{other:?}"),
    }
}

fn place(state: &State) -> Place {
    shown(state).place.clone()
}

#[test]
fn the_only_subscription_is_shown_at_once_and_several_as_a_list() {
    let one = vec![subscription("sub_1", &json!({}))];
    let (state, effects) = step(State::Loading, Event::Loaded(Ok(answer(one))));
    assert_eq!(place(&state), Place::Subscription("sub_1".to_owned()));
    assert_eq!(effects, [Effect::LoadInvoices("sub_1".to_owned(), None)]);

    let two = vec![
        subscription("sub_1", &json!({})),
        subscription("sub_2", &json!({})),
    ];
    let (state, effects) = step(State::Loading, Event::Loaded(Ok(answer(two))));
    assert_eq!((place(&state), effects), (Place::List, vec![]));
    let (state, effects) = step(state, Event::Open("sub_2".to_owned()));
    assert_eq!(
        effects,
        [
            Effect::FocusHeading,
            Effect::LoadInvoices("sub_2".to_owned(), None)
        ]
    );
    let (state, _) = step(state, Event::ShowAll);
    assert_eq!(place(&state), Place::List);
    assert_eq!(place(&page(vec![])), Place::List);
}

#[test]
fn why_nothing_can_be_shown_is_told_and_a_connection_can_be_tried_again() {
    for (error, fault) in [
        (api_error(codes::LINK_EXPIRED), Fault::LinkEnded),
        (RequestError::Offline, Fault::Offline),
        (RequestError::Network, Fault::Unreachable),
        (api_error(codes::INTERNAL), Fault::Unreachable),
    ] {
        let (state, _) = step(State::Loading, Event::Loaded(Err(error)));
        assert_eq!(state, State::Failed(fault.clone()));
        let (state, effects) = step(state, Event::TryAgain);
        let again = matches!(fault, Fault::Offline | Fault::Unreachable);
        assert_eq!(state == State::Loading, again);
        assert_eq!(effects.contains(&Effect::Load), again);
    }
    // What is there stays when it cannot be read again, but not without a link.
    let state = page(vec![subscription("sub_1", &json!({}))]);
    let (state, _) = step(state, Event::Loaded(Err(RequestError::Network)));
    assert!(matches!(state, State::Shown(_)));
    let (state, _) = step(state, Event::Loaded(Err(api_error(codes::LINK_EXPIRED))));
    assert_eq!(state, State::Failed(Fault::LinkEnded));
}

#[test]
fn a_cancel_is_one_page_and_one_button_and_can_be_taken_back() {
    let state = page(vec![subscription("sub_1", &json!({}))]);
    let (state, _) = step(state, Event::AskCancel);
    assert_eq!(place(&state), Place::Cancel("sub_1".to_owned()));
    let (kept, _) = step(state.clone(), Event::Keep);
    assert_eq!(place(&kept), Place::Subscription("sub_1".to_owned()));

    let (state, effects) = step(state, Event::Cancel(CancelAt::Now));
    let [Effect::Post(id, Ask::Cancel(request))] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(
        (&**id, request.revision, request.at),
        ("sub_1", 3, CancelAt::Now)
    );
    assert_eq!(request.refund.map(Amount::value), Some(4_950));
    // A second press while it is under way does nothing.
    let (state, effects) = step(state, Event::Cancel(CancelAt::PeriodEnd));
    assert_eq!(effects, []);
    let over =
        json!({"status": "canceled", "endedAt": "2026-11-21T14:03:00+09:00", "cancel": null});
    let (state, effects) = step(state, done("sub_1", &over));
    assert_eq!(shown(&state).notice, Some(Notice::Refunded));
    assert_eq!(place(&state), Place::Subscription("sub_1".to_owned()));
    assert!(effects.contains(&Effect::FocusNotice));
    assert_eq!(shown(&state).busy, None);
    assert!(effects.contains(&told(PublicEvent::Canceled, SubscriptionStatus::Canceled)));

    let scheduled = json!({"cancelAt": "2026-12-21T00:00:00+09:00", "cancel": null});
    let state = page(vec![subscription("sub_1", &scheduled)]);
    let (state, effects) = step(state, Event::Uncancel);
    assert!(matches!(&effects[..], [Effect::Post(_, Ask::Uncancel(_))]));
    let (state, _) = step(state, done("sub_1", &json!({})));
    assert_eq!(shown(&state).notice, Some(Notice::Uncanceled));
    let (state, _) = step(state, Event::AskCancel);
    let (state, _) = step(state, Event::Cancel(CancelAt::PeriodEnd));
    let (state, _) = step(state, done("sub_1", &scheduled));
    assert_eq!(shown(&state).notice, Some(Notice::Scheduled));
    // What is canceled is not canceled again.
    let (state, effects) = step(state, Event::AskCancel);
    assert_eq!(effects, []);
    assert_eq!(step(state, Event::Cancel(CancelAt::Now)).1, []);
}

#[test]
fn what_goes_back_after_a_cancel_is_waited_for_and_then_shown() {
    let state = page(vec![subscription("sub_1", &json!({}))]);
    let (state, _) = step(state, Event::AskCancel);
    let (state, _) = step(state, Event::Cancel(CancelAt::Now));
    let over = |revision: u64, refunding: bool| json!({"revision": revision, "status": "canceled", "cancel": null, "refunding": refunding});
    let (state, effects) = step(state, done("sub_1", &over(4, true)));
    let payments = Effect::LoadInvoices("sub_1".to_owned(), None);
    assert!(effects.contains(&Effect::LoadSoon), "{effects:?}");
    let wait = |state: State, of: Value| {
        let read = answer(vec![subscription("sub_1", &of)]);
        step(state, Event::Loaded(Ok(read)))
    };
    let (state, effects) = wait(state, over(4, true));
    assert_eq!(effects, [Effect::LoadSoon]);
    let (state, effects) = wait(state, over(5, false));
    assert_eq!(effects, [payments], "its line says what went back");
    assert_eq!(shown(&state).notice, Some(Notice::Refunded));
}

#[test]
fn a_payment_is_waited_for_until_its_outcome_is_known() {
    let state = page(vec![subscription("sub_1", &owed(false))]);
    let (state, effects) = step(state, Event::Pay);
    assert!(matches!(&effects[..], [Effect::Post(_, Ask::Charge(_))]));
    let (state, effects) = step(state, done("sub_1", &owed(true)));
    assert_eq!(shown(&state).notice, None);
    assert!(effects.contains(&Effect::LoadSoon));
    let wait = |state: State, of: Value| {
        step(
            state,
            Event::Loaded(Ok(answer(vec![subscription("sub_1", &of)]))),
        )
    };
    let (state, effects) = wait(state, owed(true));
    assert_eq!(effects, [Effect::LoadSoon]);
    let (refused, effects) = wait(state.clone(), owed(false));
    assert_eq!(shown(&refused).notice, Some(Notice::Refused));
    assert!(effects.contains(&Effect::FocusNotice));
    assert!(!effects.iter().any(|it| matches!(it, Effect::Tell(..))));
    let (paid, effects) = wait(state.clone(), json!({}));
    assert_eq!(shown(&paid).notice, Some(Notice::Paid));
    assert!(effects.contains(&told(PublicEvent::Paid, SubscriptionStatus::Active)));
    let over = json!({"status": "canceled", "endedAt": "2026-11-21T14:03:00+09:00"});
    let (ended, effects) = wait(state, over);
    assert_eq!(shown(&ended).notice, None);
    assert!(!effects.iter().any(|it| matches!(it, Effect::Tell(..))));

    let state = page(vec![subscription("sub_1", &owed(false))]);
    let (state, _) = step(state, Event::Pay);
    let (state, _) = step(state, done("sub_1", &owed(false)));
    assert_eq!(shown(&state).notice, Some(Notice::Refused));
}

#[test]
fn what_was_on_its_way_when_something_was_done_changes_nothing() {
    let state = page(vec![subscription("sub_1", &json!({}))]);
    let (state, _) = step(state, Event::AskCancel);
    let (state, _) = step(state, Event::Cancel(CancelAt::PeriodEnd));
    let newer = json!({"revision": 4, "cancelAt": "2026-12-21T00:00:00+09:00", "cancel": null});
    let (state, _) = step(state, done("sub_1", &newer));
    let older = answer(vec![subscription("sub_1", &json!({}))]);
    let (state, effects) = step(state, Event::Loaded(Ok(older)));
    assert!(shown(&state).subscriptions[0].cancel_at.is_some());
    assert_eq!(
        (shown(&state).notice, effects),
        (Some(Notice::Scheduled), vec![])
    );
    let newest = answer(vec![subscription("sub_1", &json!({"revision": 5}))]);
    let (state, _) = step(state, Event::Loaded(Ok(newest)));
    assert_eq!(shown(&state).subscriptions[0].revision, 5);
}

#[test]
fn what_was_not_done_is_told_and_what_is_so_now_is_read() {
    let busy = || {
        step(
            page(vec![subscription("sub_1", &json!({}))]),
            Event::AskCancel,
        )
        .0
    };
    let busy = || step(busy(), Event::Cancel(CancelAt::PeriodEnd)).0;
    let retryable = RequestError::Api(ApiError {
        code: codes::INTERNAL.to_owned(),
        message: String::new(),
        retryable: true,
        trace_id: String::new(),
    });
    for (error, notice, reads) in [
        (api_error(codes::REVISION_MISMATCH), Notice::Changed, true),
        (RequestError::Timeout, Notice::Unanswered, true),
        (RequestError::Offline, Notice::Unanswered, true),
        (retryable, Notice::Failed, false),
    ] {
        let (state, effects) = step(busy(), Event::Done(Err(error)));
        assert_eq!(shown(&state).notice, Some(notice));
        assert_eq!(shown(&state).busy, None);
        assert_eq!(place(&state), Place::Subscription("sub_1".to_owned()));
        assert_eq!(effects.contains(&Effect::Load), reads, "{notice:?}");
    }
    let ended = Event::Done(Err(api_error(codes::LINK_EXPIRED)));
    assert_eq!(step(busy(), ended).0, State::Failed(Fault::LinkEnded));
}

#[test]
fn the_sentence_that_is_shown_is_the_one_that_is_agreed_to() {
    let asked = json!({"consent": {
        "before": {"amount": won(9_900), "unit": "month", "count": 1},
        "after": {"amount": won(12_900), "unit": "month", "count": 1},
        "effectiveAt": "2026-12-21T09:00:00+09:00",
        "ko": {"version": "ko-1", "text": "동의해요"}, "en": {"version": "en-1", "text": "I agree"},
    }});
    let state = page(vec![subscription("sub_1", &asked)]);
    let (state, effects) = step(state, Event::Agree(Locale::En));
    let [Effect::Post(_, Ask::Agree(answer))] = &effects[..] else {
        panic!("{effects:?}")
    };
    assert_eq!(answer.consent.text.as_str(), "I agree");
    let (state, _) = step(state, done("sub_1", &json!({})));
    assert_eq!(shown(&state).notice, Some(Notice::Agreed));
    // Nothing is agreed to that is not asked.
    assert_eq!(step(state, Event::Agree(Locale::Ko)).1, []);
}

#[test]
fn the_way_to_another_card_leaves_the_page_and_comes_back() {
    let state = page(vec![subscription("sub_1", &json!({}))]);
    let (state, effects) = step(state, Event::ChangeMethod);
    assert_eq!(effects, [Effect::ChangeMethod("sub_1".to_owned())]);
    let url = "https://pay.example/checkout/?session=cs_1".to_owned();
    let (state, effects) = step(
        state,
        Event::Leave(Ok(ReplaceMethodAt { url: url.clone() })),
    );
    assert_eq!(effects, [Effect::Go(url)]);
    assert_eq!(step(state.clone(), Event::ChangeMethod).1, [], "not twice");
    // By the Back button.
    let (state, effects) = step(state, Event::Restored);
    assert_eq!((shown(&state).busy, effects), (None, vec![Effect::Load]));
    let (state, _) = step(state, Event::ChangeMethod);
    let (state, _) = step(state, Event::Leave(Err(RequestError::Network)));
    assert_eq!(shown(&state).notice, Some(Notice::Unanswered));
}

#[test]
fn payments_are_read_page_by_page_and_those_of_another_are_left_out() {
    let invoices = |id: &str, next: Option<&str>| -> CustomerInvoices {
        serde_json::from_value(json!({
            "invoices": [{"id": id, "status": "paid", "amount": won(9_900),
                "periodStart": "2026-11-21T00:00:00+09:00", "periodEnd": "2026-12-21T00:00:00+09:00"}],
            "next": next,
        }))
        .unwrap()
    };
    let state = page(vec![subscription("sub_1", &json!({}))]);
    let read = |state, after: Option<&str>, answer| {
        let after = after.map(str::to_owned);
        step(state, Event::Invoices("sub_1".to_owned(), after, answer)).0
    };
    let state = read(state, None, Ok(invoices("inv_2", Some("inv_2"))));
    let (state, effects) = step(state, Event::MoreInvoices);
    let after = Some("inv_2".to_owned());
    assert_eq!(effects, [Effect::LoadInvoices("sub_1".to_owned(), after)]);
    assert_eq!(step(state.clone(), Event::MoreInvoices).1, []);
    let state = read(state, Some("inv_2"), Ok(invoices("inv_1", None)));
    let ids = |state: &State| -> Vec<String> {
        let invoices = shown(state).history.invoices.iter();
        invoices.map(|invoice| invoice.id.clone()).collect()
    };
    assert_eq!(ids(&state), ["inv_2", "inv_1"]);
    let failed = read(state.clone(), None, Err(RequestError::Network));
    assert!(shown(&failed).history.failed);
    let other = Event::Invoices("sub_2".to_owned(), None, Ok(invoices("inv_9", None)));
    assert_eq!(ids(&step(state, other).0), ["inv_2", "inv_1"]);
}
