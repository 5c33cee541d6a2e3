//! [`Records`] on this database.

use std::{sync::PoisonError, time::Duration};

use async_trait::async_trait;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, FromQueryResult, IdenStatic,
    PaginatorTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect, QueryTrait, Select, SelectA,
    SelectB, SelectC,
    sea_query::{Expr, OnConflict},
};
use toss_checkout_contract::{
    ClientKey, CustomerKey, FailureReport, OrderId, PaymentKey, SessionId,
};

use super::{
    Store,
    columns::Text,
    database,
    entities::{
        attempt, event, failure_report, payment, payment_method, refund, session, shop, webhook,
    },
    is_duplicate,
    records::{self, Nonsense},
    writer::Outcome,
};
use crate::{
    application::{
        change::{Change, Committed},
        ports::{
            Backlog, Checkout, Claimed, Listed, Over, Page, PaymentFilter, Queue, Records,
            RecordsError, Release,
        },
    },
    crypto::random_name,
    domain::{
        attempt::{Attempt, AttemptStatus},
        event::Event,
        ids::{AttemptId, EventId, PaymentId, PaymentMethodId, RefundId, ShopId},
        payment::Payment,
        payment_method::PaymentMethod,
        refund::Refund,
        session::SessionRecord,
        shop::Shop,
        time::Millis,
        webhook::{NewWebhook, Webhook, WebhookState},
    },
};

/// More reports than this say nothing new.
const MAX_REPORTS: usize = 20;
/// What a report may hold. Toss documents at most 510 characters; an address can carry anything.
/// Source: <https://docs.tosspayments.com/reference>.
const MAX_MESSAGE: usize = 510;

/// Reads a row, then what it means; either can fail, and the row is named.
fn read<M: FromQueryResult, T>(
    table: &'static str,
    row: &QueryResult,
    record: impl FnOnce(M) -> Result<T, Nonsense>,
) -> Result<T, RecordsError> {
    read_part("", table, row, record)
}

/// As [`read`], of one of the tables that a row was joined from.
fn read_part<M: FromQueryResult, T>(
    prefix: &str,
    table: &'static str,
    row: &QueryResult,
    record: impl FnOnce(M) -> Result<T, Nonsense>,
) -> Result<T, RecordsError> {
    M::from_query_result(row, prefix)
        .map_err(|error| error.to_string())
        .and_then(record)
        .map_err(|reason| RecordsError::Unreadable {
            table,
            id: row.try_get(prefix, "id").unwrap_or_default(),
            reason,
        })
}

/// As [`read_part`], where the joined table may have no row.
fn joined<M: FromQueryResult, T>(
    prefix: &str,
    table: &'static str,
    row: &QueryResult,
    record: impl FnOnce(M) -> Result<T, Nonsense>,
) -> Result<Option<T>, RecordsError> {
    let id: Option<String> = row.try_get(prefix, "id").map_err(database)?;
    id.map(|_| read_part(prefix, table, row, record))
        .transpose()
}

pub(super) fn listed<M: FromQueryResult, T>(
    table: &'static str,
    row: &QueryResult,
    record: impl FnOnce(M) -> Result<T, Nonsense>,
) -> Result<Listed<T>, RecordsError> {
    Ok(Listed {
        cursor: row.try_get("", "seq").map_err(database)?,
        row: read(table, row, record),
    })
}

