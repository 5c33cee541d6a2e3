//! Cards that are registered by their number.

use std::process::Stdio;

use serde_json::{Value, json};
use test_database::{Engine, TestDatabase};
use toss_merchant::clock::Clock;
use toss_sandbox::{Endpoint, Fault};

use crate::support::{API_KEY, Shop, quick, text};

const NUMBER: &str = "9410001234567890";
const IDENTITY: &str = "900101";
const CARDS: &str = "/api/customers/3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11/payment-methods";

async fn open() -> Shop {
    Shop::with(&["--key-in-enabled"], Clock::running(), quick()).await
}

fn card() -> Value {
    json!({
        "card": {"number": NUMBER, "expiryYear": "30", "expiryMonth": "12", "identityNumber": IDENTITY, "password": "12"},
        "customer": {"name": "김토스"},
    })
}

fn card_and_charge(order: &str) -> Value {
    let mut body = card();
    body["charge"] = json!({
        "orderId": order, "orderName": "첫 달", "amount": {"value": 9_900, "currency": "KRW"},
    });
    body
}

#[tokio::test]
async fn it_is_off_until_it_is_switched_on() {
    let shop = Shop::open().await;
    let off = shop.post_once(CARDS, "c1", card()).await;
    assert_eq!((off.status, off.code()), (403, "CHECKOUT_FORBIDDEN"));
    assert!(off.message().contains("KEY_IN_ENABLED"));
    assert!(shop.toss.seen("card").is_empty());
    // Whoever switches it on later does not find the refusal kept.
    assert!(!shop.post_once(CARDS, "c1", card()).await.replayed());
}

