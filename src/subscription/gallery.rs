//! Every screen of the page, to be looked at and to be checked.

use serde_json::{Value, json};
use toss_checkout_contract::{CustomerInvoices, CustomerSubscription};
use web_sys::HtmlElement;

use super::{
    app,
    dispatcher::Dispatcher,
    flow::{Busy, Fault, History, Notice, Place, Shown, State},
};
use crate::{mounted::Mounted, platform::host_options::HostOptions};

/// What the names of its screens begin with.
pub const PREFIX: &str = "subscription-";

const NEXT: &str = "2026-12-21T09:41:07+09:00";
const END: &str = "2026-12-21T00:00:00+09:00";

/// Shows a screen; `None`: there is none of this name.
pub(crate) fn show(host: HtmlElement, options: &HostOptions, name: &str) -> Option<Mounted> {
    let (_, state) = all().into_iter().find(|(screen, _)| *screen == name)?;
    let dispatcher = Dispatcher::frozen(host.clone().into(), options, state);
    Some(app::show(host, dispatcher))
}

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
fn subscription(more: Value) -> CustomerSubscription {
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

fn shown(subscriptions: Vec<CustomerSubscription>, place: Place) -> Shown {
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

fn summary(subscription: CustomerSubscription) -> Shown {
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

fn overdue(more: Value, method_usable: bool) -> CustomerSubscription {
    subscription(json!({
        "status": "past_due", "nextCharge": null, "owed": owed(more), "cancel": {"now": {}},
        "paymentMethod": {
            "method": "CARD", "usable": method_usable,
            "card": {"issuerCode": "61", "number": "43301234****123*"},
        },
    }))
}

fn consent(status: &str) -> CustomerSubscription {
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

fn at_cancel(subscription: CustomerSubscription) -> Shown {
    let place = Place::Cancel(subscription.id.clone());
    shown(vec![subscription], place)
}

fn told(notice: Notice, subscription: CustomerSubscription) -> State {
    State::Shown(Box::new(Shown {
        notice: Some(notice),
        ..summary(subscription)
    }))
}

fn busy(busy: Busy, shown: Shown) -> State {
    State::Shown(Box::new(Shown {
        busy: Some(busy),
        ..shown
    }))
}

/// Each by its name.
#[expect(clippy::too_many_lines, reason = "one list, to be read in one piece")]
pub(crate) fn all() -> Vec<(&'static str, State)> {
    let is = |shown: Shown| State::Shown(Box::new(shown));
    let one = |more: Value| is(summary(subscription(more)));
    let ended = json!({
        "status": "canceled", "entitled": false, "endedAt": END, "nextCharge": null, "cancel": null,
    });
    let canceled = || json!({"cancelAt": END, "nextCharge": null, "cancel": null});
    let another = |more: Value| {
        let mut another = subscription(more);
        "sub_2".clone_into(&mut another.id);
        another
    };
    let yearly = json!({
        "orderName": "Supercalifragilisticexpialidocious-limited-anniversary-edition 정기 배송",
        "price": {"amount": won(120_000), "unit": "month", "count": 3},
    });
    vec![
        ("subscription-loading", State::Loading),
        ("subscription-no-link", State::Failed(Fault::NoLink)),
        ("subscription-link-ended", State::Failed(Fault::LinkEnded)),
        (
            "subscription-unreachable",
            State::Failed(Fault::Unreachable),
        ),
        ("subscription-offline", State::Failed(Fault::Offline)),
        (
            "subscription-misconfigured",
            State::Failed(Fault::Misconfigured(
                "option link: link must begin with cl_: take `token` or `url` from the answer of \
                 POST /api/customer-links"
                    .to_owned(),
            )),
        ),
        ("subscription-none", is(shown(Vec::new(), Place::List))),
        (
            "subscription-list",
            is(shown(
                vec![
                    subscription(json!({})),
                    another(yearly.clone()),
                    overdue(json!({}), true),
                    subscription(ended.clone()),
                ],
                Place::List,
            )),
        ),
        ("subscription-active", one(json!({}))),
        (
            "subscription-active-live",
            is(Shown {
                test_mode: false,
                ..summary(subscription(json!({})))
            }),
        ),
        ("subscription-active-long", one(yearly)),
        (
            "subscription-active-account",
            one(json!({"paymentMethod": {
                "method": "TRANSFER", "usable": true,
                "account": {"bankName": "우리은행", "accountNumber": "1002****0000"},
            }})),
        ),
        (
            "subscription-of-several",
            is(shown(
                vec![subscription(json!({})), another(json!({}))],
                Place::Subscription("sub_1".to_owned()),
            )),
        ),
        (
            "subscription-trial",
            one(json!({"status": "trialing", "trialEnd": END, "cancel": {"periodEnd": END}})),
        ),
        (
            "subscription-overdue",
            is(summary(overdue(json!({}), true))),
        ),
        (
            "subscription-overdue-method",
            is(summary(overdue(
                json!({"payable": false, "retryAt": null, "code": "INVALID_STOPPED_CARD"}),
                false,
            ))),
        ),
        (
            "subscription-overdue-held",
            is(summary(overdue(
                json!({"payable": false, "retryAt": null, "code": null}),
                true,
            ))),
        ),
        (
            "subscription-overdue-no-access",
            is(summary(CustomerSubscription {
                entitled: false,
                ..overdue(json!({}), true)
            })),
        ),
        (
            "subscription-incomplete",
            is(summary(CustomerSubscription {
                entitled: false,
                status: toss_checkout_contract::SubscriptionStatus::Incomplete,
                ..overdue(json!({"retryAt": null}), true)
            })),
        ),
        (
            "subscription-under-way",
            is(summary(overdue(
                json!({"underWay": true, "payable": false, "retryAt": null, "code": null}),
                true,
            ))),
        ),
        ("subscription-consent", is(summary(consent("active")))),
        (
            "subscription-awaiting-consent",
            is(summary(CustomerSubscription {
                next_charge: None,
                ..consent("awaiting_consent")
            })),
        ),
        (
            "subscription-paused",
            one(json!({
                "status": "paused", "entitled": false, "pauseAt": END, "nextCharge": null,
                "resumeAt": "2027-01-21T00:00:00+09:00",
            })),
        ),
        (
            "subscription-pauses",
            one(json!({"pauseAt": END, "nextCharge": null})),
        ),
        ("subscription-canceled-later", one(canceled())),
        ("subscription-ended", one(ended.clone())),
        (
            "subscription-cancel",
            is(at_cancel(subscription(json!({})))),
        ),
        (
            "subscription-cancel-later",
            is(at_cancel(subscription(
                json!({"cancel": {"periodEnd": END}}),
            ))),
        ),
        (
            "subscription-cancel-overdue",
            is(at_cancel(overdue(json!({}), true))),
        ),
        (
            "subscription-canceling",
            busy(
                Busy::Canceling(toss_checkout_contract::CancelAt::PeriodEnd, None),
                at_cancel(subscription(json!({}))),
            ),
        ),
        (
            "subscription-paying",
            busy(Busy::Paying, summary(overdue(json!({}), true))),
        ),
        (
            "subscription-agreeing",
            busy(Busy::Agreeing, summary(consent("active"))),
        ),
        (
            "subscription-uncanceling",
            busy(Busy::Uncanceling, summary(subscription(canceled()))),
        ),
        (
            "subscription-changing-method",
            busy(Busy::ChangingMethod, summary(subscription(json!({})))),
        ),
        (
            "subscription-done-canceled",
            told(Notice::Canceled, subscription(ended.clone())),
        ),
        (
            "subscription-done-refunded",
            told(Notice::Refunded, subscription(ended)),
        ),
        (
            "subscription-done-scheduled",
            told(Notice::Scheduled, subscription(canceled())),
        ),
        (
            "subscription-done-uncanceled",
            told(Notice::Uncanceled, subscription(json!({}))),
        ),
        (
            "subscription-done-paid",
            told(Notice::Paid, subscription(json!({}))),
        ),
        (
            "subscription-done-refused",
            told(Notice::Refused, overdue(json!({}), true)),
        ),
        (
            "subscription-done-agreed",
            told(Notice::Agreed, subscription(json!({}))),
        ),
        (
            "subscription-changed",
            told(Notice::Changed, subscription(json!({}))),
        ),
        (
            "subscription-failed",
            told(Notice::Failed, subscription(json!({}))),
        ),
        (
            "subscription-unanswered",
            told(Notice::Unanswered, subscription(json!({}))),
        ),
        (
            "subscription-history-loading",
            is(Shown {
                history: History {
                    loading: true,
                    ..History::default()
                },
                ..summary(subscription(json!({})))
            }),
        ),
        (
            "subscription-history-empty",
            is(Shown {
                history: History::default(),
                ..summary(subscription(json!({})))
            }),
        ),
        (
            "subscription-history-failed",
            is(Shown {
                history: History {
                    failed: true,
                    ..History::default()
                },
                ..summary(subscription(json!({})))
            }),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_and_notice_has_a_screen_and_each_name_is_used_once() {
        let all = all();
        let mut names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        assert!(names.iter().all(|name| name.starts_with(PREFIX)));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all.len());
        let has = |found: &dyn Fn(&State) -> bool| all.iter().any(|(_, state)| found(state));
        for notice in [
            Notice::Canceled,
            Notice::Refunded,
            Notice::Scheduled,
            Notice::Uncanceled,
            Notice::Paid,
            Notice::Refused,
            Notice::Agreed,
            Notice::Changed,
            Notice::Failed,
            Notice::Unanswered,
        ] {
            assert!(
                has(&|state| matches!(state, State::Shown(it) if it.notice == Some(notice))),
                "{notice:?}"
            );
        }
        for fault in [
            Fault::NoLink,
            Fault::LinkEnded,
            Fault::Unreachable,
            Fault::Offline,
        ] {
            assert!(
                has(&|state| *state == State::Failed(fault.clone())),
                "{fault:?}"
            );
        }
    }
}
