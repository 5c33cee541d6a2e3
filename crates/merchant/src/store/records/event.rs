//! Events.

use super::{Unreadable, to_u64};
use crate::{domain::event::Event, store::entities::event::Model};

pub(in crate::store) fn record(row: Model) -> Result<Event, Unreadable> {
    Ok(Event {
        seq: row.seq,
        id: row.id.0,
        kind: row.kind.0,
        subject: row.subject,
        subject_revision: to_u64(row.subject_revision, "subject_revision")?,
        at: row.at,
        data: row.data.0,
    })
}