#[tokio::test]
async fn a_card_is_registered_once_and_can_be_charged() {
    let shop = open().await;
    let made = shop.post_once(CARDS, "c1", card()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let method = &made.body["paymentMethod"];
    assert_eq!(
        (&method["status"], &method["method"]),
        (&json!("active"), &json!("CARD"))
    );
    assert!(text(&method["card"]["number"]).contains('*'));
    assert!(made.body.get("payment").is_none());
    let again = shop.post_once(CARDS, "c1", card()).await;
    assert_eq!((again.status, &again.body), (201, &made.body));
    let listed = shop.read(CARDS).await.body;
    assert_eq!(listed["paymentMethods"], json!([method]));
    let charges = format!("/api/payment-methods/{}/charges", text(&method["id"]));
    let charge = crate::merchant_methods::charge("renewal-1", 9_900);
    assert_eq!(shop.post_once(&charges, "c2", charge).await.status, 201);
    assert!(
        shop.events()
            .await
            .contains(&"payment_method.registered".to_owned())
    );
}

#[tokio::test]
async fn a_registration_and_its_first_payment_are_one_call() {
    let shop = open().await;
    let made = shop
        .post_once(CARDS, "c1", card_and_charge("first-1"))
        .await;
    assert_eq!(made.status, 201, "{}", made.body);
    assert_eq!(made.body["payment"]["status"], "paid");
    assert_eq!(
        made.body["payment"]["paymentMethodId"],
        made.body["paymentMethod"]["id"]
    );

    shop.toss
        .next([Fault::error(Endpoint::Charge, 403).code("REJECT_CARD_PAYMENT")]);
    let declined = shop
        .post_once(CARDS, "c2", card_and_charge("first-2"))
        .await;
    assert_eq!(
        (declined.status, &declined.body["payment"]["status"]),
        (201, &json!("failed"))
    );
    assert_eq!(declined.body["payment"]["failure"]["class"], "soft");
    assert_eq!(declined.body["paymentMethod"]["status"], "active");

    // An order that is another's is refused before anything is registered.
    let before = shop.read(CARDS).await.body["paymentMethods"]
        .as_array()
        .unwrap()
        .len();
    let mut other = card_and_charge("first-1");
    other["charge"]["amount"]["value"] = json!(100);
    assert_eq!(shop.post_once(CARDS, "c3", other).await.status, 409);
    let after = shop.read(CARDS).await.body["paymentMethods"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(before, after);
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_under_the_same_key() {
    let shop = open().await;
    shop.toss.next([Fault::lost_response(Endpoint::Card)]);
    let lost = shop.post_once(CARDS, "c1", card()).await;
    assert_eq!((lost.status, &lost.body["retryable"]), (502, &json!(true)));
    let made = shop.post_once(CARDS, "c1", card()).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let sent = shop.toss.seen("card");
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0].idempotency_key, sent[1].idempotency_key);
    assert_eq!(sent.iter().filter(|seen| seen.done).count(), 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_card_is_told_without_repeating_it() {
    let shop = open().await;
    for (field, value, says) in [
        (
            "number",
            json!("9410-0012-3456-7890"),
            "card.number is not 13 to 20 digits",
        ),
        (
            "number",
            json!(9_410_001_234_567_890_u64),
            "card.number is a number; a text in quotes is needed",
        ),
        (
            "expiryYear",
            json!("2030"),
            "card.expiryYear is not two digits",
        ),
        (
            "identityNumber",
            json!("19900101"),
            "card.identityNumber is neither",
        ),
        (
            "password",
            json!(12),
            "card.password is a number; a text in quotes is needed",
        ),
        (
            "password",
            json!("1234"),
            "card.password is not the first two digits",
        ),
    ] {
        let mut body = card();
        body["card"][field] = value.clone();
        let answer = shop.post_once(CARDS, "c1", body).await;
        assert_eq!(
            (answer.status, answer.code()),
            (400, "CHECKOUT_INVALID_REQUEST"),
            "{}",
            answer.body
        );
        assert!(answer.message().contains(says), "{says}: {}", answer.body);
        let given = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        assert!(!answer.message().contains(&given), "{}", answer.body);
    }
    let mut odd = card();
    odd["card"] = json!("9410 0012 3456 7890");
    let answer = shop.post_once(CARDS, "c1", odd).await;
    assert!(
        answer
            .message()
            .starts_with("card is a text; an object with number,")
    );
    assert!(!answer.message().contains("9410"), "{}", answer.body);
    let mail = "/api/customers/kim@example.com/payment-methods";
    assert_eq!(shop.post_once(mail, "c1", card()).await.status, 400);
    assert!(shop.toss.seen("card").is_empty());
    shop.toss
        .next([Fault::error(Endpoint::Card, 400).code("INVALID_CARD_EXPIRATION")]);
    let refused = shop.post_once(CARDS, "c1", card()).await;
    assert_eq!(
        (refused.status, refused.code()),
        (400, "INVALID_CARD_EXPIRATION")
    );
    let again = shop.post_once(CARDS, "c1", card()).await;
    assert_eq!((again.status, &again.body), (400, &refused.body));
}

/// The program itself, logging everything there is.
#[tokio::test]
async fn a_cards_data_are_in_no_row_and_no_log() {
    use std::io::{BufRead as _, BufReader};
    let toss = crate::support::toss::Toss::start().await;
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let database = TestDatabase::create(Engine::chosen()).await;
    let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_toss-merchant"));
    program.env_clear().envs([
        (
            "TOSS_CLIENT_KEY",
            "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq".to_owned(),
        ),
        (
            "TOSS_SECRET_KEY",
            "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R".to_owned(),
        ),
        ("MERCHANT_API_KEY", API_KEY.to_owned()),
        (
            "BILLING_KEY_ENCRYPTION_KEYS",
            crate::support::ENCRYPTION_KEYS.to_owned(),
        ),
        ("TOSS_API_BASE", toss.url().clone()),
        ("DATABASE_URL", database.url().to_owned()),
        ("LISTEN", "127.0.0.1:0".to_owned()),
        ("KEY_IN_ENABLED", "true".to_owned()),
        ("RUST_LOG", "trace".to_owned()),
    ]);
    program.stdout(Stdio::piped());
    program.stderr(std::fs::File::create(&log).unwrap());
    let mut child = program.spawn().unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    let origin = line.trim().strip_prefix("listening ").unwrap();
    let http = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()
        .unwrap();
    let post = async |key: &str, body: Value| {
        let request = http.post(format!("{origin}{CARDS}")).bearer_auth(API_KEY);
        let answer = request.header("idempotency-key", key).json(&body).send();
        answer.await.unwrap().status().as_u16()
    };
    assert_eq!(post("c1", card_and_charge("first-1")).await, 201);
    assert_eq!(post("c1", card_and_charge("first-1")).await, 201);
    let mut wrong = card();
    wrong["card"]["expiryMonth"] = json!("13");
    assert_eq!(post("c2", wrong).await, 400);
    let mut odd = card();
    odd["card"] = json!(NUMBER);
    assert_eq!(post("c3", odd).await, 400);
    child.kill().unwrap();
    child.wait().unwrap();

    let mut written = std::fs::read(&log).unwrap();
    let logged = written.len();
    assert!(logged > 5_000, "it logged {logged} bytes");
    written.extend(database.everything().await);
    let holds = |text: &str| {
        written
            .windows(text.len())
            .any(|part| part == text.as_bytes())
    };
    assert!(holds("first-1"), "the search itself works");
    let digest = toss_merchant::domain::names::digest(&[NUMBER]);
    for secret in [NUMBER, &format!("\"{IDENTITY}\""), digest.as_str()] {
        assert!(!holds(secret), "{secret}");
    }
}
