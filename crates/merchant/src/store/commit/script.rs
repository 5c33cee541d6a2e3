//! A change as one script for SQLite.

use sea_orm::{
    EntityName,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{parts::Parts, rows::Inline};
use crate::store::{entities::event, script::Script};

pub(super) fn script(parts: &Parts) -> Script {
    let mut script = Script::default();
    for row in &parts.changed {
        script.update(row.statement());
    }
    for row in &parts.new {
        script.insert(row.statement());
    }
    for event in &parts.events {
        script.insert(event.row.statement());
        let seq = Query::select()
            .column(event::Column::Seq)
            .from(event::Entity.table_ref())
            .and_where(Expr::col(event::Column::Id).eq(event.id(&mut Inline)))
            .to_owned();
        script.push(&event.deliveries(seq.into(), None, &mut Inline));
    }
    script
}
