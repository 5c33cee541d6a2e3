//! [`SubscriptionRecords`] on this database.

use async_trait::async_trait;
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, ExprTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Statement,
    sea_query::{Alias, Expr, Query},
};
use toss_checkout_contract::{CustomerKey, FailureCode};

use super::{
    Engine, Store,
    columns::Text,
    database,
    entities::{attempt, consent, invoice, shop, subscription},
    records::subscription as records,
    repository::listed,
    writer::Outcome,
};
use crate::{
    application::{
        ports::{Listed, Page, RecordsError},
        subscription_records::{
            ChargeOutcome, ChargeStop, SubscriptionFilter, SubscriptionRecords,
        },
    },
    domain::{
        attempt::{Attempt, AttemptKind, AttemptStatus},
        ids::{InvoiceId, PaymentMethodId, ShopId, SubscriptionId},
        subscription::{
            Subscription, SubscriptionStatus,
            consent::ConsentRecord,
            invoice::{Invoice, InvoiceStatus},
        },
        time::Millis,
    },
};

const OWED: [InvoiceStatus; 2] = [InvoiceStatus::Open, InvoiceStatus::Held];

#[async_trait]
impl SubscriptionRecords for Store {
    async fn subscription(
        &self,
        id: &SubscriptionId,
    ) -> Result<Option<Subscription>, RecordsError> {
        let query =
            subscription::Entity::find().filter(subscription::Column::Id.eq(Text(id.clone())));
        self.one("subscriptions", query, records::record).await
    }

    async fn subscriptions(
        &self,
        page: Page,
        filter: &SubscriptionFilter,
    ) -> Result<Vec<Listed<Subscription>>, RecordsError> {
        let query = subscription::Entity::find()
            .apply_if(page.before, |query, before| {
                query.filter(subscription::Column::Seq.lt(before))
            })
            .apply_if(filter.customer_key.clone(), |query, key| {
                query.filter(subscription::Column::CustomerKey.eq(Text(key)))
            })
            .apply_if(filter.status, |query, status| {
                query.filter(subscription::Column::Status.eq(Text(status)))
            })
            .order_by_desc(subscription::Column::Seq)
            .limit(page.limit);
        let rows = self.rows(query).await?;
        rows.iter()
            .map(|row| listed("subscriptions", row, records::record))
            .collect()
    }

    async fn subscription_cursor(&self, id: &SubscriptionId) -> Result<Option<i64>, RecordsError> {
        let query =
            subscription::Entity::find().filter(subscription::Column::Id.eq(Text(id.clone())));
        self.number(query, subscription::Column::Seq).await
    }

    async fn owed_invoice(&self, of: &SubscriptionId) -> Result<Option<Invoice>, RecordsError> {
        let query = invoice::Entity::find()
            .filter(invoice::Column::SubscriptionId.eq(Text(of.clone())))
            .filter(invoice::Column::Status.is_in(OWED.map(Text)));
        self.one("invoices", query, records::invoice).await
    }

    async fn invoices(
        &self,
        of: &SubscriptionId,
        page: Page,
    ) -> Result<Vec<Listed<Invoice>>, RecordsError> {
        let query = invoice::Entity::find()
            .filter(invoice::Column::SubscriptionId.eq(Text(of.clone())))
            .apply_if(page.before, |query, before| {
                query.filter(invoice::Column::Seq.lt(before))
            })
            .order_by_desc(invoice::Column::Seq)
            .limit(page.limit);
        let rows = self.rows(query).await?;
        rows.iter()
            .map(|row| listed("invoices", row, records::invoice))
            .collect()
    }

    async fn invoice_cursor(&self, id: &InvoiceId) -> Result<Option<i64>, RecordsError> {
        let query = invoice::Entity::find().filter(invoice::Column::Id.eq(Text(id.clone())));
        self.number(query, invoice::Column::Seq).await
    }

    async fn attempts_of_invoice(&self, id: &InvoiceId) -> Result<Vec<Attempt>, RecordsError> {
        let query = attempt::Entity::find()
            .filter(attempt::Column::InvoiceId.eq(Text(id.clone())))
            .order_by_asc(attempt::Column::ChargeNo);
        self.all("attempts", query, super::records::attempt::record)
            .await
    }

    async fn consents(&self, of: &SubscriptionId) -> Result<Vec<ConsentRecord>, RecordsError> {
        let query = consent::Entity::find()
            .filter(consent::Column::SubscriptionId.eq(Text(of.clone())))
            .order_by_asc(consent::Column::Seq);
        self.all("consents", query, records::consent).await
    }

    async fn consents_of_customer(
        &self,
        customer: &CustomerKey,
    ) -> Result<Vec<ConsentRecord>, RecordsError> {
        let query = consent::Entity::find()
            .filter(consent::Column::CustomerKey.eq(Text(customer.clone())))
            .order_by_asc(consent::Column::Seq);
        self.all("consents", query, records::consent).await
    }

