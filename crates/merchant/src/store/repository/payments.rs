//! [`PaymentRecords`] on this database.

use async_trait::async_trait;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, sea_query::Expr,
};
use toss_checkout_contract::{OrderId, PaymentKey, SessionId};

use super::{by, listed};
use crate::{
    application::ports::{Listed, Page, PaymentFilter, PaymentRecords, RecordsError},
    domain::{
        attempt::{Attempt, AttemptStatus},
        ids::{AttemptId, PaymentId, RefundId},
        payment::{Payment, PaymentStatus},
        refund::Refund,
    },
    store::{
        Store,
        columns::Text,
        database,
        entities::{attempt, payment, refund},
        records,
    },
};

#[async_trait]
impl PaymentRecords for Store {
    async fn payment(&self, id: &PaymentId) -> Result<Option<Payment>, RecordsError> {
        self.payment_where(by(payment::Column::Id.eq(Text(id.clone()))))
            .await
    }

    async fn payment_of_order(&self, order: &OrderId) -> Result<Option<Payment>, RecordsError> {
        self.payment_where(by(payment::Column::OrderId.eq(Text(order.clone()))))
            .await
    }

    async fn payment_of_key(&self, key: &PaymentKey) -> Result<Option<Payment>, RecordsError> {
        self.payment_where(by(payment::Column::PaymentKey.eq(Text(key.clone()))))
            .await
    }

    async fn payments(
        &self,
        page: Page,
        filter: &PaymentFilter,
    ) -> Result<Vec<Listed<Payment>>, RecordsError> {
        let rows = self.rows(listing(page, filter)).await?;
        rows.iter()
            .map(|row| listed("payments", row, records::payment::record))
            .collect()
    }

    async fn payment_cursor(&self, id: &PaymentId) -> Result<Option<i64>, RecordsError> {
        let query = payment::Entity::find().filter(payment::Column::Id.eq(Text(id.clone())));
        self.number(query, payment::Column::Seq).await
    }

    async fn attempt(&self, id: &AttemptId) -> Result<Option<Attempt>, RecordsError> {
        let query = attempt::Entity::find().filter(attempt::Column::Id.eq(Text(id.clone())));
        self.one("attempts", query, records::attempt::record).await
    }

    async fn attempts_of_session(&self, id: &SessionId) -> Result<Vec<Attempt>, RecordsError> {
        self.attempts_where(by(attempt::Column::SessionId.eq(Text(id.clone()))))
            .await
    }

    async fn attempts_of_payment(&self, id: &PaymentId) -> Result<Vec<Attempt>, RecordsError> {
        self.attempts_where(by(attempt::Column::PaymentId.eq(Text(id.clone()))))
            .await
    }

    async fn unknown_attempts(&self) -> Result<u64, RecordsError> {
        unknown().count(&self.read).await.map_err(database)
    }

    async fn refund(&self, id: &RefundId) -> Result<Option<Refund>, RecordsError> {
        let query = refund::Entity::find().filter(refund::Column::Id.eq(Text(id.clone())));
        self.one("refunds", query, records::refund::record).await
    }

    async fn refunds(&self, payment: &PaymentId) -> Result<Vec<Refund>, RecordsError> {
        let query = refund::Entity::find()
            .filter(refund::Column::PaymentId.eq(Text(payment.clone())))
            .order_by_asc(refund::Column::CreatedAt)
            .order_by_asc(refund::Column::Id);
        self.all("refunds", query, records::refund::record).await
    }
}

/// The column by which payments are listed by status. The database derives it: `migrations/m0015`.
const LISTED_STATUS: &str = "listed_status";

/// What that column says of a payment with this status.
const fn listed_status(status: PaymentStatus) -> PaymentStatus {
    match status {
        PaymentStatus::Confirming => PaymentStatus::Ready,
        other => other,
    }
}

/// The payments of a page, newest first.
pub(in crate::store) fn listing(page: Page, filter: &PaymentFilter) -> Select<payment::Entity> {
    payment::Entity::find()
        .apply_if(page.before, |query, before| {
            query.filter(payment::Column::Seq.lt(before))
        })
        .apply_if(filter.order_id.clone(), |query, order| {
            query.filter(payment::Column::OrderId.eq(Text(order)))
        })
        .apply_if(filter.customer_key.clone(), |query, key| {
            query.filter(payment::Column::CustomerKey.eq(Text(key)))
        })
        .apply_if(filter.payment_method_id.clone(), |query, id| {
            query.filter(payment::Column::PaymentMethodId.eq(Text(id)))
        })
        .apply_if(filter.status, |query, status| {
            let listed = Expr::col(LISTED_STATUS).eq(Text(listed_status(status)));
            let status = payment::Column::Status.eq(Text(status));
            query.filter(listed).filter(status)
        })
        .apply_if(filter.from, |query, from| {
            query.filter(payment::Column::CreatedAt.gte(from))
        })
        .apply_if(filter.to, |query, to| {
            query.filter(payment::Column::CreatedAt.lt(to))
        })
        .apply_if(filter.needs_attention.then_some(()), |query, ()| {
            query.filter(payment::Column::NeedsAttention.is_not_null())
        })
        .order_by_desc(payment::Column::Seq)
        .limit(page.limit)
}

/// Attempts whose outcome is not known. The status stands in the statement itself, since no value of a statement
/// finds the index of these alone.
pub(in crate::store) fn unknown() -> Select<attempt::Entity> {
    let unknown = format!("'{}'", AttemptStatus::Unknown.as_str());
    attempt::Entity::find().filter(Expr::col(attempt::Column::Status).eq(Expr::cust(unknown)))
}
