//! A shop with two contracts, and so two pairs of keys: one for payments, one for automatic payment.

use serde_json::{Value, json};
use toss_checkout_contract::{ClientKey, SecretKey};
use toss_merchant::{
    app::App,
    clock::Clock,
    config::{Args, Config},
};

use crate::support::{
    CUSTOMER, Shop, order, quick, subscription, text,
    toss::{BILLING_CLIENT_KEY, BILLING_SECRET_KEY, parameter},
};

async fn with_two_contracts() -> Shop {
    let client = format!("--toss-billing-client-key={BILLING_CLIENT_KEY}");
    let secret = format!("--toss-billing-secret-key={BILLING_SECRET_KEY}");
    Shop::with(&[&client, &secret], Clock::running(), quick()).await
}

/// The buyer registers a card in the window of this client key; answers the auth key.
pub(crate) async fn auth_key(shop: &Shop, client_key: &str) -> String {
    let window = json!({
        "clientKey": client_key, "customerKey": CUSTOMER, "kind": "billing", "target": "self",
        "request": {
            "method": "CARD", "customerName": "김토스",
            "successUrl": "http://127.0.0.1:1/success", "failUrl": "http://127.0.0.1:1/fail",
        },
    });
    let post = async |path: &str, body: &Value| -> Value {
        let url = format!("{}{path}", shop.toss.url());
        let answer = shop.http.post(url).json(body).send().await.unwrap();
        answer.json().await.unwrap()
    };
    let window = text(&post("/sandbox/window", &window).await["id"]);
    let finish = format!("/sandbox/api/windows/{window}/finish");
    let landing = text(&post(&finish, &json!({})).await["url"]);
    parameter(&landing.parse().unwrap(), "authKey")
}

async fn client_key_of(shop: &Shop, body: Value) -> String {
    let session = shop.create(body).await;
    text(&shop.get(&session).await["clientKey"])
}

#[tokio::test]
async fn each_contract_takes_its_own_sessions() {
    let shop = with_two_contracts().await;
    shop.webhooks_on();
    assert_eq!(client_key_of(&shop, order()).await, shop.toss.client_key());

    let session = shop.subscription(true).await;
    let client_key = text(&shop.get(&session).await["clientKey"]);
    assert_eq!(client_key, BILLING_CLIENT_KEY);
    // Toss takes an auth key with the keys of its own merchant id only, and charges with no other.
    let key = auth_key(&shop, &client_key).await;
    let (status, body) = shop.billing(&session, &key).await;
    assert_eq!((status, &body["status"]), (200, &json!("active")), "{body}");

    // Toss tells of both at one address.
    let paid = shop.issued().await;
    shop.toss.deposit_for(&paid.order_id);
    shop.until(&paid, "paid").await;
    let charged = text(&body["result"]["charge"]["orderId"]);
    shop.toss.cancel_for(&charged);
    shop.until_payment(&charged, |it| it.status.as_str() == "canceled")
        .await;
}

#[tokio::test]
async fn a_contract_that_is_no_longer_configured_keeps_what_it_has_and_gets_nothing_new() {
    let shop = with_two_contracts().await;
    let session = shop.subscription(true).await;
    let key = auth_key(&shop, BILLING_CLIENT_KEY).await;
    let (_, body) = shop.billing(&session, &key).await;
    let order = text(&body["result"]["charge"]["orderId"]);

    let mut config = shop.config();
    config.shops.truncate(1);
    config.shops[0].purpose = "both".parse().unwrap();
    let shop = shop.restarted_with(config).await;
    shop.webhooks_on();
    let next = client_key_of(&shop, subscription(false)).await;
    assert_eq!(next, shop.toss.client_key());
    // The look-up needs the keys that the charge was made with.
    shop.toss.cancel_for(&order);
    shop.until_payment(&order, |it| it.status.as_str() == "canceled")
        .await;
}

#[tokio::test]
async fn a_pair_for_payments_alone_registers_no_card() {
    let shop = Shop::with(&["--toss-key-purpose=payment"], Clock::running(), quick()).await;
    assert_eq!(shop.create_raw(&order()).await.status(), 201);
    let answer = shop.create_raw(&subscription(false)).await;
    assert_eq!(answer.status(), 409);
    let body: Value = answer.json().await.unwrap();
    let told = text(&body["message"]);
    assert!(told.contains("TOSS_KEY_PURPOSE"), "{told}");
}

