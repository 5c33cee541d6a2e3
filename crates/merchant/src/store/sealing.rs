//! With which keys the database's values are sealed: for `doctor`.

use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    connection::one,
    entities::{payment_method, shop},
    records,
};
use crate::{application::services::billing_key_context, crypto::key_id, domain::names::context};

/// What is sealed: how it is called, its table and column, and which rows still need it.
const SEALED: [(&str, &str, &str, &str); 6] = [
    (
        "cards and accounts",
        "payment_methods",
        "sealed_key",
        "status <> 'deleted'",
    ),
    ("secret keys", "shops", "sealed_secret", "1 = 1"),
    ("event endpoints", "endpoints", "sealed_secrets", "1 = 1"),
    (
        "accounts that refunds go to",
        "refunds",
        "sealed_account",
        "1 = 1",
    ),
    (
        "open requests",
        "attempts",
        "sealed_key",
        "status IN ('intended', 'sent', 'unknown')",
    ),
    (
        "answers under idempotency keys",
        "api_requests",
        "digest",
        "1 = 1",
    ),
];

/// So many rows that are sealed.
pub type Count = (&'static str, u64);

/// A value that somebody may try to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// What it belongs to.
    pub of: String,
    /// The value.
    pub sealed: String,
    /// What it is bound to.
    pub context: String,
}

/// With which keys values are sealed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sealing {
    /// By each key that was asked for, in that order; without what is 0.
    pub with: Vec<(String, Vec<Count>)>,
    /// By other keys.
    pub with_others: Vec<Count>,
    /// Of each key that was asked for the newest card or account, and the secret keys.
    pub samples: Vec<Sample>,
}

/// Looks at every sealed value. `ids`: names of keys, which are letters, digits, `-` and `_`.
pub(super) async fn look(database: &DatabaseConnection, ids: &[&str]) -> Result<Sealing, DbErr> {
    let mut sealing = Sealing {
        samples: secret_keys(database, ids).await?,
        ..Sealing::default()
    };
    for id in ids {
        let counts = count(database, |column| with(column, id)).await?;
        sealing.with.push(((*id).to_owned(), counts));
        sealing.samples.extend(newest_method(database, id).await?);
    }
    let others = |column: &str| {
        let known: Vec<String> = ids.iter().map(|id| with(column, id)).collect();
        format!("{column} LIKE '%v1.%' AND NOT ({})", known.join(" OR "))
    };
    sealing.with_others = count(database, others).await?;
    Ok(sealing)
}

/// Whether a column holds something that is sealed with a key. `v1.` and a point stand in no other place of it.
fn with(column: &str, id: &str) -> String {
    let id = id.replace('_', "\\_");
    format!("{column} LIKE '%v1.{id}.%' ESCAPE '\\'")
}

async fn count(
    database: &DatabaseConnection,
    sealed: impl Fn(&str) -> String,
) -> Result<Vec<Count>, DbErr> {
    let mut counts = Vec::new();
    for (what, table, column, needed) in SEALED {
        let query = format!(
            "SELECT count(*) FROM {table} WHERE {needed} AND ({})",
            sealed(column)
        );
        let rows: Option<i64> = one(database, &query).await?;
        let rows = u64::try_from(rows.unwrap_or(0)).unwrap_or(0);
        counts.extend((rows > 0).then_some((what, rows)));
    }
    Ok(counts)
}

async fn secret_keys(database: &DatabaseConnection, ids: &[&str]) -> Result<Vec<Sample>, DbErr> {
    let shops = shop::Entity::find().all(database).await?;
    let samples = shops.into_iter().map(|shop| Sample {
        of: format!("the secret key of {}", shop.id.0),
        sealed: shop.sealed_secret,
        context: context::shop_secret(&shop.id.0),
    });
    let is_known = |sample: &Sample| key_id(&sample.sealed).is_some_and(|id| ids.contains(&id));
    Ok(samples.filter(is_known).collect())
}

async fn newest_method(database: &DatabaseConnection, id: &str) -> Result<Option<Sample>, DbErr> {
    use payment_method::Column;
    let newest = payment_method::Entity::find()
        .filter(Column::SealedKey.starts_with(format!("v1.{id}.")))
        .order_by_desc(Column::Seq)
        .limit(1)
        .one(database)
        .await?;
    // A row that cannot be read is told elsewhere.
    let method = newest.and_then(|row| records::method::record(row).ok());
    Ok(method.map(|method| Sample {
        of: format!("the card or account {}", method.id),
        context: billing_key_context(&method),
        sealed: method.sealed_key,
    }))
}
