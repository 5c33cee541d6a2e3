//! Subscriptions and payments to be shown.

use serde_json::{Value, json};
use toss_checkout_contract::{CustomerInvoices, CustomerSubscription};

use super::super::flow::{Busy, History, Notice, Place, Shown, State};

pub(super) const NEXT: &str = "2026-12-21T09:41:07+09:00";
pub(super) const END: &str = "2026-12-21T00:00:00+09:00";

/// What must not fail: it is written below, and a test walks through all of it.
fn sure<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| unreachable!("{error:?}"))
}

fn won(value: u64) -> Value {
    json!({"value": value, "currency": "KRW"})
}

fn price(value: u64) -> Value {
    json!({"amount": won(value), "unit": "month", "count": 1})
}

/// An active one, with `more` in it; `null` takes a field away.
pub(super) fn subscription(more: Value) -> CustomerSubscription {
    let mut base = json!({
        "id": "sub_1", "revision": 3, "status": "active", "orderName": "토스 프라임 구독",
        "entitled": true, "price": price(9_900), "nextCharge": {"at": NEXT, "amount": won(9_900)},
        "paymentMethod": {
            "method": "CARD", "usable": true,
            "card": {"issuerCode": "61", "number": "43301234****123*"},
        },
        "cancel": {"periodEnd": END, "now": {"refund": won(4_950)}},
    });
    if let (Some(base), Value::Object(more)) = (base.as_object_mut(), more) {
        base.extend(more);
    }
    sure(serde_json::from_value(base))
}

/// Another one beside it.
pub(super) fn another(more: Value) -> CustomerSubscription {
    let mut another = subscription(more);
    "sub_2".clone_into(&mut another.id);
    another
}

/// With a name that does not end, and far apart charges.
pub(super) fn yearly() -> Value {
    json!({
        "orderName": "Supercalifragilisticexpialidocious-limited-anniversary-edition 정기 배송",
        "price": {"amount": won(120_000), "unit": "month", "count": 3},
        "nextCharge": {"at": NEXT, "amount": won(120_000)},
    })
}

/// It is over.
pub(super) fn ended() -> Value {
    json!({"status": "canceled", "entitled": false, "endedAt": END, "nextCharge": null, "cancel": null})
}

/// It ends with the period.
pub(super) fn canceled() -> Value {
    json!({"cancelAt": END, "nextCharge": null, "cancel": null})
}

fn history() -> History {
    let paid = |id: &str, from: &str, to: &str, more: Value| {
        let mut invoice = json!({
            "id": id, "status": "paid", "amount": won(9_900), "periodStart": from,
            "periodEnd": to, "paidAt": from, "receiptUrl": "https://receipt.example/",
        });
        if let (Some(invoice), Value::Object(more)) = (invoice.as_object_mut(), more) {
            invoice.extend(more);
        }
        invoice
    };
    let (october, november, december) = (
        "2026-10-21T09:41:07+09:00",
        "2026-11-21T09:41:07+09:00",
        "2026-12-21T09:41:07+09:00",
    );
    let invoices: CustomerInvoices = sure(serde_json::from_value(json!({
        "next": "inv_2",
        "invoices": [
            paid("inv_1", november, december, json!({})),
            paid("inv_2", october, november, json!({"refunded": won(1_000)})),
            paid("inv_3", "2026-09-21T09:41:07+09:00", october,
                json!({"status": "void", "paidAt": null, "receiptUrl": null})),
        ],
    })));
    History {
        invoices: invoices.invoices,
        next: invoices.next,
        loading: false,
        failed: false,
    }
}

pub(super) fn shown(subscriptions: Vec<CustomerSubscription>, place: Place) -> Shown {
    Shown {
        subscriptions,
        test_mode: true,
        return_url: Some("https://shop.example/".to_owned()),
        place,
        busy: None,
        notice: None,
        history: history(),
    }
}

pub(super) fn summary(subscription: CustomerSubscription) -> Shown {
    let place = Place::Subscription(subscription.id.clone());
    shown(vec![subscription], place)
}

fn owed(more: Value) -> Value {
    let mut owed = json!({
        "amount": won(9_900), "since": "2026-11-21T09:41:07+09:00",
        "retryAt": "2026-11-24T09:41:07+09:00", "code": "REJECT_CARD_PAYMENT",
        "underWay": false, "payable": true,
    });
    if let (Some(owed), Value::Object(more)) = (owed.as_object_mut(), more) {
        owed.extend(more);
    }
    owed
}

pub(super) fn overdue(more: Value, method_usable: bool) -> CustomerSubscription {
    subscription(json!({
        "status": "past_due", "nextCharge": null, "owed": owed(more), "cancel": {"now": {}},
        "paymentMethod": {
            "method": "CARD", "usable": method_usable,
            "card": {"issuerCode": "61", "number": "43301234****123*"},
        },
    }))
}

pub(super) fn consent(status: &str) -> CustomerSubscription {
    let text = |version: &str, text: &str| json!({"version": version, "text": text});
    subscription(json!({
        "status": status,
        "entitled": status != "awaiting_consent",
        "nextCharge": {"at": NEXT, "amount": won(12_900)},
        "consent": {
            "before": price(9_900), "after": price(12_900), "effectiveAt": NEXT,
            "ko": text("ko-1", "2026년 12월 21일부터 '토스 프라임 구독'의 금액이 매월 9,900원에서 매월 12,900원으로 바뀌어 카드 43301234****123*로 결제되는 것에 동의해요. 동의하지 않으면 결제되지 않고 구독이 끝나요. 동의한 뒤에도 이 화면에서 언제든지 해지할 수 있어요."),
            "en": text("en-1", "I agree that from 2026-12-21 on, “토스 프라임 구독” costs ₩12,900 every month instead of ₩9,900 every month, charged to card 43301234****123*. Without my consent nothing is charged and the subscription ends. I can cancel on this page at any time, also afterwards."),
        },
    }))
}

pub(super) fn is(shown: Shown) -> State {
    State::Shown(Box::new(shown))
}

/// The page of one subscription.
pub(super) fn one(more: Value) -> State {
    is(summary(subscription(more)))
}

pub(super) fn at_cancel(subscription: CustomerSubscription) -> Shown {
    let place = Place::Cancel(subscription.id.clone());
    shown(vec![subscription], place)
}

pub(super) fn told(notice: Notice, subscription: CustomerSubscription) -> State {
    is(Shown {
        notice: Some(notice),
        ..summary(subscription)
    })
}

pub(super) fn busy(busy: Busy, shown: Shown) -> State {
    is(Shown {
        busy: Some(busy),
        ..shown
    })
}
