//! [`Records`] on this database.

mod payment_methods;
pub(super) mod payments;
mod sessions;
mod shops;
mod webhooks;

use std::sync::PoisonError;

use async_trait::async_trait;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QueryResult, QuerySelect, QueryTrait, Select,
};
use toss_checkout_contract::ClientKey;

use super::{
    Store,
    columns::Text,
    database,
    entities::{attempt, event, payment, payment_method, session, shop},
    records::{self, Unreadable},
};
use crate::{
    application::{
        change::{Change, Committed},
        ports::{Listed, Over, Records, RecordsError},
    },
    domain::{
        attempt::Attempt,
        event::Event,
        ids::{EventId, ShopId},
        payment::Payment,
        payment_method::PaymentMethod,
        session::SessionRecord,
        shop::Shop,
        time::Millis,
    },
};

/// Reads a row, then what it means; either can fail, and the row is named.
fn read<M: FromQueryResult, T>(
    table: &'static str,
    row: &QueryResult,
    record: impl FnOnce(M) -> Result<T, Unreadable>,
) -> Result<T, RecordsError> {
    read_part("", table, row, record)
}

/// As [`read`], of one of the tables that a row was joined from.
fn read_part<M: FromQueryResult, T>(
    prefix: &str,
    table: &'static str,
    row: &QueryResult,
    record: impl FnOnce(M) -> Result<T, Unreadable>,
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
    record: impl FnOnce(M) -> Result<T, Unreadable>,
) -> Result<Option<T>, RecordsError> {
    let id: Option<String> = row.try_get(prefix, "id").map_err(database)?;
    id.map(|_| read_part(prefix, table, row, record))
        .transpose()
}

pub(super) fn listed<M: FromQueryResult, T>(
    table: &'static str,
    row: &QueryResult,
    record: impl FnOnce(M) -> Result<T, Unreadable>,
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
    fn client_key(&self, shop: &ShopId) -> Result<ClientKey, Unreadable> {
        self.known_shop(shop)
            .map(|shop| shop.client_key)
            .ok_or_else(|| format!("its shop {shop} is not known"))
    }

    fn session_record(&self, row: session::Model) -> Result<SessionRecord, Unreadable> {
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
        record: impl FnOnce(M) -> Result<T, Unreadable>,
    ) -> Result<Option<T>, RecordsError> {
        let rows = self.rows(query.limit(1)).await?;
        rows.first().map(|row| read(table, row, record)).transpose()
    }

    pub(super) async fn all<E: EntityTrait, M: FromQueryResult, T>(
        &self,
        table: &'static str,
        query: Select<E>,
        record: impl Fn(M) -> Result<T, Unreadable>,
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
