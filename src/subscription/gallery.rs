//! Every screen of the page, to be looked at and to be checked.

mod examples;

use serde_json::{Value, json};
use toss_checkout_contract::CustomerSubscription;
use web_sys::HtmlElement;

use self::examples::{
    END, at_cancel, busy, consent, overdue, shown, subscription, summary, told, won,
};
use super::{
    app,
    dispatcher::Dispatcher,
    flow::{Busy, Fault, History, Notice, Place, Shown, State},
};
use crate::{mounted::Mounted, platform::host_options::HostOptions};

/// What the names of its screens begin with.
pub const PREFIX: &str = "subscription-";

/// Shows a screen; `None`: there is none of this name.
pub(crate) fn show(host: HtmlElement, options: &HostOptions, name: &str) -> Option<Mounted> {
    let (_, state) = all().into_iter().find(|(screen, _)| *screen == name)?;
    let dispatcher = Dispatcher::frozen(host.clone().into(), options, state);
    Some(app::show(host, dispatcher))
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
