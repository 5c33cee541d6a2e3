//! [`OperatorRecords`] on this database.

use async_trait::async_trait;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};

use super::{
    Store,
    audit::{audit_entry, write_audit},
    columns::Text,
    entities::{attempt, audit, event, payment, payment_method, refund, webhook},
    records,
    repository::listed,
    writer::Outcome,
};
use crate::{
    application::{
        operator::{ASKED_A_MINUTE, OperatorRecords, Period, WebhookFilter},
        ports::{Listed, RecordsError},
    },
    domain::{
        attempt::{Attempt, AttemptKind, AttemptStatus},
        audit::{Audit, NewAudit},
        event::Event,
        ids::PaymentId,
        payment::Payment,
        payment_method::PaymentMethod,
        refund::Refund,
        time::Millis,
        webhook::{Webhook, WebhookState},
    },
};

fn within(period: Period, column: impl ColumnTrait) -> Condition {
    Condition::all()
        .add_option(period.from.map(|from| column.gte(from)))
        .add_option(period.to.map(|to| column.lt(to)))
}

fn meant(filter: &WebhookFilter) -> Condition {
    use webhook::Column;
    within(filter.received, Column::ReceivedAt)
        .add_option(filter.id.as_deref().map(|id| Column::Id.eq(id)))
        .add_option(
            filter
                .order_id
                .clone()
                .map(|order| Column::OrderId.eq(Text(order))),
        )
        .add_option(filter.state.map(|state| Column::State.eq(Text(state))))
        .add_option(
            filter
                .needs_attention
                .then(|| Column::NeedsAttention.is_not_null()),
        )
}

#[async_trait]
impl OperatorRecords for Store {
    async fn webhooks(
        &self,
        filter: &WebhookFilter,
        limit: u64,
    ) -> Result<Vec<Webhook>, RecordsError> {
        let query = webhook::Entity::find()
            .filter(meant(filter))
            .order_by_desc(webhook::Column::ReceivedAt)
            .order_by_desc(webhook::Column::Id)
            .limit(limit);
        self.all("webhooks", query, |row| Ok(records::webhook::record(row)))
            .await
    }

