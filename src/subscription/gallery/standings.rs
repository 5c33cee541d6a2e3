//! How a subscription can stand.

use serde_json::json;
use toss_checkout_contract::{CustomerSubscription, SubscriptionStatus};

use super::examples::{
    END, another, canceled, consent, ended, is, one, overdue, shown, subscription, summary, yearly,
};
use crate::subscription::flow::{Place, Shown, State};

pub(super) fn all() -> Vec<(&'static str, State)> {
    vec![
        ("subscription-active", one(json!({}))),
        (
            "subscription-active-live",
            is(Shown {
                test_mode: false,
                ..summary(subscription(json!({})))
            }),
        ),
        ("subscription-active-long", one(yearly())),
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
                status: SubscriptionStatus::Incomplete,
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
        ("subscription-ended", one(ended())),
    ]
}
