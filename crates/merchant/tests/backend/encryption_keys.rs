//! An encryption key that is replaced: everything is sealed anew, and goes on without the old one.

use std::{collections::BTreeSet, time::Duration};

use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::{Value, json};
use toss_merchant::{
    application::reencrypt::SealedValues, clock::Clock, crypto::KeyRing,
    domain::sealed::SealedColumn,
};
use toss_sandbox::{Endpoint, Fault};

use crate::{
    caller::Answer,
    merchant_payments::won,
    operator::{Said, run_with_keys},
    support::{CUSTOMER, ENCRYPTION_KEYS, Shop, quick, text},
};

const NEW: &str = "k2:QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=";

/// The columns, as `table.column`, that hold something which is sealed with a key; of all there are.
async fn sealed_with(shop: &Shop, key: &str) -> BTreeSet<String> {
    let database = Database::connect(shop.database.url()).await.unwrap();
    let backend = database.get_database_backend();
    let columns = match backend {
        DbBackend::Sqlite => {
            "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'"
        }
        _ => {
            "SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema = current_schema()"
        }
    };
    let columns = Statement::from_string(backend, columns);
    let mut found = BTreeSet::new();
    for row in database.query_all_raw(columns).await.unwrap() {
        let (table, column): (String, String) = (
            row.try_get_by_index(0).unwrap(),
            row.try_get_by_index(1).unwrap(),
        );
        let query = format!(
            "SELECT 1 FROM {table} WHERE CAST({column} AS TEXT) LIKE '%v1.{key}.%' LIMIT 1"
        );
        let query = Statement::from_string(backend, query);
        if database.query_one_raw(query).await.unwrap().is_some() {
            found.insert(format!("{table}.{column}"));
        }
    }
    database.close().await.unwrap();
    found
}

/// Something in every column that is sealed, and what is done with it later.
struct Everything {
    cards: [String; 2],
    endpoint: Value,
    /// A refund whose answer was lost; it still needs its account.
    refunds: String,
    refund: Value,
}

async fn everything(shop: &Shop) -> Everything {
    let session = shop.subscription(false).await;
    let auth = shop.toss.auth_key("CARD");
    assert_eq!(shop.billing(&session, &auth).await.0, 200);
    let by_window = shop.method(&session).await.id.to_string();
    let card = json!({"card": {"number": "9410001234567890", "expiryYear": "30", "expiryMonth": "12", "identityNumber": "900101", "password": "12"}});
    let path = format!("/api/customers/{CUSTOMER}/payment-methods");
    let by_number = shop.post_once(&path, "c1", card).await;
    assert_eq!(by_number.status, 201, "{}", by_number.body);
    let by_number = text(&by_number.body["paymentMethod"]["id"]);

    let endpoint = json!({"url": "https://shop.example/events"});
    let made = shop.post_once("/api/event-endpoints", "e1", endpoint).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let secrets = format!("/api/event-endpoints/{}/secrets", text(&made.body["id"]));
    let endpoint = shop.post_once(&secrets, "e2", json!({})).await.body;

    let deposited = shop.issued().await;
    shop.toss.deposit_for(&deposited.order_id);
    shop.webhooks_on();
    shop.advance(Duration::from_mins(70));
    shop.until(&deposited, "paid").await;
    let found = shop.read(format!("/api/payments?orderId={}", deposited.order_id));
    let payment = text(&found.await.body["payments"][0]["id"]);
    let refunds = format!("/api/payments/{payment}/refunds");
    let refund = json!({"reason": "반품", "refundReceiveAccount": {"bank": "20", "accountNumber": "1002123456789", "holderName": "김토스"}});
    // Not carried out, and not answered: it is sent again, with the account.
    shop.toss.next([Fault::error(Endpoint::Cancel, 500)]);
    assert_eq!(
        shop.post_once(&refunds, "r1", refund.clone()).await.status,
        202
    );
    Everything {
        cards: [by_window, by_number],
        endpoint,
        refunds,
        refund,
    }
}

async fn charge(shop: &Shop, card: &str, order: &str) -> Answer {
    let path = format!("/api/payment-methods/{card}/charges");
    let body = json!({"orderId": order, "orderName": "12월 구독", "amount": won(9_900)});
    shop.post_once(&path, order, body).await
}

