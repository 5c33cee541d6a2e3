//! Keys of the merchant API: what each may do, and how long.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use toss_merchant::{
    application::api_keys::{ApiKeyError, ApiKeys},
    cli::{Cli, Command, Context, RecordsCommand},
    domain::{
        api_key::{ApiKey, Scope},
        ids::ApiKeyId,
    },
};

use crate::{
    caller::Answer,
    merchant_methods::{card, charge, path},
    support::{Shop, order, text},
};

fn keys(shop: &Shop) -> &ApiKeys {
    &shop.state().api_keys
}

async fn make(shop: &Shop, scopes: &[Scope]) -> (ApiKey, String) {
    let (key, text) = keys(shop)
        .create("back office", scopes, None)
        .await
        .unwrap();
    (key, text.expose().to_owned())
}

async fn list(shop: &Shop, key: &str) -> Answer {
    shop.call(Method::GET, "/api/payments")
        .with_key(key)
        .send()
        .await
}

#[tokio::test]
async fn a_key_does_what_its_scopes_allow_and_nothing_else() {
    let shop = Shop::open().await;
    let card = card(&shop).await;
    let charges = format!("{}/charges", path(&card));
    let paid = shop
        .post_once(&charges, "c1", charge("renewal-1", 900))
        .await;
    let refunds = format!("/api/payments/{}/refunds", text(&paid.body["id"]));
    let calls = [
        (Method::GET, "/api/payments".to_owned(), None, Scope::Read),
        (Method::GET, refunds.clone(), None, Scope::Read),
        (Method::GET, "/metrics".to_owned(), None, Scope::Read),
        (
            Method::POST,
            "/api/sessions".to_owned(),
            Some(order()),
            Scope::Write,
        ),
        (
            Method::POST,
            charges.clone(),
            Some(charge("renewal-2", 900)),
            Scope::Write,
        ),
        (Method::DELETE, path(&card), None, Scope::Write),
        (
            Method::POST,
            refunds.clone(),
            Some(json!({"reason": "반품"})),
            Scope::Refund,
        ),
    ];
    for (number, (method, path, body, needed)) in calls.iter().enumerate() {
        let send = async |key: &str| {
            let mut call = shop.call(method.clone(), path.as_str()).with_key(key);
            if let Some(body) = body {
                call = call.once(&format!("k{number}")).body(body.clone());
            }
            call.send().await
        };
        let others: Vec<Scope> = Scope::ALL
            .iter()
            .copied()
            .filter(|it| it != needed)
            .collect();
        let refused = send(&make(&shop, &others).await.1).await;
        assert_eq!(
            (refused.status, refused.code()),
            (403, "CHECKOUT_FORBIDDEN"),
            "{path}"
        );
        assert!(
            refused.message().contains(&format!("scope '{needed}'")),
            "{}",
            refused.body
        );
        let allowed = send(&make(&shop, &[*needed]).await.1).await;
        assert!(allowed.status < 300, "{method} {path}: {}", allowed.body);
    }
    // An answer is not given again to a key that could not have asked for it.
    let (_, reader) = make(&shop, &[Scope::Read]).await;
    let call = shop
        .call(Method::POST, refunds.as_str())
        .with_key(&reader)
        .once("k6");
    assert_eq!(
        call.body(json!({"reason": "반품"})).send().await.status,
        403
    );
}

#[tokio::test]
async fn while_a_key_is_rotated_both_open_the_same() {
    let shop = Shop::open().await;
    let (old, old_text) = make(&shop, &[Scope::Read, Scope::Write]).await;
    let card = card(&shop).await;
    let charges = format!("{}/charges", path(&card));
    let send = async |key: &str| {
        let call = shop
            .call(Method::POST, charges.as_str())
            .with_key(key)
            .once("c1");
        call.body(charge("renewal-1", 900)).send().await
    };
    let first = send(&old_text).await;
    assert_eq!(first.status, 201);
    let (new, new_text) = keys(&shop)
        .rotate(&old.id, Duration::from_hours(24))
        .await
        .unwrap();
    assert_eq!((&new.scopes, &new.label), (&old.scopes, &old.label));
    // Idempotency keys are the merchant's, not the key's.
    let again = send(new_text.expose()).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    for (hours, old_opens) in [(23, true), (1, false)] {
        shop.advance(Duration::from_hours(hours));
        let status = list(&shop, &old_text).await.status;
        assert_eq!(status, if old_opens { 200 } else { 401 });
        assert_eq!(list(&shop, new_text.expose()).await.status, 200);
    }
    assert!(matches!(
        keys(&shop).rotate(&old.id, Duration::ZERO).await,
        Err(ApiKeyError::Over(_))
    ));
}

