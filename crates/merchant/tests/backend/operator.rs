//! Commands of an operator, beside a running server: the real program.

use std::{
    process::{Command, Output, Stdio},
    time::Duration,
};

use serde_json::{Value, json};
use toss_sandbox::{Endpoint, Fault};

use crate::support::{
    API_KEY, ENCRYPTION_KEYS, Session, Shop, order, text,
    toss::{SECOND_CLIENT_KEY, SECOND_SECRET_KEY},
};

/// What a command printed, and whether it succeeded.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) error: String,
}

/// Runs the program on the shop's database and clock.
async fn run(shop: &Shop, args: &[&str]) -> Said {
    run_on(shop, shop.database.url(), args).await
}

/// The same with these encryption keys.
pub(crate) async fn run_with_keys(shop: &Shop, keys: &str, args: &[&str]) -> Said {
    let mut command = program(shop);
    command
        .env("DATABASE_URL", shop.database.url())
        .env("BILLING_KEY_ENCRYPTION_KEYS", keys)
        .args(args);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    said(&output.await.unwrap())
}

async fn run_on(shop: &Shop, database: &str, args: &[&str]) -> Said {
    let mut command = program(shop);
    command.env("DATABASE_URL", database).args(args);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    said(&output.await.unwrap())
}

fn program(shop: &Shop) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_toss-merchant"));
    command
        .env_clear()
        .env("USER", "kim")
        .env("TOSS_API_BASE", shop.toss.url().as_str())
        .env("TOSS_SANDBOX_CLOCK", shop.toss.url().as_str())
        .env("TOSS_CLIENT_KEY", SECOND_CLIENT_KEY)
        .env("TOSS_SECRET_KEY", SECOND_SECRET_KEY)
        .env("MERCHANT_API_KEY", API_KEY)
        .env("BILLING_KEY_ENCRYPTION_KEYS", ENCRYPTION_KEYS);
    command
}

fn said(output: &Output) -> Said {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Said {
        code: output.status.code(),
        out: text(&output.stdout),
        error: text(&output.stderr),
    }
}

pub(crate) async fn good(shop: &Shop, args: &[&str]) -> String {
    let said = run(shop, args).await;
    assert_eq!(said.code, Some(0), "{args:?}: {said:?}");
    said.out
}

async fn refused(shop: &Shop, args: &[&str]) -> String {
    let said = run(shop, args).await;
    assert_ne!(said.code, Some(0), "{args:?}: {said:?}");
    said.error
}

/// A first charge of which nobody knows whether it was carried out, and which nobody may send again.
async fn set_aside() -> (Shop, Session, String) {
    let mut shop = Shop::open().await;
    let session = shop.subscription(true).await;
    shop.toss.next([Fault::reset(Endpoint::Charge)]);
    let auth = shop.toss.auth_key("CARD");
    let (_, body) = shop.billing(&session, &auth).await;
    let order = text(&body["result"]["charge"]["orderId"]);
    shop.crash();
    shop.advance(Duration::from_mins(5));
    shop.change_secret_key();
    shop.restart().await;
    shop.until_payment(&order, |payment| payment.needs_attention.is_some())
        .await;
    (shop, session, order)
}