    async fn last_charges(
        &self,
        shop: &ShopId,
        limit: u64,
    ) -> Result<Vec<ChargeOutcome>, RecordsError> {
        let rows: Vec<(Text<AttemptStatus>, Option<Text<FailureCode>>)> = attempt::Entity::find()
            .select_only()
            .column(attempt::Column::Status)
            .column(attempt::Column::FailureCode)
            .filter(attempt::Column::ShopId.eq(Text(shop.clone())))
            .filter(attempt::Column::Kind.eq(Text(AttemptKind::Charge)))
            .filter(attempt::Column::InvoiceId.is_not_null())
            .filter(attempt::Column::SettledAt.is_not_null())
            .order_by_desc(attempt::Column::SettledAt)
            .limit(limit)
            .into_tuple()
            .all(&self.read)
            .await
            .map_err(database)?;
        let outcomes = rows.into_iter().map(|(status, code)| ChargeOutcome {
            status: status.0,
            code: code.map(|code| code.0),
        });
        Ok(outcomes.collect())
    }

    async fn charge_stop(&self, shop: &ShopId) -> Result<ChargeStop, RecordsError> {
        let row: Option<(Option<Millis>, Option<Millis>)> = shop::Entity::find()
            .select_only()
            .column(shop::Column::ChargesStoppedUntil)
            .column(shop::Column::ChargesResumedAt)
            .filter(shop::Column::Id.eq(Text(shop.clone())))
            .into_tuple()
            .one(&self.read)
            .await
            .map_err(database)?;
        let (until, resumed_at) = row.unwrap_or_default();
        Ok(ChargeStop { until, resumed_at })
    }

    async fn stop_charges(
        &self,
        shop: &ShopId,
        before: Option<Millis>,
        until: Option<Millis>,
        now: Millis,
    ) -> Result<bool, RecordsError> {
        let shop = shop.clone();
        self.writer
            .write(move |tx| {
                Box::pin(async move {
                    let known = match before {
                        Some(before) => shop::Column::ChargesStoppedUntil.eq(before),
                        None => shop::Column::ChargesStoppedUntil.is_null(),
                    };
                    let mut change = shop::ActiveModel {
                        charges_stopped_until: Set(until),
                        ..shop::ActiveModel::default()
                    };
                    if until.is_none() {
                        change.charges_resumed_at = Set(Some(now));
                    }
                    let stopped = shop::Entity::update_many()
                        .set(change)
                        .filter(shop::Column::Id.eq(Text(shop.clone())))
                        .filter(known)
                        .exec(tx)
                        .await?;
                    let turned = before.is_some() != until.is_some();
                    if stopped.rows_affected == 1 && turned {
                        wake_held(tx, &shop, now).await?;
                    }
                    Ok(Outcome::Keep(stopped.rows_affected == 1))
                })
            })
            .await
    }

    async fn database_clock(&self) -> Result<Option<Millis>, RecordsError> {
        if self.engine == Engine::Sqlite {
            return Ok(None);
        }
        let statement = Statement::from_string(
            self.read.get_database_backend(),
            "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint",
        );
        let row = self.read.query_one_raw(statement).await.map_err(database)?;
        row.map(|row| row.try_get_by_index(0).map(Millis))
            .transpose()
            .map_err(database)
    }
}

/// The subscription of an invoice is due: a charge of it has an outcome. Whoever holds the row decided
/// without it, so the lease counts up and what they write last does not count.
pub(super) async fn wake_by_invoice(
    tx: &DatabaseTransaction,
    id: &InvoiceId,
    now: Millis,
) -> Result<(), DbErr> {
    let of = Query::select()
        .column(invoice::Column::SubscriptionId)
        .from(invoice::Entity)
        .and_where(invoice::Column::Id.eq(Text(id.clone())))
        .to_owned();
    wake(tx, Expr::col(Alias::new("id")).in_subquery(of), now).await
}

/// The subscriptions of a card or account are due: it can no longer be charged.
pub(super) async fn wake_by_method(
    tx: &DatabaseTransaction,
    id: &PaymentMethodId,
    now: Millis,
) -> Result<(), DbErr> {
    let condition = subscription::Column::PaymentMethodId
        .eq(Text(id.clone()))
        .and(subscription::Column::Status.ne(Text(SubscriptionStatus::Canceled)));
    wake(tx, condition, now).await
}

async fn wake_held(tx: &DatabaseTransaction, shop: &ShopId, now: Millis) -> Result<(), DbErr> {
    let held = Query::select()
        .column(invoice::Column::SubscriptionId)
        .from(invoice::Entity)
        .and_where(invoice::Column::Status.eq(Text(InvoiceStatus::Held)))
        .to_owned();
    let condition = subscription::Column::ShopId
        .eq(Text(shop.clone()))
        .and(Expr::col(Alias::new("id")).in_subquery(held));
    wake(tx, condition, now).await
}

async fn wake(
    tx: &DatabaseTransaction,
    condition: sea_orm::sea_query::SimpleExpr,
    now: Millis,
) -> Result<(), DbErr> {
    let update = Query::update()
        .table(subscription::Entity)
        .value(subscription::Column::NextActionAt, now.0)
        .value(
            subscription::Column::LeaseNo,
            Expr::col(Alias::new("lease_no")).add(1_i64),
        )
        .and_where(condition)
        .to_owned();
    tx.execute(&update).await?;
    Ok(())
}
