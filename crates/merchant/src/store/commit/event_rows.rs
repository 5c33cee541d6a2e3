//! The rows of an event: itself, and its delivery to each endpoint.

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityName, IdenStatic,
    sea_query::{BinOper, Expr, ExprTrait, InsertStatement, Query, SimpleExpr},
};

use super::rows::{New, Values, insert};
use crate::{
    crypto::random_name,
    domain::{
        delivery::DeliveryState, endpoint::EndpointState, event::NewEvent, ids::EventId,
        time::Millis,
    },
    store::{
        columns::{Json, Text},
        entities::{delivery, endpoint, event},
        records::to_i64,
    },
};

/// An event, which every enabled endpoint is to get at once.
#[derive(Debug)]
pub(super) struct EventRows {
    pub(super) row: New,
    id: EventId,
    subject: String,
    /// What the names of its deliveries begin with.
    prefix: String,
    at: Millis,
}

impl EventRows {
    pub(super) fn of(new: NewEvent, now: Millis) -> Self {
        let id = EventId::new(random_name(EventId::PREFIX));
        let subject = new.subject.clone();
        let row = event::ActiveModel {
            seq: NotSet,
            id: Set(Text(id.clone())),
            kind: Set(Text(new.kind)),
            subject: Set(new.subject),
            subject_revision: Set(to_i64(new.subject_revision)),
            at: Set(now),
            data: Set(Json(new.data)),
        };
        Self {
            row: New::of(row),
            id,
            subject,
            prefix: random_name("dlv_") + "_",
            at: now,
        }
    }

    /// The event's name.
    pub(super) fn id(&self, values: &mut impl Values) -> SimpleExpr {
        values.put(self.id.as_str().into())
    }

    /// Its deliveries, when it has the number `seq`. `from`: the tables in which `seq` and the values are,
    /// and which of their rows are meant.
    pub(super) fn deliveries(
        &self,
        seq: SimpleExpr,
        from: Option<([&'static str; 2], SimpleExpr)>,
        values: &mut impl Values,
    ) -> InsertStatement {
        use delivery::Column;
        let endpoint = || Expr::col((endpoint::Entity, endpoint::Column::Id));
        let prefix = values.put(self.prefix.as_str().into());
        let at = values.put(self.at.0.into());
        let row: [(Column, SimpleExpr); 9] = [
            (Column::Id, prefix.binary(BinOper::Custom("||"), endpoint())),
            (Column::EventId, self.id(values)),
            (Column::EventSeq, seq),
            (Column::Subject, values.put(self.subject.as_str().into())),
            (Column::EndpointId, endpoint()),
            (Column::State, Expr::val(DeliveryState::Pending.as_str())),
            (Column::CreatedAt, at.clone()),
            (Column::NextActionAt, at),
            (Column::LeaseNo, Expr::val(0_i64)),
        ];
        let columns: Vec<_> = row.iter().map(|(column, _)| column.as_str()).collect();
        let mut enabled = Query::select();
        enabled
            .exprs(row.into_iter().map(|(_, value)| value))
            .from(endpoint::Entity)
            .and_where(endpoint::Column::State.eq(Text(EndpointState::Enabled)));
        if let Some(([first, second], condition)) = from {
            enabled.from(first).from(second).and_where(condition);
        }
        insert(delivery::Entity.table_name(), columns, enabled)
    }
}
