//! What is read after every charge is found by an index of its own, however many charges were made.

use sea_orm::{ConnectionTrait, DbBackend, QueryTrait, Statement};

use super::*;
use crate::{
    domain::ids::ShopId,
    store::{
        Engine,
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
async fn the_last_charges_of_a_shop_and_what_is_held_have_their_indexes() {
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
    }
}