#[tokio::test]
async fn live_keys_get_no_database_of_test_payments() {
    let shop = Shop::open().await;
    let live = |shop: &Shop| -> Config {
        let mut config = shop.config();
        let pair = &mut config.shops[0];
        pair.client_key = ClientKey::new("live_ck_abc").unwrap();
        pair.secret_key = SecretKey::new("live_sk_abc").unwrap();
        config
    };
    shop.order().await;
    let refused = App::bind(live(&shop), Clock::running()).await.unwrap_err();
    let refused = format!("{refused:#}");
    assert!(
        refused.contains("DATABASE_URL") && refused.contains("test keys"),
        "{refused}"
    );

    // A database in which nothing has happened yet is no loss.
    let empty = Shop::open().await;
    assert!(App::bind(live(&empty), Clock::running()).await.is_ok());
}

fn read(extra: &[&str]) -> Result<Config, String> {
    use clap::Parser;
    let mut words = vec![
        "toss-merchant",
        "--toss-client-key=test_ck_abc",
        "--toss-secret-key=test_sk_abc",
        "--merchant-api-key=mk_0123456789abcdefghij",
        "--billing-key-encryption-keys=k1:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=",
    ];
    words.extend(extra);
    Config::try_from(Args::parse_from(words)).map_err(|error| error.to_string())
}

const CLIENT: &str = "--toss-billing-client-key=test_ck_billing";
const SECRET: &str = "--toss-billing-secret-key=test_sk_billing";

#[test]
fn a_second_pair_leaves_payments_to_the_first() {
    let purposes = |extra: &[&str]| -> Vec<&str> {
        let config = read(extra).unwrap();
        let purpose = |shop: &toss_merchant::application::ShopKeys| shop.purpose.as_str();
        config.shops.iter().map(purpose).collect()
    };
    assert_eq!(purposes(&[]), ["both"]);
    assert_eq!(purposes(&["--toss-key-purpose=billing"]), ["billing"]);
    assert_eq!(purposes(&[CLIENT, SECRET]), ["payment", "billing"]);
    let both = [CLIENT, SECRET, "--toss-key-purpose=both"];
    assert_eq!(purposes(&both), ["both", "billing"]);
    assert_eq!(
        purposes(&["--toss-billing-client-key=", "--toss-billing-secret-key="]),
        ["both"],
        "empty is absent"
    );
}

#[test]
fn a_second_pair_that_cannot_work_is_refused_by_name() {
    for (change, name, says) in [
        (
            &[CLIENT][..],
            "TOSS_BILLING_SECRET_KEY",
            "or remove TOSS_BILLING_CLIENT_KEY",
        ),
        (
            &[SECRET],
            "TOSS_BILLING_CLIENT_KEY",
            "or remove TOSS_BILLING_SECRET_KEY",
        ),
        (
            &["--toss-billing-client-key=test_sk_billing", SECRET],
            "TOSS_BILLING_CLIENT_KEY",
            "put it into TOSS_BILLING_SECRET_KEY",
        ),
        (
            &["--toss-billing-client-key=test_gck_billing", SECRET],
            "TOSS_BILLING_CLIENT_KEY",
            "widget key",
        ),
        (
            &[CLIENT, "--toss-billing-secret-key=live_sk_billing"],
            "TOSS_BILLING_SECRET_KEY",
            "is a live key but TOSS_BILLING_CLIENT_KEY is a test key",
        ),
        (
            &[
                "--toss-billing-client-key=live_ck_billing",
                "--toss-billing-secret-key=live_sk_billing",
            ],
            "TOSS_BILLING_CLIENT_KEY",
            "is a live key but TOSS_CLIENT_KEY is a test key",
        ),
        (
            &["--toss-billing-client-key=test_ck_abc", SECRET],
            "TOSS_BILLING_CLIENT_KEY",
            "one pair only",
        ),
        (
            &[CLIENT, SECRET, "--toss-key-purpose=billing"],
            "TOSS_KEY_PURPOSE",
            "nothing is left for payments",
        ),
        (
            &["--toss-key-purpose=cards"],
            "TOSS_KEY_PURPOSE",
            "'cards' is none of",
        ),
    ] {
        let refused = read(change).unwrap_err();
        assert!(
            refused.starts_with(&format!("{name}: ")) && refused.contains(says),
            "{change:?} -> {refused}"
        );
        assert!(!refused.contains("sk_billing"), "{refused}");
    }
}
