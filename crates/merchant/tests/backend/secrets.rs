//! What must not be found where it does not belong.

use std::time::Duration;

use crate::support::{
    API_KEY, Shop, args,
    toss::{Act, BILLING_KEY, SECRET},
};

/// Everything that the database has on disk, the log that is not folded in yet included.
fn on_disk(shop: &Shop) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(shop.database().parent().unwrap()).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    bytes
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn keys_at_rest_are_sealed() {
    let shop = Shop::open().await;
    let registered = shop.subscription(true).await;
    assert_eq!(shop.billing(&registered, "auth_card_one_time").await.0, 200);
    let order = shop.issued().await;
    shop.webhook("w1", &order.order_id, "DONE", SECRET).await;
    shop.fate("w1").await;
    // Also while an answer is awaited.
    let pending = shop.order().await;
    let key = shop.toss.authenticate(&pending.order_id, 15_000);
    shop.toss
        .next("confirm", &[Act::Late(Duration::from_millis(300))]);
    let (before, _) = futures_util::join!(
        async {
            tokio::time::sleep(Duration::from_millis(150)).await;
            on_disk(&shop)
        },
        shop.confirm(&pending, &key)
    );
    assert!(holds(&before, &pending.order_id), "the intent is on disk");
    assert!(!holds(&before, &key), "its key is not");

    let bytes = on_disk(&shop);
    assert!(holds(&bytes, &order.order_id), "the search itself works");
    assert!(holds(&bytes, "v1.k1."), "sealed values name their key");
    for secret in [
        BILLING_KEY,
        "auth_card_one_time",
        SECRET,
        API_KEY,
        "test_sk_",
    ] {
        assert!(!holds(&bytes, secret), "{secret}");
    }
}

#[tokio::test]
async fn debug_output_holds_no_secret() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    let core = shop.core();
    let id = toss_checkout_contract::SessionId::new(session.id.clone()).unwrap();
    let record = core.store.session(&id).await.unwrap().unwrap();
    let attempts = core.store.attempts(&id).await.unwrap();
    let shown = format!("{core:?} {:?} {record:?}", args(&[]));
    let key = shop.toss.seen("confirm")[0].body["paymentKey"]
        .as_str()
        .unwrap()
        .to_owned();
    for secret in [
        "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R",
        "dGVzdF9za196WExr",
        API_KEY,
        "QUFBQUFBQUFB",
        SECRET,
        key.as_str(),
        session.id.as_str(),
    ] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert!(!format!("{attempts:?}").contains(&key));
}
