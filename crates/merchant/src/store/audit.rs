//! What operators decided.

use sea_orm::{
    ActiveValue::{NotSet, Set},
    DatabaseTransaction, DbErr, EntityTrait,
};

use super::{columns::Text, entities::audit};
use crate::domain::{
    audit::{Audit, NewAudit},
    time::Millis,
};

/// An entry; it belongs into the transaction of the change that it is about.
pub(super) fn audit_row(entry: NewAudit, now: Millis) -> audit::ActiveModel {
    audit::ActiveModel {
        seq: NotSet,
        actor: Set(entry.actor),
        action: Set(Text(entry.action)),
        subject: Set(entry.subject),
        details: Set(entry.reason),
        at: Set(now),
    }
}

pub(super) async fn write_audit(
    tx: &DatabaseTransaction,
    entry: NewAudit,
    now: Millis,
) -> Result<(), DbErr> {
    audit::Entity::insert(audit_row(entry, now))
        .exec_without_returning(tx)
        .await
        .map(drop)
}

/// Reads an entry.
pub(super) fn audit_entry(row: audit::Model) -> Audit {
    Audit {
        entry: NewAudit {
            actor: row.actor,
            action: row.action.0,
            subject: row.subject,
            reason: row.details,
        },
        at: row.at,
    }
}
