//! Creates and upgrades the tables, through sea-orm's schema builder so that one text serves every
//! engine. A migration, once released, is never edited: a change is a new one at the end.

pub(crate) mod m0001_checkout;
pub(crate) mod m0002_consent;

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbErr, ExprTrait,
    sea_query::{Alias, ColumnDef, Expr, Query, Table},
};

use super::{Store, StoreError};
use crate::clock::Millis;

type Step = for<'a> fn(&'a DatabaseTransaction) -> Done<'a>;
type Done<'a> = std::pin::Pin<Box<dyn Future<Output = Result<(), DbErr>> + Send + 'a>>;

const ALL: &[(&str, Step)] = &[
    ("checkout", |tx| Box::pin(m0001_checkout::up(tx))),
    ("consent", |tx| Box::pin(m0002_consent::up(tx))),
];

const TABLE: &str = "schema_migrations";

/// Brings the database to the newest shape. Every step and its record are one transaction, and the
/// write lock lets two processes that start together take turns.
pub(super) async fn run(store: &Store, now: Millis) -> Result<(), StoreError> {
    upgrade(store, ALL, now).await
}

async fn upgrade(store: &Store, all: &[(&str, Step)], now: Millis) -> Result<(), StoreError> {
    let tx = store.begin().await?;
    let table = Table::create()
        .table(Alias::new(TABLE))
        .if_not_exists()
        .col(
            ColumnDef::new(Alias::new("version"))
                .integer()
                .not_null()
                .primary_key(),
        )
        .col(ColumnDef::new(Alias::new("name")).text().not_null())
        .col(
            ColumnDef::new(Alias::new("applied_at"))
                .big_integer()
                .not_null(),
        )
        .to_owned();
    tx.execute(&table).await?;
    let newest = Query::select()
        .expr(Expr::col(Alias::new("version")).max())
        .from(Alias::new(TABLE))
        .to_owned();
    let newest: Option<i32> = match tx.query_one(&newest).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    let applied = usize::try_from(newest.unwrap_or(0)).unwrap_or(0);
    if applied > all.len() {
        return Err(StoreError::Newer {
            found: applied,
            known: all.len(),
        });
    }
    for (index, (name, step)) in all.iter().enumerate().skip(applied) {
        step(&tx).await?;
        let version = i32::try_from(index + 1).unwrap_or(i32::MAX);
        let record = Query::insert()
            .into_table(Alias::new(TABLE))
            .columns(["version", "name", "applied_at"].map(Alias::new))
            .values_panic([version.into(), (*name).into(), now.0.into()])
            .to_owned();
        tx.execute(&record).await?;
        tracing::info!(version, name, "database upgraded");
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use toss_checkout_contract::{ClientKey, SessionId};

    use super::*;
    use crate::store::connect;

    #[tokio::test]
    async fn a_database_of_the_first_version_is_upgraded_with_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("shop.db").display());
        let key = ClientKey::new("test_ck_abc").unwrap();
        let old = Store {
            read: connect(&url, 1).await.unwrap(),
            write: connect(&url, 1).await.unwrap(),
            client_key: key.clone(),
        };
        upgrade(&old, &ALL[..1], Millis(1)).await.unwrap();
        let id = SessionId::new("cs_0123456789abcdefABCDEF").unwrap();
        for row in [
            "INSERT INTO sessions (id, kind, status, revision, order_name, customer_key, methods, \
             customer, charge_now, expires_at, created_at, updated_at) VALUES \
             ('cs_0123456789abcdefABCDEF', 'billing', 'registered', 3, '구독', 'customer-1', \
             '[\"CARD\"]', '{}', false, 9, 1, 1)",
            "INSERT INTO attempts (id, session_id, kind, idempotency_key, status, tries, lease_until, \
             created_at, updated_at) VALUES \
             ('a', 'cs_0123456789abcdefABCDEF', 'issue', 'a', 'succeeded', 0, 1, 1, 1)",
            "INSERT INTO billing_keys (session_id, customer_key, sealed_key, key_digest, created_at) \
             VALUES ('cs_0123456789abcdefABCDEF', 'customer-1', 'sealed', 'digest', 1)",
        ] {
            old.write.execute_unprepared(row).await.unwrap();
        }
        old.close().await.unwrap();

        let store = Store::open(&url, key, Millis(2)).await.unwrap();
        let session = store.session(&id).await.unwrap().unwrap().session;
        assert_eq!((session.revision, session.consent), (3, None));
        assert_eq!(store.attempts(&id).await.unwrap()[0].consent, None);
        assert_eq!(store.given_consent(&id).await.unwrap(), None);
        let sealed = store.sealed_billing_key(&id).await.unwrap();
        assert_eq!(sealed.as_deref(), Some("sealed"));
    }
}
