//! What must not be found where it does not belong.

use std::time::Duration;

use tokio::{net::TcpListener, task::JoinHandle};
use toss_sandbox::{Endpoint, Fault};

use crate::support::{API_KEY, Shop, args, text};

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// What Toss's next webhook brings as its secret.
async fn secret_of_webhooks(shop: &Shop) -> JoinHandle<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let target = format!("http://{}/", listener.local_addr().unwrap());
    shop.toss.add_webhook_target(target.parse().unwrap());
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut heard = String::new();
        loop {
            if let Some((_, rest)) = heard.split_once(r#""secret":""#)
                && let Some((secret, _)) = rest.split_once('"')
            {
                return secret.to_owned();
            }
            stream.readable().await.unwrap();
            let mut bytes = [0; 4096];
            if let Ok(count) = stream.try_read(&mut bytes) {
                heard += &String::from_utf8_lossy(&bytes[..count]);
            }
        }
    })
}

#[tokio::test]
async fn keys_at_rest_are_sealed() {
    let shop = Shop::open().await;
    shop.webhooks_on();
    let heard = secret_of_webhooks(&shop).await;
    let registered = shop.subscription(true).await;
    let auth = shop.toss.auth_key("CARD");
    assert_eq!(shop.billing(&registered, &auth).await.0, 200);
    let method = shop.method(&registered).await;
    let billing_key = shop.state().services.billing_key(&method).unwrap();
    let order = shop.issued().await;
    shop.toss.deposit_for(&order.order_id);
    shop.until(&order, "paid").await;
    let webhook_secret = heard.await.unwrap();
    // Also while an answer is awaited.
    let pending = shop.order().await;
    let key = shop.toss.authenticate(&pending.order_id);
    shop.toss.next([Fault::delay(Endpoint::Confirm, 400)]);
    let (before, _) = futures_util::join!(
        async {
            shop.until_seen("confirm", 2).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
            shop.database.everything().await
        },
        shop.confirm(&pending, &key)
    );
    assert!(holds(&before, &pending.order_id), "the intent is on disk");
    assert!(!holds(&before, &key), "its key is not");

    let bytes = shop.database.everything().await;
    assert!(holds(&bytes, &order.order_id), "the search itself works");
    assert!(holds(&bytes, "v1.k1."), "sealed values name their key");
    for secret in [
        billing_key.expose(),
        auth.as_str(),
        webhook_secret.as_str(),
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
    let state = shop.state();
    let id = toss_checkout_contract::SessionId::new(session.id.clone()).unwrap();
    let record = state.records.session(&id).await.unwrap().unwrap();
    let attempts = state.records.attempts_of_session(&id).await.unwrap();
    let payment = shop.payment(&session.order_id).await;
    let named = format!("{:?}", payment.payment_key);
    // Toss's receipt has an address with the payment's name in it, which is shown to the buyer.
    let shown = format!("{state:?} {:?} {:?} {named}", args(&[]), record.session.id);
    let key = text(&shop.toss.seen("confirm")[0].body["paymentKey"]);
    for secret in [
        "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R",
        "dGVzdF9za196WExr",
        API_KEY,
        "QUFBQUFBQUFB",
        key.as_str(),
        session.id.as_str(),
    ] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
    assert!(!format!("{attempts:?}").contains(&key));
}

#[tokio::test]
async fn a_sqlite_file_is_nobody_elses_to_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let shop = Shop::open().await;
    let mode = std::fs::metadata(shop.database.file().unwrap())
        .unwrap()
        .permissions();
    assert_eq!(mode.mode() & 0o077, 0);
}