#[tokio::test]
async fn a_revoked_key_opens_nothing_and_use_is_written_down() {
    let shop = Shop::open().await;
    let (key, secret) = make(&shop, &[Scope::Read]).await;
    let (used, _) = keys(&shop).list().await.unwrap().remove(0);
    assert_eq!(used.last_used_at, None);
    assert_eq!(list(&shop, &secret).await.status, 200);
    let (used, _) = keys(&shop).list().await.unwrap().remove(0);
    assert!(used.last_used_at.is_some());
    assert!(secret.starts_with(&used.prefix) && used.prefix.len() == 8);
    keys(&shop).revoke(&key.id).await.unwrap();
    let refused = list(&shop, &secret).await;
    assert_eq!(
        (refused.status, refused.code()),
        (401, "CHECKOUT_UNAUTHORIZED")
    );
    assert!(matches!(
        keys(&shop).revoke(&key.id).await,
        Err(ApiKeyError::Over(_))
    ));
    let nobody = ApiKeyId::new("key_x");
    assert!(matches!(
        keys(&shop).revoke(&nobody).await,
        Err(ApiKeyError::Unknown(_))
    ));
    assert!(matches!(
        keys(&shop).create("x", &[], None).await,
        Err(ApiKeyError::NoScope)
    ));
    for wrong in [
        secret.replace("tck_", "tck_x"),
        secret.to_lowercase(),
        "tck_".to_owned(),
    ] {
        assert_eq!(list(&shop, &wrong).await.status, 401);
    }
}

#[tokio::test]
async fn keys_are_managed_from_the_command_line_beside_the_server() {
    let shop = Shop::open().await;
    let state = shop.state();
    let context = Context {
        config: state.config.clone(),
        clock: state.services.clock.clone(),
        store: state.store.clone(),
    };
    let run = async |words: &[&str]| -> Result<String, String> {
        let words = ["toss-merchant", "keys"]
            .iter()
            .chain(words)
            .map(Into::into);
        let cli = Cli::try_read(words).map_err(|error| error.to_string())?;
        let Command::Records(command @ RecordsCommand::Keys(_)) = cli.command_to_run() else {
            panic!("no command about keys");
        };
        let mut out = Vec::new();
        command
            .run(&context, &mut out)
            .await
            .map_err(|error| error.to_string())?;
        Ok(String::from_utf8(out).unwrap())
    };
    let made = run(&["create", "--label", "창고", "--scope", "read,refund"])
        .await
        .unwrap();
    let (about, secret) = made.trim().split_once('\n').unwrap();
    let id = about.split("  ").next().unwrap();
    assert_eq!(list(&shop, secret).await.status, 200);
    let listed = run(&["list"]).await.unwrap();
    assert!(
        listed.contains(id) && listed.contains("active  read,refund  used 20"),
        "{listed}"
    );
    assert!(!listed.contains(secret), "it is shown once");
    let rotated = run(&["rotate", id, "--grace-hours", "0"]).await.unwrap();
    let newer = rotated.trim().rsplit('\n').next().unwrap();
    assert_eq!(list(&shop, secret).await.status, 401);
    assert_eq!(list(&shop, newer).await.status, 200);
    let id = rotated.split("  ").next().unwrap();
    assert_eq!(
        run(&["revoke", id]).await.unwrap(),
        format!("{id} is revoked\n")
    );
    assert_eq!(list(&shop, newer).await.status, 401);
    for bad in [
        &["create", "--label", "x"][..],
        &["create", "--label", "x", "--scope", "admin"],
        &["revoke", "key_x"],
    ] {
        assert!(run(bad).await.is_err(), "{bad:?}");
    }
}

#[tokio::test]
async fn a_cancel_that_gives_money_back_needs_the_scope_for_that_too() {
    let shop = Shop::open().await;
    let card = card(&shop).await;
    let plan = crate::subscriptions::monthly(&text(&card["id"]));
    let made = shop.post_once("/api/subscriptions", "s1", plan).await.body;
    let cancel = format!("/api/subscriptions/{}/cancel", text(&made["id"]));
    let send = async |key: &str, refund: &str| {
        let call = shop.call(Method::POST, cancel.as_str()).with_key(key);
        call.body(json!({"at": "now", "refund": refund}))
            .send()
            .await
    };
    let (_, writer) = make(&shop, &[Scope::Write]).await;
    let refused = send(&writer, "prorated").await;
    assert_eq!(
        (refused.status, refused.code()),
        (403, "CHECKOUT_FORBIDDEN")
    );
    assert!(refused.message().contains("scope 'refund'"));
    assert!(shop.toss.seen("cancel").is_empty());
    let (_, refunder) = make(&shop, &[Scope::Refund]).await;
    assert_eq!(send(&refunder, "prorated").await.status, 403);
    let (_, both) = make(&shop, &[Scope::Write, Scope::Refund]).await;
    let canceled = send(&both, "prorated").await;
    assert_eq!(
        (canceled.status, &canceled.body["status"]),
        (200, &json!("canceled"))
    );
    assert_eq!(shop.toss.seen("cancel").len(), 1);
}
