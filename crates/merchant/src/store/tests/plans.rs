//! What is read or changed often is found by an index, however much is stored.

use sea_orm::{
    ConnectionTrait, DbBackend, QueryTrait, Statement,
    sqlx::{AssertSqlSafe, Executor, Row},
};

use super::*;
use crate::{
    application::{
        change::{AttemptUpdate, PaymentPatch, Settlement, Update},
        ports::{Page, PaymentFilter},
    },
    domain::{
        event::{EventType, NewEvent},
        ids::ShopId,
        session::SessionPatch,
    },
    store::{
        Engine,
        commit::{
            batch::{self, Locked},
            parts::Parts,
        },
        connection::one,
        repository::payments::{listing, unknown},
        subscriptions::{held, last_charges},
    },
};

async fn plan(store: &Store, query: &Statement) -> String {
    let explain = Statement::from_string(DbBackend::Sqlite, format!("EXPLAIN QUERY PLAN {query}"));
    let rows = store.read.query_all_raw(explain).await.unwrap();
    let lines = rows.iter().map(|row| row.try_get("", "detail").unwrap());
    lines.collect::<Vec<String>>().join("\n")
}

#[tokio::test]
async fn the_last_charges_of_a_shop_what_is_held_and_what_is_unknown_have_their_indexes() {
    for place in places().await {
        let store = place.open().await;
        if store.engine != Engine::Sqlite {
            continue;
        }
        let shop = ShopId::new("shop_default");
        let charges = last_charges(&shop, Some(NOW), 50).build(DbBackend::Sqlite);
        let charges = plan(&store, &charges).await;
        assert!(charges.contains("attempts_last_charges"), "{charges}");
        assert!(!charges.contains("TEMP B-TREE"), "{charges}");
        let held = plan(&store, &DbBackend::Sqlite.build(&held())).await;
        assert!(held.contains("invoices_held"), "{held}");
        let unknown = unknown().build(DbBackend::Sqlite);
        assert!(
            unknown
                .values
                .as_ref()
                .is_none_or(|values| values.0.is_empty())
        );
        let unknown = plan(&store, &unknown).await;
        assert!(unknown.contains("attempts_unknown"), "{unknown}");
    }
}

#[tokio::test]
async fn payments_of_a_status_are_listed_by_an_index_that_the_intent_of_a_confirm_leaves_alone() {
    for place in places().await {
        let store = place.open().await;
        let page = Page {
            limit: 50,
            before: Some(1_000),
        };
        if store.engine == Engine::Postgres {
            // A single value in any index that changes makes PostgreSQL write an entry into every one.
            let indexes = "SELECT count(*) FROM pg_indexes WHERE tablename = 'payments' AND \
                schemaname = current_schema() AND indexdef ~ '\\m(status|revision|details|updated_at)\\M'";
            let indexes: Option<i64> = one(&store.read, indexes).await.unwrap();
            assert_eq!(indexes, Some(0));
            continue;
        }
        for status in [
            PaymentStatus::Ready,
            PaymentStatus::Confirming,
            PaymentStatus::Unknown,
        ] {
            let filter = PaymentFilter {
                status: Some(status),
                ..PaymentFilter::default()
            };
            let query = listing(page, &filter).build(DbBackend::Sqlite);
            let plan = plan(&store, &query).await;
            let index = "payments_listed_status_seq (listed_status=? AND seq<?)";
            assert!(plan.contains(index), "{plan}");
            assert!(!plan.contains("TEMP B-TREE"), "{plan}");
        }
    }
}

#[tokio::test]
async fn a_batch_finds_every_row_by_its_key_also_when_it_was_planned_while_nothing_was_stored() {
    for place in places().await {
        let store = place.open().await;
        let Some(batches) = &store.batches else {
            continue;
        };
        let (session, payment) = order();
        let change = Change {
            session: Some(Update {
                id: session.session.id,
                revision: 2,
                patch: SessionPatch::default(),
            }),
            payment: Some(Update {
                id: payment.id.clone(),
                revision: 2,
                patch: PaymentPatch::default(),
            }),
            attempt: Some(AttemptUpdate {
                invoice_id: None,
                id: confirm(&payment).id,
                lease_no: Some(1),
                settlement: Settlement::Succeeded,
            }),
            events: vec![NewEvent {
                kind: EventType::PaymentPaid,
                subject: payment.id.to_string(),
                subject_revision: 3,
                data: serde_json::json!({}),
            }],
            ..Change::default()
        };
        let Parts { shape, values } = Parts::of(change, NOW);
        let statement = batch::statement(&shape, Locked::Skip).unwrap();
        let values = vec!["NULL"; values.len() + 1].join(", ");
        let mut connection = batches.pool.acquire().await.unwrap();
        for analyzed in [false, true] {
            if analyzed {
                // As many as are there when PostgreSQL first looks by itself.
                for _ in 0..50 {
                    let (_, payment) = written(&store).await;
                    let change = Change {
                        new_attempt: Some(confirm(&payment)),
                        ..Change::default()
                    };
                    store.commit(change, NOW).await.unwrap();
                }
                store.read.execute_unprepared("ANALYZE").await.unwrap();
            }
            let name = format!("batch_{analyzed}");
            let prepare = AssertSqlSafe(format!("PREPARE {name} AS {statement}"));
            connection.execute(prepare).await.unwrap();
            let explain = AssertSqlSafe(format!("EXPLAIN EXECUTE {name} ({values})"));
            let rows = connection.fetch_all(explain).await.unwrap();
            let lines = rows.iter().map(|row| row.get::<String, _>(0));
            let plan = lines.collect::<Vec<_>>().join("\n");
            for key in ["sessions_id_key", "payments_id_key", "attempts_pkey"] {
                // Once to lock the row, once to change it.
                let lookups = format!("{key} on");
                assert_eq!(plan.matches(&lookups).count(), 2, "{plan}");
            }
        }
    }
}