    async fn replay_webhooks(
        &self,
        filter: &WebhookFilter,
        audit: NewAudit,
        now: Millis,
    ) -> Result<u64, RecordsError> {
        let due = webhook::ActiveModel {
            state: Set(Text(WebhookState::Pending)),
            note: Set(None),
            next_action_at: Set(Some(now)),
            tries: Set(0),
            needs_attention: Set(None),
            ..webhook::ActiveModel::default()
        };
        let update = webhook::Entity::update_many()
            .set(due)
            // Whoever is at work on one writes nothing any more.
            .col_expr(
                webhook::Column::LeaseNo,
                Expr::col(webhook::Column::LeaseNo).add(1_i64),
            )
            .filter(meant(filter));
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let rows = update.exec(tx).await?.rows_affected;
                    if rows > 0 {
                        write_audit(tx, audit, now).await?;
                    }
                    Ok(Outcome::Keep(rows))
                })
            })
            .await
    }

    async fn ask_again(
        &self,
        payment: &PaymentId,
        audit: NewAudit,
        now: Millis,
    ) -> Result<(), RecordsError> {
        let attempts = attempt::Entity::update_many()
            .set(attempt::ActiveModel {
                next_action_at: Set(Some(now)),
                tries: Set(0),
                ..attempt::ActiveModel::default()
            })
            .filter(attempt::Column::PaymentId.eq(Text(payment.clone())))
            .filter(attempt::Column::Status.is_in(AttemptStatus::OPEN.map(Text)))
            // One that is being sent is not due, and not set aside.
            .filter(
                Condition::any()
                    .add(attempt::Column::Status.eq(Text(AttemptStatus::Unknown)))
                    .add(attempt::Column::NeedsAttention.is_not_null()),
            );
        let payments = payment::Entity::update_many()
            .set(payment::ActiveModel {
                next_action_at: Set(Some(now)),
                tries: Set(0),
                ..payment::ActiveModel::default()
            })
            .filter(payment::Column::Id.eq(Text(payment.clone())));
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    attempts.exec(tx).await?;
                    payments.exec(tx).await?;
                    write_audit(tx, audit, now).await?;
                    Ok(Outcome::Keep(()))
                })
            })
            .await
    }

    async fn ask_about(
        &self,
        period: Period,
        audit: NewAudit,
        now: Millis,
    ) -> Result<u64, RecordsError> {
        use payment::Column;
        let every = 60_000 / i64::from(ASKED_A_MINUTE);
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let newest: Option<i64> = payment::Entity::find()
                        .select_only()
                        .expr(Column::Seq.max())
                        .filter(within(period, Column::CreatedAt))
                        .into_tuple()
                        .one(tx)
                        .await?
                        .flatten();
                    let Some(newest) = newest else {
                        return Ok(Outcome::Keep(0));
                    };
                    // Numbers of rows have few gaps, and a gap is a pause.
                    let wait = Expr::val(newest).sub(Expr::col(Column::Seq)).mul(every);
                    let at = Expr::val(now.0).add(wait);
                    // What is due earlier stays so.
                    let is_earlier = Expr::col(Column::NextActionAt).lt(at.clone());
                    let due = Expr::case(is_earlier, Expr::col(Column::NextActionAt)).finally(at);
                    let rows = payment::Entity::update_many()
                        .col_expr(Column::Tries, Expr::val(0))
                        .col_expr(Column::NextActionAt, due.into())
                        .filter(within(period, Column::CreatedAt))
                        .exec(tx)
                        .await?
                        .rows_affected;
                    write_audit(tx, audit, now).await?;
                    Ok(Outcome::Keep(rows))
                })
            })
            .await
    }

    async fn registrations_aside(&self, limit: u64) -> Result<Vec<Attempt>, RecordsError> {
        let query = attempt::Entity::find()
            .filter(attempt::Column::NeedsAttention.is_not_null())
            .filter(attempt::Column::Kind.eq(Text(AttemptKind::Issue)))
            .order_by_asc(attempt::Column::CreatedAt)
            .order_by_asc(attempt::Column::Id)
            .limit(limit);
        self.all("attempts", query, records::attempt::record).await
    }

    async fn audit_of(&self, subject: &str) -> Result<Vec<Audit>, RecordsError> {
        let query = audit::Entity::find()
            .filter(audit::Column::Subject.eq(subject))
            .order_by_asc(audit::Column::Seq);
        self.all("audit", query, |row| Ok(audit_entry(row))).await
    }

    async fn payments_in(
        &self,
        period: Period,
        after: i64,
        limit: u64,
    ) -> Result<Vec<Listed<Payment>>, RecordsError> {
        let query = payment::Entity::find()
            .filter(within(period, payment::Column::CreatedAt))
            .filter(payment::Column::Seq.gt(after))
            .order_by_asc(payment::Column::Seq)
            .limit(limit);
        let rows = self.rows(query).await?;
        rows.iter()
            .map(|row| listed("payments", row, records::payment::record))
            .collect()
    }

    async fn payment_methods_in(
        &self,
        period: Period,
        after: i64,
        limit: u64,
    ) -> Result<Vec<Listed<PaymentMethod>>, RecordsError> {
        let query = payment_method::Entity::find()
            .filter(within(period, payment_method::Column::CreatedAt))
            .filter(payment_method::Column::Seq.gt(after))
            .order_by_asc(payment_method::Column::Seq)
            .limit(limit);
        let rows = self.rows(query).await?;
        rows.iter()
            .map(|row| listed("payment_methods", row, records::method::record))
            .collect()
    }

    async fn events_in(
        &self,
        period: Period,
        after: i64,
        limit: u64,
    ) -> Result<Vec<Event>, RecordsError> {
        let query = event::Entity::find()
            .filter(within(period, event::Column::At))
            .filter(event::Column::Seq.gt(after))
            .order_by_asc(event::Column::Seq)
            .limit(limit);
        self.all("events", query, records::event::record).await
    }

    async fn refunds_in(
        &self,
        period: Period,
        after: Option<&Refund>,
        limit: u64,
    ) -> Result<Vec<Refund>, RecordsError> {
        use refund::Column;
        let query = refund::Entity::find()
            .filter(within(period, Column::CreatedAt))
            .apply_if(after, |query, last| {
                let later = Column::CreatedAt.gt(last.created_at);
                let beside = Column::CreatedAt
                    .eq(last.created_at)
                    .and(Column::Id.gt(Text(last.id.clone())));
                query.filter(later.or(beside))
            })
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id)
            .limit(limit);
        self.all("refunds", query, records::refund::record).await
    }
}
