//! With which keys the database's values are sealed.

mod values;

use sea_orm::{
    ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::{
    Store,
    connection::one,
    database,
    entities::{payment_method, shop},
    records,
};
use crate::{
    application::{ports::RecordsError, reencrypt::texts, services::billing_key_context},
    crypto::key_id,
    domain::{names::context, sealed::SealedColumn},
};

/// Where a column of sealed values is.
struct Place {
    table: &'static str,
    /// Its rows are told apart by this column.
    id: &'static str,
    column: &'static str,
    /// Which rows are still opened.
    needed: &'static str,
}

const fn place(of: SealedColumn) -> Place {
    let (table, id, column, needed) = match of {
        SealedColumn::BillingKey => ("payment_methods", "id", "sealed_key", "status <> 'deleted'"),
        SealedColumn::SecretKey => ("shops", "id", "sealed_secret", "1 = 1"),
        SealedColumn::SigningSecrets => ("endpoints", "id", "sealed_secrets", "1 = 1"),
        SealedColumn::RefundAccount => ("refunds", "id", "sealed_account", "1 = 1"),
        SealedColumn::OneTimeKey => (
            "attempts",
            "id",
            "sealed_key",
            "status IN ('intended', 'sent', 'unknown')",
        ),
        SealedColumn::RequestDigest => ("api_requests", "idempotency_key", "digest", "1 = 1"),
        SealedColumn::RequestAnswer => ("api_requests", "idempotency_key", "body", "1 = 1"),
    };
    Place {
        table,
        id,
        column,
        needed,
    }
}

/// So many rows that are sealed.
pub type Count = (SealedColumn, u64);

/// How many there are of each.
pub fn listed(counts: &[Count]) -> String {
    let each: Vec<String> = counts
        .iter()
        .map(|(column, rows)| format!("{rows} {}", column.as_str()))
        .collect();
    each.join(", ")
}

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
    /// By each other key, of the rows that are still needed.
    pub missing: Vec<(String, Vec<Count>)>,
    /// Of each key that was asked for the newest card or account, and the secret keys.
    pub samples: Vec<Sample>,
}

impl Store {
    /// Looks at every sealed value. `ids`: names of keys.
    ///
    /// # Errors
    /// The database fails.
    pub async fn sealing(&self, ids: &[&str]) -> Result<Sealing, RecordsError> {
        look(&self.read, ids).await.map_err(database)
    }
}

/// Looks at every sealed value. `ids`: names of keys, which are letters, digits, `-` and `_`.
pub(super) async fn look(database: &DatabaseConnection, ids: &[&str]) -> Result<Sealing, DbErr> {
    let mut sealing = Sealing {
        samples: secret_keys(database, ids).await?,
        ..Sealing::default()
    };
    for id in ids {
        let counts = count(database, |place| with(place.column, id)).await?;
        sealing.with.push(((*id).to_owned(), counts));
        sealing.samples.extend(newest_method(database, id).await?);
    }
    let mut known: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    while let Some(id) = other_key(database, &known).await? {
        let needed = |place: &Place| format!("{} AND {}", place.needed, with(place.column, &id));
        let counts = count(database, needed).await?;
        sealing.missing.push((id.clone(), counts));
        known.push(id);
    }
    Ok(sealing)
}

/// Whether a column holds something that is sealed with a key. `v1.` and a point stand in no other place of it.
fn with(column: &str, id: &str) -> String {
    let id = id.replace('_', "\\_");
    format!("{column} LIKE '%v1.{id}.%' ESCAPE '\\'")
}

/// A key with which a row is sealed that is needed, and not one of these.
async fn other_key(
    database: &DatabaseConnection,
    known: &[String],
) -> Result<Option<String>, DbErr> {
    for column in SealedColumn::ALL {
        let Place {
            table,
            column,
            needed,
            ..
        } = place(column);
        // A list may be sealed with several.
        let rest = known.iter().fold(column.to_owned(), |text, id| {
            format!("replace({text}, 'v1.{id}.', '')")
        });
        let query =
            format!("SELECT {column} FROM {table} WHERE {needed} AND {rest} LIKE '%v1.%' LIMIT 1");
        let Some(stored) = one::<String>(database, &query).await? else {
            continue;
        };
        let texts = texts(&stored);
        let ids = texts.iter().filter_map(|text| key_id(text));
        if let Some(id) = ids.into_iter().find(|id| !known.iter().any(|it| it == id)) {
            return Ok(Some(id.to_owned()));
        }
    }
    Ok(None)
}

async fn count(
    database: &DatabaseConnection,
    rows: impl Fn(&Place) -> String,
) -> Result<Vec<Count>, DbErr> {
    let mut counts = Vec::new();
    for column in SealedColumn::ALL {
        let place = place(column);
        let query = format!(
            "SELECT count(*) FROM {} WHERE {}",
            place.table,
            rows(&place)
        );
        let rows: Option<i64> = one(database, &query).await?;
        let rows = u64::try_from(rows.unwrap_or(0)).unwrap_or(0);
        counts.extend((rows > 0).then_some((column, rows)));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// What is called sealed in a table and missing here would be lost with the key that is removed.
    #[test]
    fn every_column_that_is_called_sealed_is_known() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/entities");
        let mut called = Vec::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
            let table = source.split("table_name = \"").nth(1);
            let table = table.and_then(|rest| rest.split('"').next());
            let columns = source.split("pub sealed_").skip(1);
            let columns = columns.filter_map(|rest| rest.split(':').next());
            called
                .extend(columns.map(|name| (table.unwrap().to_owned(), format!("sealed_{name}"))));
        }
        assert!(called.len() >= 5, "{called:?}");
        for (table, column) in called {
            let known = SealedColumn::ALL.map(place);
            assert!(
                known
                    .iter()
                    .any(|it| it.table == table && it.column == column),
                "{table}.{column}"
            );
        }
    }
}
