//! What most changes consist of: rows that change, rows that are new, and events.

use super::{
    event_rows::EventRows,
    rows::{Changed, New, wakes},
};
use crate::{
    application::change::Change,
    domain::time::Millis,
    store::{audit::audit_row, records},
};

/// The parts of a change, in the order in which they are written.
#[derive(Debug)]
pub(in crate::store) struct Parts {
    pub(super) changed: Vec<Changed>,
    pub(super) new: Vec<New>,
    pub(super) events: Vec<EventRows>,
}

impl Parts {
    /// Whether these parts are all of a change: no table is written twice, no part needs what another one
    /// has written, and nothing follows from a part but deliveries.
    pub(super) fn are_all_of(change: &Change) -> bool {
        change.new_session.is_none()
            && change.subscribing.is_none()
            && change.new_method.is_none()
            && change.method.is_none()
            && !(change.attempt.is_some() && change.new_attempt.is_some())
            && change.attempt.as_ref().and_then(wakes).is_none()
            && change.refunds.len() + change.new_refunds.len() <= 1
            && change.events.len() <= 1
    }

    pub(in crate::store) fn of(change: Change, now: Millis) -> Self {
        let changed = [
            change.session.map(|it| Changed::session(it, now)),
            change.payment.map(|it| Changed::payment(it, now)),
            change.attempt.map(|it| Changed::attempt(it, now)),
        ];
        let refunds = change.refunds.into_iter();
        let changed = changed
            .into_iter()
            .flatten()
            .chain(refunds.map(|it| Changed::refund(it, now)));
        let payment = change.new_payment.map(records::payment::row).map(New::of);
        let attempt = change.new_attempt.map(records::attempt::row).map(New::of);
        let refunds = change.new_refunds.into_iter();
        let refunds = refunds.map(records::refund::row).map(New::of);
        let audit = change.audit.map(|entry| audit_row(entry, now)).map(New::of);
        let new = payment.into_iter().chain(attempt).chain(refunds);
        let events = change.events.into_iter();
        Self {
            changed: changed.collect(),
            new: new.chain(audit).collect(),
            events: events.map(|it| EventRows::of(it, now)).collect(),
        }
    }
}
