//! The rows of an event: itself, and its delivery to each endpoint.

use std::array;

use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityName, IdenStatic, Value,
    sea_query::{BinOper, Expr, ExprTrait, InsertStatement, SelectStatement, SimpleExpr},
};

use super::rows::{New, NewShape, Row, Values, insert};
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
pub(super) type EventRows = Row<EventShape>;

/// Its values: those of its own row, and what its deliveries have beside.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct EventShape {
    pub(super) row: NewShape,
}

impl EventRows {
    pub(super) fn of(new: NewEvent, now: Millis) -> Self {
        let id = EventId::new(random_name(EventId::PREFIX));
        // What the names of its deliveries begin with.
        let prefix = random_name("dlv_") + "_";
        let beside: [Value; 4] = [
            prefix.into(),
            id.as_str().into(),
            new.subject.as_str().into(),
            now.0.into(),
        ];
        let row = event::ActiveModel {
            seq: NotSet,
            id: Set(Text(id)),
            kind: Set(Text(new.kind)),
            subject: Set(new.subject),
            subject_revision: Set(to_i64(new.subject_revision)),
            at: Set(now),
            data: Set(Json(new.data)),
        };
        let New { shape, mut values } = New::of(row);
        values.extend(beside);
        Self {
            shape: EventShape { row: shape },
            values,
        }
    }
}

impl EventShape {
    fn beside<const N: usize>(&self, values: &impl Values) -> [SimpleExpr; N] {
        array::from_fn(|no| values.at(self.row.columns.len() + no))
    }

    /// The event's name.
    pub(super) fn id(&self, values: &impl Values) -> SimpleExpr {
        let [_, id] = self.beside(values);
        id
    }

    /// Its deliveries, when it has the number `seq`. `of`: the tables in which `seq` and the values are, and
    /// which of their rows are meant.
    pub(super) fn deliveries(
        &self,
        seq: SimpleExpr,
        mut of: SelectStatement,
        values: &impl Values,
    ) -> InsertStatement {
        use delivery::Column;
        let endpoint = || Expr::col((endpoint::Entity, endpoint::Column::Id));
        let [prefix, id, subject, at] = self.beside(values);
        let row: [(Column, SimpleExpr); 9] = [
            (Column::Id, prefix.binary(BinOper::Custom("||"), endpoint())),
            (Column::EventId, id),
            (Column::EventSeq, seq),
            (Column::Subject, subject),
            (Column::EndpointId, endpoint()),
            (Column::State, Expr::val(DeliveryState::Pending.as_str())),
            (Column::CreatedAt, at.clone()),
            (Column::NextActionAt, at),
            (Column::LeaseNo, Expr::val(0_i64)),
        ];
        let columns: Vec<_> = row.iter().map(|(column, _)| column.as_str()).collect();
        of.exprs(row.into_iter().map(|(_, value)| value))
            .from(endpoint::Entity)
            .and_where(endpoint::Column::State.eq(Text(EndpointState::Enabled)));
        insert(delivery::Entity.table_name(), columns, of)
    }
}
