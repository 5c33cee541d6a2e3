//! What customers ask for: while it is under way, and what came of it.

use serde_json::json;
use toss_checkout_contract::CancelAt;

use super::examples::{
    END, at_cancel, busy, canceled, consent, ended, is, overdue, subscription, summary, told,
};
use crate::subscription::flow::{Busy, Notice, State};

pub(super) fn all() -> Vec<(&'static str, State)> {
    vec![
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
                Busy::Canceling(CancelAt::PeriodEnd, None),
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
            told(Notice::Canceled, subscription(ended())),
        ),
        (
            "subscription-done-refunded",
            told(Notice::Refunded, subscription(ended())),
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
    ]
}