async fn restart(shop: Shop, keys: &str) -> Shop {
    let mut config = shop.config();
    config.keys = KeyRing::parse(keys).unwrap();
    shop.restarted_with(config).await
}

async fn reencrypt(shop: &Shop, keys: &str) -> Said {
    run_with_keys(shop, keys, &["encryption-keys", "reencrypt"]).await
}

#[tokio::test]
async fn what_is_stored_is_sealed_anew_and_goes_on_without_the_old_key() {
    let shop = Shop::with(&["--key-in-enabled"], Clock::running(), quick()).await;
    let made = everything(&shop).await;
    let charged = charge(&shop, &made.cards[0], "renewal-1").await;
    assert_eq!(charged.status, 201, "{}", charged.body);
    let all: BTreeSet<String> = [
        "api_requests.body",
        "api_requests.digest",
        "attempts.sealed_key",
        "endpoints.sealed_secrets",
        "payment_methods.sealed_key",
        "refunds.sealed_account",
        "shops.sealed_secret",
    ]
    .map(str::to_owned)
    .into();
    // A new sealed column belongs into `SealedColumn`, and something of it into `everything`.
    assert_eq!(sealed_with(&shop, "k1").await, all);
    assert_eq!(all.len(), SealedColumn::ALL.len());

    // Before the server seals with it, nobody knows whether it is the server's key.
    let both = format!("{NEW},{ENCRYPTION_KEYS}");
    let early = reencrypt(&shop, &both).await;
    assert_eq!(early.code, Some(2), "{early:?}");
    assert!(early.error.contains("restart every copy"), "{early:?}");
    let shop = restart(shop, &both).await;
    let another = both.replace("QkJC", "Q0ND");
    let mistaken = reencrypt(&shop, &another).await;
    assert_eq!(mistaken.code, Some(2), "{mistaken:?}");

    let done = reencrypt(&shop, &both).await;
    assert_eq!(done.code, Some(0), "{done:?}");
    assert!(
        done.out
            .contains("sealed anew with k2: 2 cards and accounts"),
        "{done:?}"
    );
    assert!(
        done.out
            .contains("k1  older  opens nothing any more: remove it"),
        "{done:?}"
    );
    assert_eq!(sealed_with(&shop, "k1").await, BTreeSet::new());
    assert_eq!(sealed_with(&shop, "k2").await, all);
    let again = reencrypt(&shop, &both).await;
    assert!(
        again.code == Some(0) && again.out.contains(": 0 cards"),
        "{again:?}"
    );

    let shop = restart(shop, NEW).await;
    for (card, order) in made.cards.iter().zip(["renewal-2", "renewal-3"]) {
        let charged = charge(&shop, card, order).await;
        assert_eq!(charged.status, 201, "{}", charged.body);
    }
    let kept = charge(&shop, &made.cards[0], "renewal-1").await;
    assert_eq!((&kept.body, kept.replayed()), (&charged.body, true));
    let path = format!(
        "/api/event-endpoints/{}/secrets",
        text(&made.endpoint["id"])
    );
    let kept = shop.post_once(&path, "e2", json!({})).await;
    assert_eq!((&kept.body, kept.replayed()), (&made.endpoint, true));
    shop.advance(Duration::from_secs(91));
    for _ in 0..400 {
        let refund = shop.post_once(&made.refunds, "r1", made.refund.clone());
        if refund.await.status == 201 {
            assert_eq!(shop.toss.done("cancel"), 1);
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the refund is never made");
}

#[tokio::test]
async fn a_value_that_changes_meanwhile_is_not_overwritten() {
    let shop = Shop::open().await;
    let endpoint = json!({"url": "https://shop.example/events"});
    let made = shop.post_once("/api/event-endpoints", "e1", endpoint).await;
    let id = text(&made.body["id"]);
    let store = &shop.state().store;
    let column = SealedColumn::SigningSecrets;
    let read = async || store.sealed_with(column, &["k1"], "", 10).await.unwrap();
    let before = read().await;
    let path = format!("/api/event-endpoints/{id}/secrets");
    assert_eq!(shop.post_once(&path, "e2", json!({})).await.status, 201);
    let changed = read().await;
    assert_ne!(before, changed);
    let new = before.into_iter().map(|value| (value, "[]".to_owned()));
    let replaced = store.replace_sealed(column, new.collect()).await;
    assert_eq!(replaced.unwrap(), 0);
    assert_eq!(read().await, changed);
}
