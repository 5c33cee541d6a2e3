//! A change as one script for SQLite.

use sea_orm::{
    EntityName,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{
    parts::Parts,
    rows::{New, deliveries, event_name},
};
use crate::{
    application::change::Change,
    domain::time::Millis,
    store::{entities::event, script::Script},
};

pub(super) fn script(change: Change, now: Millis) -> Script {
    let mut script = Script::default();
    let Parts {
        changed,
        new,
        events,
    } = Parts::of(change, now);
    for row in changed {
        script.update(row.statement);
    }
    for row in new {
        script.insert(row.where_(None));
    }
    for new in events {
        let (id, subject) = (event_name(), new.subject.clone());
        script.insert(New::event(&id, new, now).where_(None));
        let seq = Query::select()
            .column(event::Column::Seq)
            .from(event::Entity.table_ref())
            .and_where(Expr::col(event::Column::Id).eq(id.as_str()))
            .to_owned();
        script.push(&deliveries(&id, seq.into(), &subject, now, None));
    }
    script
}
