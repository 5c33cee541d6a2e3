//! Every screen of the page, to be looked at and to be checked.

mod changes;
mod examples;
mod standings;

use serde_json::json;
use web_sys::HtmlElement;

use self::examples::{another, ended, is, overdue, shown, subscription, summary, yearly};
use super::{
    app,
    dispatcher::Dispatcher,
    flow::{Fault, History, Place, Shown, State},
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
pub(crate) fn all() -> Vec<(&'static str, State)> {
    let mut all = faults();
    all.extend(lists());
    all.extend(standings::all());
    all.extend(changes::all());
    all.extend(histories());
    all
}

/// Nothing that could be shown is there.
fn faults() -> Vec<(&'static str, State)> {
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
    ]
}

/// Several subscriptions, or none.
fn lists() -> Vec<(&'static str, State)> {
    vec![
        ("subscription-none", is(shown(Vec::new(), Place::List))),
        (
            "subscription-list",
            is(shown(
                vec![
                    subscription(json!({})),
                    another(yearly()),
                    overdue(json!({}), true),
                    subscription(ended()),
                ],
                Place::List,
            )),
        ),
    ]
}

/// What was paid, while it is read and where it cannot be.
fn histories() -> Vec<(&'static str, State)> {
    vec![
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
    use super::{super::flow::Notice, *};

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