impl Store {
    pub(super) async fn load_shops(&self) -> Result<(), RecordsError> {
        let rows = shop::Entity::find()
            .all(&self.read)
            .await
            .map_err(database)?;
        let mut shops = self.shops.write().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            let shop = records::shop::record(row);
            shops.insert(shop.id.clone(), shop);
        }
        Ok(())
    }

    fn known_shop(&self, id: &ShopId) -> Option<Shop> {
        let shops = self.shops.read().unwrap_or_else(PoisonError::into_inner);
        shops.get(id).cloned()
    }

    /// The key that the page of a shop opens Toss's window with.
    fn client_key(&self, shop: &ShopId) -> Result<ClientKey, Nonsense> {
        self.known_shop(shop)
            .map(|shop| shop.client_key)
            .ok_or_else(|| format!("its shop {shop} is not known"))
    }

    fn session_record(&self, row: session::Model) -> Result<SessionRecord, Nonsense> {
        let client_key = self.client_key(&row.shop_id.0)?;
        records::session::record(row, client_key)
    }

    pub(super) async fn rows<E: EntityTrait>(
        &self,
        query: Select<E>,
    ) -> Result<Vec<QueryResult>, RecordsError> {
        let statement = query.into_query();
        self.read.query_all(&statement).await.map_err(database)
    }

    pub(super) async fn one<E: EntityTrait, M: FromQueryResult, T>(
        &self,
        table: &'static str,
        query: Select<E>,
        record: impl FnOnce(M) -> Result<T, Nonsense>,
    ) -> Result<Option<T>, RecordsError> {
        let rows = self.rows(query.limit(1)).await?;
        rows.first().map(|row| read(table, row, record)).transpose()
    }

    pub(super) async fn all<E: EntityTrait, M: FromQueryResult, T>(
        &self,
        table: &'static str,
        query: Select<E>,
        record: impl Fn(M) -> Result<T, Nonsense>,
    ) -> Result<Vec<T>, RecordsError> {
        let rows = self.rows(query).await?;
        rows.iter().map(|row| read(table, row, &record)).collect()
    }

    pub(super) async fn number<E: EntityTrait>(
        &self,
        query: Select<E>,
        column: E::Column,
    ) -> Result<Option<i64>, RecordsError> {
        query
            .select_only()
            .column(column)
            .into_tuple()
            .one(&self.read)
            .await
            .map_err(database)
    }

    async fn session_where(
        &self,
        condition: Condition,
    ) -> Result<Option<SessionRecord>, RecordsError> {
        let query = session::Entity::find().filter(condition);
        self.one("sessions", query, |row| self.session_record(row))
            .await
    }

    async fn payment_where(&self, condition: Condition) -> Result<Option<Payment>, RecordsError> {
        let query = payment::Entity::find().filter(condition);
        self.one("payments", query, records::payment::record).await
    }

    async fn attempts_where(&self, condition: Condition) -> Result<Vec<Attempt>, RecordsError> {
        let query = attempt::Entity::find()
            .filter(condition)
            .order_by_asc(attempt::Column::CreatedAt)
            .order_by_asc(attempt::Column::Id);
        self.all("attempts", query, records::attempt::record).await
    }

    async fn method_where(&self, condition: Condition) -> Result<Vec<PaymentMethod>, RecordsError> {
        let query = payment_method::Entity::find()
            .filter(condition)
            .order_by_desc(payment_method::Column::Seq);
        self.all("payment_methods", query, records::method::record)
            .await
    }
}

fn by(condition: sea_orm::sea_query::SimpleExpr) -> Condition {
    Condition::all().add(condition)
}

#[async_trait]
impl Records for Store {
    async fn commit(&self, change: Change, now: Millis) -> Result<Committed, RecordsError> {
        Box::pin(self.commit_change(change, now)).await
    }

    async fn session(&self, id: &SessionId) -> Result<Option<SessionRecord>, RecordsError> {
        self.session_where(by(session::Column::Id.eq(Text(id.clone()))))
            .await
    }

    async fn checkout(&self, id: &SessionId) -> Result<Option<Checkout>, RecordsError> {
        // One statement, so that all of it is of one moment: a row for each attempt, or one without any.
        let query = session::Entity::find()
            .filter(session::Column::Id.eq(Text(id.clone())))
            .find_also_related(payment::Entity)
            .find_also_related(attempt::Entity);
        let rows = self
            .read
            .query_all(&query.into_query())
            .await
            .map_err(database)?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        let (session, payment, attempt) = (SelectA.as_str(), SelectB.as_str(), SelectC.as_str());
        let attempts = rows
            .iter()
            .map(|row| joined(attempt, "attempts", row, records::attempt::record));
        Ok(Some(Checkout {
            record: read_part(session, "sessions", first, |row| self.session_record(row))?,
            payment: joined(payment, "payments", first, records::payment::record)?,
            attempts: attempts
                .filter_map(Result::transpose)
                .collect::<Result<_, _>>()?,
        }))
    }

    async fn session_of_request(&self, key: &str) -> Result<Option<SessionRecord>, RecordsError> {
        self.session_where(by(session::Column::IdempotencyKey.eq(key)))
            .await
    }

    async fn sessions(
        &self,
        page: Page,
        customer: Option<&CustomerKey>,
    ) -> Result<Vec<Listed<SessionRecord>>, RecordsError> {
        let query = session::Entity::find()
            .apply_if(page.before, |query, before| {
                query.filter(session::Column::Seq.lt(before))
            })
            .apply_if(customer, |query, key| {
                query.filter(session::Column::CustomerKey.eq(Text(key.clone())))
            })
            .order_by_desc(session::Column::Seq)
            .limit(page.limit);
        let rows = self.rows(query).await?;
        rows.iter()
            .map(|row| listed("sessions", row, |row| self.session_record(row)))
            .collect()
    }

    async fn session_cursor(&self, id: &SessionId) -> Result<Option<i64>, RecordsError> {
        let query = session::Entity::find().filter(session::Column::Id.eq(Text(id.clone())));
        self.number(query, session::Column::Seq).await
    }