#[tokio::test]
async fn what_nobody_knows_is_decided_with_a_reason_and_never_guessed() {
    let (shop, session, order) = set_aside().await;
    let listed = good(&shop, &["payments", "list", "--needs-attention"]).await;
    assert!(
        listed.contains(&order) && listed.contains("another secret key"),
        "{listed}"
    );

    let resolve = ["payments", "resolve", &order];
    let with = |more: &[&'static str]| [&resolve[..], more].concat();
    for (more, says) in [
        (&[][..], "--ask"),
        (&["--not-carried-out"], "--reason"),
        (&["--handled", "--reason= "], "--reason is empty"),
        (&["--handled", "--reason=looked"], "say --not-carried-out"),
        (&["--ask", "--handled", "--reason=x"], "cannot be used with"),
    ] {
        let error = refused(&shop, &with(more)).await;
        assert!(error.contains(says), "{more:?}: {error}");
    }

    let reason = "--reason=상점관리자에 결제 내역 없음";
    let shown = good(&shop, &with(&["--not-carried-out", reason])).await;
    for part in ["failed", "declined", "kim", "결제 내역 없음"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let payment = shop.payment(&order).await;
    assert_eq!(payment.status.as_str(), "failed");
    assert_eq!(payment.needs_attention, None);
    let charge = shop.get(&session).await["result"]["charge"].clone();
    assert_eq!(charge["status"], "declined", "{charge}");
    assert!(shop.events().await.contains(&"charge.failed".to_owned()));
    assert_eq!(shop.toss.done("charge"), 0);

    let error = refused(&shop, &with(&["--not-carried-out", reason])).await;
    assert!(error.contains("no request of payment"), "{error}");
    let error = refused(&shop, &with(&["--handled", reason])).await;
    assert!(error.contains("needs no attention"), "{error}");
}

#[tokio::test]
async fn a_registration_that_nobody_knows_about_is_closed_and_the_buyer_registers_again() {
    let mut shop = Shop::open().await;
    let session = shop.subscription(false).await;
    shop.toss.next([Fault::reset(Endpoint::Issue)]);
    let auth = shop.toss.auth_key("CARD");
    shop.billing(&session, &auth).await;
    shop.crash();
    shop.advance(Duration::from_mins(5));
    shop.change_secret_key();
    shop.restart().await;
    let mut listed = String::new();
    for _ in 0..200 {
        listed = good(&shop, &["registrations", "list"]).await;
        if !listed.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(listed.contains("another secret key"), "{listed}");
    assert!(!listed.contains(&session.id), "a session's id opens it");
    let request = listed
        .split_whitespace()
        .find(|it| it.starts_with("issue-"));
    let request = request.unwrap().to_owned();

    let resolve = ["registrations", "resolve", &request];
    let with = |more: &[&'static str]| [&resolve[..], more].concat();
    for (more, says) in [
        (&[][..], "--not-carried-out"),
        (&["--not-carried-out"], "--reason"),
        (&["--not-carried-out", "--reason= "], "--reason is empty"),
    ] {
        let error = refused(&shop, &with(more)).await;
        assert!(error.contains(says), "{more:?}: {error}");
    }
    let close = ["--not-carried-out", "--reason=키를 바꿨음"];
    let shown = good(&shop, &with(&close)).await;
    for part in ["declined", "kim", "키를 바꿨음"] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    assert_eq!(good(&shop, &["registrations", "list"]).await, "");
    assert_eq!(shop.status(&session).await, "failed");
    let error = refused(&shop, &with(&close)).await;
    assert!(error.contains("nothing is to be decided"), "{error}");
    let nothing = ["registrations", "resolve", "issue-x"];
    let error = refused(&shop, &[&nothing[..], &close].concat()).await;
    assert!(error.contains("registrations list"), "{error}");

    let auth = shop.toss.auth_key("CARD");
    assert_eq!(shop.billing(&session, &auth).await.0, 200);
    assert_eq!(shop.status(&session).await, "registered");
}

#[tokio::test]
async fn toss_is_asked_at_once_when_an_operator_wants_it() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    shop.toss.deposit_for(&session.order_id);
    assert_eq!(shop.status(&session).await, "waiting_for_deposit");
    let ask = ["payments", "resolve", &session.order_id, "--ask"];
    let shown = good(&shop, &ask).await;
    assert!(shown.contains("paid"), "{shown}");
    assert!(shown.contains("payment.ask_again"), "{shown}");
    assert_eq!(shop.status(&session).await, "paid");

    let untouched = shop.order().await;
    let ask_untouched = ["payments", "resolve", &untouched.order_id, "--ask"];
    let shown = good(&shop, &ask_untouched).await;
    assert!(shown.contains("ready"), "{shown}");
    let error = refused(&shop, &["payments", "show", "nothing-like-it"]).await;
    assert!(error.contains("nothing-like-it"), "{error}");

    let down = || Fault::error(Endpoint::Lookup, 503);
    shop.toss.next(std::iter::repeat_with(down).take(50));
    let error = refused(&shop, &ask).await;
    assert!(error.contains("Toss gave no answer"), "{error}");

    let mut shop = shop;
    shop.crash();
    let error = refused(&shop, &[&ask[..], &["--wait=0"]].concat()).await;
    assert!(error.contains("toss-merchant serve"), "{error}");
}

#[tokio::test]
async fn a_webhook_that_came_too_early_is_worked_on_again() {
    let shop = Shop::open().await;
    let order_id = "order-replayed-1";
    assert_eq!(shop.webhook("w1", order_id, "DONE", "x").await, 200);
    shop.fate("w1").await;
    let mut body = order();
    body["orderId"] = json!(order_id);
    let session = shop.create(body).await;
    let key = shop.toss.authenticate(order_id);
    shop.confirm(&session, &key).await;
    shop.toss.deposit_for(order_id);

    let listed = good(&shop, &["webhooks", "list", "--json"]).await;
    let listed: Value = serde_json::from_str(listed.trim()).unwrap();
    assert_eq!(listed["state"], "ignored");
    assert_eq!(listed["orderId"], order_id);
    let line = good(&shop, &["webhooks", "list", "--state=ignored"]).await;
    assert!(line.contains("no payment has this order"), "{line}");

    for (args, says) in [
        (&["webhooks", "replay"][..], "name a webhook"),
        (
            &["webhooks", "replay", "wh_nothing"],
            "there is no webhook wh_nothing; list shows their names, and old ones are deleted after 30 days",
        ),
        (&["events", "resend"], "<EVENT|--from <FROM>>"),
        (
            &["events", "resend", "--endpoint=ep_x"],
            "<EVENT|--from <FROM>>",
        ),
        (
            &["events", "resend", "evt_x", "--from=2026-11-28"],
            "cannot be used with",
        ),
        (
            &["events", "endpoints", "test", "ep_x"],
            "there is no endpoint ep_x",
        ),
        (&["webhooks", "replay", "--from=yesterday"], "2026-11-28"),
    ] {
        let error = refused(&shop, args).await;
        assert!(error.contains(says), "{args:?}: {error}");
    }
    let replay = ["webhooks", "replay", "--order", order_id];
    assert_eq!(good(&shop, &replay).await, "1 webhooks are due\n");
    shop.until(&session, "waiting_for_deposit").await;
    // Its secret is not the payment's, so it proves nothing, and is told so.
    let (state, note, _) = shop.fate("w1").await;
    assert_eq!(
        (state.as_str(), note.as_str()),
        ("ignored", "another payment's secret")
    );
}

#[tokio::test]
async fn records_are_exported_for_a_time_without_secrets() {
    let shop = Shop::open().await;
    let mut formula = order();
    formula["orderName"] = json!("=1+1");
    shop.create(formula).await;
    let paid = shop.issued().await;
    shop.toss.deposit_for(&paid.order_id);
    let ask = ["payments", "resolve", &paid.order_id, "--ask"];
    good(&shop, &ask).await;
    shop.cancel_elsewhere(&paid.order_id, 5_000).await;
    good(&shop, &ask).await;
    let registered = shop.subscription(false).await;
    let auth = shop.toss.auth_key("CARD");
    shop.billing(&registered, &auth).await;

    let lines = async |what: &str| -> Vec<Value> {
        let out = good(&shop, &["export", what]).await;
        let line = |line: &str| serde_json::from_str(line).unwrap();
        out.lines().map(line).collect()
    };
    let payments = lines("payments").await;
    assert_eq!(payments.len(), 2);
    assert_eq!(payments[0]["orderName"], "=1+1");
    assert_eq!(payments[1]["orderId"], paid.order_id);
    assert_eq!(payments[1]["status"], "partially_canceled");
    assert_eq!(payments[1]["balance"], 10_000);
    let refunds = lines("refunds").await;
    assert_eq!(refunds.len(), 1);
    assert_eq!(refunds[0]["paymentId"], payments[1]["paymentId"]);
    assert_eq!(
        (&refunds[0]["amount"], &refunds[0]["reason"]),
        (&json!(5_000), &json!("반품"))
    );
    let methods = lines("methods").await;
    assert!(methods[0]["cardNumber"].as_str().unwrap().contains('*'));
    let events = lines("events").await;
    let registered_last = events.last().unwrap();
    assert_eq!(registered_last["type"], "payment_method.registered");
    assert_eq!(registered_last["data"]["status"], "active");

    let method = shop.method(&registered).await;
    let billing_key = shop.state().services.billing_key(&method).unwrap();
    for what in ["payments", "refunds", "methods", "events"] {
        let csv = good(&shop, &["export", what, "--format=csv"]).await;
        let all = format!("{csv}{}", good(&shop, &["export", what]).await);
        for hidden in [billing_key.expose(), "paymentKey", "secret", "@example.com"] {
            assert!(!all.contains(hidden), "{what}: {all}");
        }
        let none = ["export", what, "--from=2020-01-01", "--to=2020-02-01"];
        assert_eq!(good(&shop, &none).await, "", "{what}");
    }
    let csv = good(&shop, &["export", "payments", "--format=csv"]).await;
    assert!(
        csv.starts_with("createdAt,paymentId,orderId,orderName,"),
        "{csv}"
    );
    assert!(csv.contains(",'=1+1,"), "no spreadsheet runs it: {csv}");
}

/// A subscription that the job had set aside stayed so for ever.
#[tokio::test]
async fn a_subscription_that_was_set_aside_is_listed_and_goes_on() {
    let shop = Shop::open().await;
    let made = shop.subscribe(|_| ()).await;
    let id = text(&made["id"]);
    let list = ["subscriptions", "list", "--needs-attention"];
    assert_eq!(good(&shop, &list).await, "");
    let resume = ["subscriptions", "resume", &id, "--reason", "장애 복구"];
    let error = refused(&shop, &resume).await;
    assert!(error.contains("needs no attention"), "{error}");

    let database = sea_orm::Database::connect(shop.database.url())
        .await
        .unwrap();
    let sql = "UPDATE subscriptions SET next_action_at = NULL, needs_attention = 'a record lacks its shop'";
    sea_orm::ConnectionTrait::execute_unprepared(&database, sql)
        .await
        .unwrap();
    database.close().await.unwrap();
    let listed = good(&shop, &list).await;
    assert!(
        listed.contains(&id) && listed.contains("a record lacks its shop"),
        "{listed}"
    );
    good(&shop, &resume).await;
    assert_eq!(good(&shop, &list).await, "");
    // It is due again for its next charge, as before.
    let wanted = toss_merchant::domain::ids::SubscriptionId::new(id.as_str());
    for _ in 0..400 {
        let subscription = shop.state().subscriptions.subscription(&wanted).await;
        let due = subscription.unwrap().unwrap().work.next_action_at;
        if due.is_some_and(|at| at > shop.state().now()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never carried on");
}

/// A mistyped address became an empty database, in which there was nothing to attend to.
#[tokio::test]
async fn a_database_that_does_not_exist_or_has_no_tables_is_neither_made_nor_called_empty() {
    let shop = Shop::open().await;
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("typo.db");
    let empty = test_database::TestDatabase::create(test_database::Engine::chosen()).await;
    let commands = [
        &["payments", "list"][..],
        &["keys", "list"],
        &["events", "list"],
        &["webhooks", "list"],
        &["registrations", "list"],
        &["subscriptions", "list"],
        &["export", "payments"],
    ];
    let on = async |url: &str, command: &[&str]| run_on(&shop, url, command).await;
    for command in commands {
        let said = on(&format!("sqlite://{}", missing.display()), command).await;
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        assert!(said.error.contains("there is no such file"), "{said:?}");
        assert!(!missing.exists());
    }
    let said = on(empty.url(), &["payments", "list"]).await;
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(said.error.contains("toss-merchant migrate"), "{said:?}");
    let said = on(empty.url(), &["migrate"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    let said = on(empty.url(), &["payments", "list"]).await;
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""), "{said:?}");
    let said = on(
        "postgres://shop:geheim@127.0.0.1:1/shop",
        &["payments", "list"],
    )
    .await;
    assert_eq!(said.code, Some(2), "{said:?}");
    let secretless = said.error.contains("shop:***@") && !said.error.contains("geheim");
    assert!(
        secretless && said.error.matches("connection").count() <= 3,
        "{said:?}"
    );
}

#[tokio::test]
async fn who_reads_the_first_lines_only_is_no_failure() {
    let shop = Shop::open().await;
    shop.order().await;
    let mut child = program(&shop)
        .env("DATABASE_URL", shop.database.url())
        .args(["payments", "list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap());
    let said = said(&output.await.unwrap());
    assert_eq!((said.code, said.error.as_str()), (Some(0), ""));
}

/// An order that was open when the backup was made, and paid afterwards, stayed unpaid for ever.
#[tokio::test]
async fn after_a_restored_backup_toss_is_asked_about_every_payment() {
    let mut shop = Shop::open().await;
    let open = shop.order().await;
    let issued = shop.issued().await;
    shop.backend.stop().await;
    let backup = shop.database.back_up().await;
    shop.restart().await;
    let key = shop.toss.authenticate(&open.order_id);
    assert_eq!(shop.confirm(&open, &key).await.0, 200);
    for session in [&open, &issued] {
        shop.toss.deposit_for(&session.order_id);
    }
    shop.backend.stop().await;
    shop.database.restore(&backup).await;
    shop.restart().await;
    assert_eq!(shop.status(&open).await, "open");
    let said = good(
        &shop,
        &["payments", "ask", "--from", "2020-01-01", "--reason=복원"],
    )
    .await;
    assert!(said.contains("about 2 payments"), "{said}");
    shop.advance(Duration::from_secs(1));
    shop.until(&open, "paid").await;
    shop.until(&issued, "paid").await;
    assert_eq!(shop.toss.done("confirm"), 2);
    let error = refused(&shop, &["payments", "ask"]).await;
    assert!(error.contains("--from"), "{error}");
}

#[tokio::test]
async fn lists_are_for_people_and_as_json_for_programs() {
    let shop = Shop::open().await;
    let session = shop.issued().await;
    let lines = async |words: &[&str]| -> Vec<Value> {
        let out = good(&shop, words).await;
        let line = |line: &str| serde_json::from_str(line).unwrap();
        out.lines().map(line).collect()
    };
    let listed = lines(&["payments", "list", "--json"]).await;
    let id = text(&listed[0]["id"]);
    let address = shop.url(&format!("/api/payments/{id}"));
    let answer = shop.http.get(address).bearer_auth(API_KEY).send().await;
    let mut read: Value = answer.unwrap().json().await.unwrap();
    let shown = lines(&["payments", "show", &session.order_id, "--json"]).await;
    read["decisions"] = json!([]);
    assert_eq!(shown, [read]);
    assert_eq!(listed[0]["orderId"], session.order_id.as_str());

    let made = good(&shop, &["keys", "create", "--label=창고", "--scope=read"]).await;
    let keys = lines(&["keys", "list", "--json"]).await;
    assert!(made.starts_with(keys[0]["id"].as_str().unwrap()));
    assert_eq!(
        (&keys[0]["state"], &keys[0]["scopes"], &keys[0]["label"]),
        (&json!("active"), &json!(["read"]), &json!("창고"))
    );
    let id = text(&shop.subscribe(|_| ()).await["id"]);
    let subscriptions = lines(&["subscriptions", "list", "--json"]).await;
    assert_eq!(subscriptions[0]["id"], id.as_str());
    assert_eq!(
        subscriptions[0]["amount"],
        json!({"value": 9_900, "currency": "KRW"})
    );
}
