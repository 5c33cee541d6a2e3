//! What most changes consist of: rows that change, rows that are new, and events.

use sea_orm::{Value, sea_query::ArrayType};

use super::{
    event_rows::{EventRows, EventShape},
    rows::{Changed, ChangedShape, New, NewShape, Row, wakes},
};
use crate::{
    application::change::Change,
    domain::time::Millis,
    store::{audit::audit_row, records},
};

/// The parts of a change: what its statements depend on, and the values that they write.
#[derive(Debug)]
pub(in crate::store) struct Parts {
    pub(in crate::store) shape: Shape,
    pub(in crate::store) values: Vec<Value>,
}

/// The parts of a change without their values, in the order in which they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(in crate::store) struct Shape {
    pub(super) changed: Vec<Part<ChangedShape>>,
    pub(super) new: Vec<Part<NewShape>>,
    pub(super) events: Vec<Part<EventShape>>,
    /// Of the values.
    pub(super) types: Vec<ArrayType>,
}

/// A part whose values begin with a number among those of the change.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Part<S> {
    pub(super) first: usize,
    pub(super) shape: S,
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
        let mut parts = Self {
            shape: Shape::default(),
            values: Vec::new(),
        };
        let changed = [
            change.session.map(|it| Changed::session(it, now)),
            change.payment.map(|it| Changed::payment(it, now)),
            change.attempt.map(|it| Changed::attempt(it, now)),
        ];
        let refunds = change.refunds.into_iter();
        let refunds = refunds.map(|it| Changed::refund(it, now));
        for row in changed.into_iter().flatten().chain(refunds) {
            let part = parts.add(row);
            parts.shape.changed.push(part);
        }
        let payment = change.new_payment.map(records::payment::row).map(New::of);
        let attempt = change.new_attempt.map(records::attempt::row).map(New::of);
        let refunds = change.new_refunds.into_iter();
        let refunds = refunds.map(records::refund::row).map(New::of);
        let audit = change.audit.map(|entry| audit_row(entry, now)).map(New::of);
        let new = payment.into_iter().chain(attempt).chain(refunds);
        for row in new.chain(audit) {
            let part = parts.add(row);
            parts.shape.new.push(part);
        }
        for event in change.events {
            let part = parts.add(EventRows::of(event, now));
            parts.shape.events.push(part);
        }
        parts
    }

    fn add<S>(&mut self, row: Row<S>) -> Part<S> {
        let first = self.values.len();
        let types = row.values.iter().map(Value::array_type);
        self.shape.types.extend(types);
        self.values.extend(row.values);
        Part {
            first,
            shape: row.shape,
        }
    }

    /// Which rows change.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&'static str, String)> {
        let changed = self.shape.changed.iter();
        changed.map(|row| (row.shape.table, self.values[row.first].to_string()))
    }
}