    async fn session_revision(&self, id: &SessionId) -> Result<Option<u64>, RecordsError> {
        let query = session::Entity::find().filter(session::Column::Id.eq(Text(id.clone())));
        let revision = self.number(query, session::Column::Revision).await?;
        Ok(revision.and_then(|revision| u64::try_from(revision).ok()))
    }

    async fn report_failure(
        &self,
        id: &SessionId,
        report: &FailureReport,
        now: Millis,
    ) -> Result<(), RecordsError> {
        let known: Vec<i64> = failure_report::Entity::find()
            .select_only()
            .column(failure_report::Column::Id)
            .filter(failure_report::Column::SessionId.eq(Text(id.clone())))
            .limit(MAX_REPORTS as u64)
            .into_tuple()
            .all(&self.read)
            .await
            .map_err(database)?;
        if known.len() >= MAX_REPORTS {
            return Ok(());
        }
        let row = failure_report::ActiveModel {
            id: NotSet,
            session_id: Set(Text(id.clone())),
            code: Set(report.code.as_str().to_owned()),
            message: Set(report.message.chars().take(MAX_MESSAGE).collect()),
            order_id: Set(report.order_id.clone().map(Text)),
            created_at: Set(now),
        };
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    failure_report::Entity::insert(row)
                        .exec_without_returning(tx)
                        .await?;
                    Ok(Outcome::Keep(()))
                })
            })
            .await
    }

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
        let query = payment::Entity::find()
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
                query.filter(payment::Column::Status.eq(Text(status)))
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
            .limit(page.limit);
        let rows = self.rows(query).await?;
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

    async fn payment_method(
        &self,
        id: &PaymentMethodId,
    ) -> Result<Option<PaymentMethod>, RecordsError> {
        let found = self
            .method_where(by(payment_method::Column::Id.eq(Text(id.clone()))))
            .await?;
        Ok(found.into_iter().next())
    }

    async fn payment_method_of_key(
        &self,
        shop: Option<&ShopId>,
        key_digest: &str,
    ) -> Result<Option<PaymentMethod>, RecordsError> {
        let mut condition = by(payment_method::Column::KeyDigest.eq(key_digest));
        if let Some(shop) = shop {
            condition = condition.add(payment_method::Column::ShopId.eq(Text(shop.clone())));
        }
        Ok(self.method_where(condition).await?.into_iter().next())
    }

    async fn payment_methods(
        &self,
        customer: &CustomerKey,
    ) -> Result<Vec<PaymentMethod>, RecordsError> {
        self.method_where(by(
            payment_method::Column::CustomerKey.eq(Text(customer.clone()))
        ))
        .await
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

    async fn shop(&self, id: &ShopId) -> Result<Option<Shop>, RecordsError> {
        if let Some(shop) = self.known_shop(id) {
            return Ok(Some(shop));
        }
        self.load_shops().await?;
        Ok(self.known_shop(id))
    }

    async fn shops(&self) -> Result<Vec<Shop>, RecordsError> {
        let query = shop::Entity::find().order_by_asc(shop::Column::CreatedAt);
        self.all("shops", query, |row| Ok(records::shop::record(row)))
            .await
    }

    async fn save_shop(&self, shop: &Shop) -> Result<(), RecordsError> {
        let row = records::shop::row(shop.clone());
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let insert = shop::Entity::insert(row).on_conflict(
                        OnConflict::column(shop::Column::Id)
                            .update_columns([
                                shop::Column::MerchantId,
                                shop::Column::Purpose,
                                shop::Column::Mode,
                                shop::Column::ClientKey,
                                shop::Column::SealedSecret,
                                shop::Column::KeyFingerprint,
                                shop::Column::UpdatedAt,
                            ])
                            .to_owned(),
                    );
                    insert.exec_without_returning(tx).await?;
                    Ok(Outcome::Keep(()))
                })
            })
            .await?;
        let mut shops = self.shops.write().unwrap_or_else(PoisonError::into_inner);
        shops.insert(shop.id.clone(), shop.clone());
        Ok(())
    }

    async fn insert_webhook(
        &self,
        new: NewWebhook,
        now: Millis,
    ) -> Result<Option<Webhook>, RecordsError> {
        let id = random_name("wh_");
        let transmission = new.transmission_id.clone();
        let row = records::webhook::row(id.clone(), new, now);
        let stored = self
            .writer
            .write(move |tx| {
                Box::pin(async move {
                    match webhook::Entity::insert(row)
                        .exec_without_returning(tx)
                        .await
                    {
                        Ok(_) => Ok(Outcome::Keep(true)),
                        Err(error) if is_duplicate(&error) => Ok(Outcome::Undo(false)),
                        Err(error) => Err(error),
                    }
                })
            })
            .await?;
        if stored {
            return self.webhook(&id).await;
        }
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    webhook::Entity::update_many()
                        .col_expr(
                            webhook::Column::Deliveries,
                            Expr::col(webhook::Column::Deliveries).add(1_i32),
                        )
                        .filter(webhook::Column::TransmissionId.eq(transmission))
                        .exec(tx)
                        .await?;
                    Ok(Outcome::Keep(()))
                })
            })
            .await?;
        Ok(None)
    }

    async fn webhook(&self, id: &str) -> Result<Option<Webhook>, RecordsError> {
        let query = webhook::Entity::find().filter(webhook::Column::Id.eq(id));
        self.one("webhooks", query, |row| Ok(records::webhook::record(row)))
            .await
    }

    async fn webhook_of_transmission(&self, name: &str) -> Result<Option<Webhook>, RecordsError> {
        let query = webhook::Entity::find().filter(webhook::Column::TransmissionId.eq(name));
        self.one("webhooks", query, |row| Ok(records::webhook::record(row)))
            .await
    }

    async fn finish_webhook(
        &self,
        claimed: &Claimed,
        state: WebhookState,
        note: &str,
        until: Millis,
    ) -> Result<bool, RecordsError> {
        let claimed = claimed.clone();
        let note = note.to_owned();
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let done = webhook::ActiveModel {
                        state: Set(Text(state)),
                        note: Set(Some(note)),
                        next_action_at: Set(None),
                        ..webhook::ActiveModel::default()
                    };
                    let own = webhook::Entity::update_many()
                        .set(done.clone())
                        .filter(webhook::Column::Id.eq(claimed.id.as_str()))
                        .filter(webhook::Column::LeaseNo.eq(claimed.lease_no))
                        .filter(webhook::Column::State.eq(Text(WebhookState::Pending)))
                        .exec(tx)
                        .await?;
                    if own.rows_affected != 1 {
                        return Ok(Outcome::Undo(false));
                    }
                    let order: Option<String> = webhook::Entity::find()
                        .select_only()
                        .column(webhook::Column::OrderId)
                        .filter(webhook::Column::Id.eq(claimed.id.as_str()))
                        .into_tuple::<Option<String>>()
                        .one(tx)
                        .await?
                        .flatten();
                    if let Some(order) = order {
                        webhook::Entity::update_many()
                            .set(done)
                            .filter(webhook::Column::OrderId.eq(order))
                            .filter(webhook::Column::State.eq(Text(WebhookState::Pending)))
                            .filter(webhook::Column::ReceivedAt.lte(until))
                            .exec(tx)
                            .await?;
                    }
                    Ok(Outcome::Keep(true))
                })
            })
            .await
    }

    async fn hint(
        &self,
        shop: &ShopId,
        payment: &PaymentId,
        per_minute: u32,
        now: Millis,
    ) -> Result<Result<(), Millis>, RecordsError> {
        Store::hint(self, shop, payment, per_minute, now).await
    }

    async fn claim(
        &self,
        queue: Queue,
        now: Millis,
        lease: Duration,
        limit: u64,
        shop_rate: Option<u32>,
    ) -> Result<Vec<Claimed>, RecordsError> {
        self.claim_due(queue, now, lease, limit, shop_rate).await
    }

    async fn release(
        &self,
        queue: Queue,
        claimed: &Claimed,
        release: Release,
    ) -> Result<bool, RecordsError> {
        self.release_row(queue, claimed, release).await
    }

    async fn unknown_attempts(&self) -> Result<u64, RecordsError> {
        attempt::Entity::find()
            .filter(attempt::Column::Status.eq(Text(AttemptStatus::Unknown)))
            .count(&self.read)
            .await
            .map_err(database)
    }

    async fn backlog(&self, queue: Queue, now: Millis) -> Result<Backlog, RecordsError> {
        self.backlog_of(queue, now).await
    }

    async fn events(&self, after: i64, limit: u64) -> Result<Vec<Event>, RecordsError> {
        let query = event::Entity::find()
            .filter(event::Column::Seq.gt(after))
            .order_by_asc(event::Column::Seq)
            .limit(limit);
        self.all("events", query, records::event::record).await
    }

    async fn event(&self, id: &EventId) -> Result<Option<Event>, RecordsError> {
        let query = event::Entity::find().filter(event::Column::Id.eq(Text(id.clone())));
        self.one("events", query, records::event::record).await
    }

    async fn purge(&self, over: Over, limit: u64) -> Result<u64, RecordsError> {
        self.purge_over(over, limit).await
    }

    async fn ping(&self) -> Result<(), RecordsError> {
        self.read.ping().await.map_err(database)
    }
}
