//! `doctor` against the sandbox.

use toss_merchant::{
    clock::Clock,
    crypto::KeyRing,
    doctor::{Report, Verdict, examine},
};

use crate::support::{
    ENCRYPTION_KEYS, Shop, args, quick,
    toss::{BILLING_CLIENT_KEY, BILLING_SECRET_KEY, SECOND_SECRET_KEY},
};

async fn examined(shop: &Shop, extra: &[&str], order: Option<&str>) -> Report {
    let database = format!("--database-url={}", shop.database.url());
    examined_with(&database, shop, extra, order).await
}

async fn examined_with(database: &str, shop: &Shop, extra: &[&str], order: Option<&str>) -> Report {
    let api = format!("--toss-api-base={}", shop.toss.url());
    let origin = format!("--public-origin={}", shop.backend.origin);
    let mut all = vec![api.as_str(), database, &origin];
    all.extend(extra);
    examine(args(&all), order).await
}

fn of(report: &Report, subject: &str) -> Vec<(Verdict, String)> {
    let found = report.0.iter().filter(|check| check.subject == subject);
    found
        .map(|check| (check.verdict, check.text.clone()))
        .collect()
}

#[tokio::test]
async fn both_contracts_the_database_and_the_running_server_are_examined() {
    let client = format!("--toss-billing-client-key={BILLING_CLIENT_KEY}");
    let secret = format!("--toss-billing-secret-key={BILLING_SECRET_KEY}");
    let both = [client.as_str(), secret.as_str()];
    let shop = Shop::with(&both, Clock::running(), quick()).await;
    let order = shop.issued().await.order_id;
    let report = examined(&shop, &both, Some(&order)).await;
    for subject in [
        "DATABASE_URL",
        "tables",
        "TOSS_API_BASE",
        "clock",
        "webhooks",
        "TOSS_SECRET_KEY",
        "TOSS_BILLING_SECRET_KEY",
    ] {
        let found = of(&report, subject);
        assert!(
            matches!(found.as_slice(), [(Verdict::Pass, _)]),
            "{subject}: {found:?} in\n{report}"
        );
    }
    // The order was paid with one pair; the version of the other is not known yet.
    let versions: Vec<Verdict> = of(&report, "API version").iter().map(|it| it.0).collect();
    assert_eq!(versions, [Verdict::Pass, Verdict::ByHand], "{report}");
    assert!(
        of(&report, "TOSS_BILLING_SECRET_KEY")[0]
            .1
            .contains("automatic payment")
    );
    assert!(!report.to_string().contains(BILLING_SECRET_KEY), "{report}");

    let wrong = [client.as_str(), "--toss-billing-secret-key=test_sk_nobodys"];
    let report = examined(&shop, &wrong, None).await;
    let (verdict, text) = of(&report, "TOSS_BILLING_SECRET_KEY").remove(0);
    assert_eq!(verdict, Verdict::Fail);
    assert!(text.contains("TOSS_BILLING_CLIENT_KEY"), "{text}");
    assert_eq!(of(&report, "TOSS_SECRET_KEY")[0].0, Verdict::Pass);
}

/// A lost or mistaken key was first seen when a customer's card was to be charged.
#[tokio::test]
async fn what_was_sealed_with_a_key_that_is_gone_or_another_one_is_told_before_it_is_needed() {
    const RIGHT: &str = ENCRYPTION_KEYS;
    const OTHER: &str = "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI=";
    let mut shop = Shop::open().await;
    let session = shop.subscription(false).await;
    let auth = shop.toss.auth_key("CARD");
    assert_eq!(shop.billing(&session, &auth).await.0, 200);
    let told = async |shop: &Shop, keys: &str| {
        let database = format!("--database-url={}", shop.database.url());
        let mut settings = args(&[&database]);
        settings.billing_key_encryption_keys = Some(keys.parse().unwrap());
        let report = examine(settings, None).await;
        let mut told = of(&report, "BILLING_KEY_ENCRYPTION_KEYS");
        told.retain(|(_, text)| !text.starts_with("keep a copy in another safe"));
        told
    };

    let right = told(&shop, RIGHT).await;
    assert!(
        matches!(right.as_slice(), [(Verdict::Pass, text)] if text.contains("k1 seals what is new, and opens 1 cards")),
        "{right:?}"
    );
    let rotated = format!("k2:{OTHER},{RIGHT}");
    let both = told(&shop, &rotated).await;
    assert!(
        matches!(both.as_slice(), [(Verdict::Pass, _), (Verdict::Pass, text)] if text.contains("k1 still opens 1 cards")),
        "{both:?}"
    );
    let gone = told(&shop, &format!("k2:{OTHER}")).await;
    assert_eq!(gone[0].0, Verdict::Fail, "{gone:?}");
    assert!(gone[0].1.contains("1 cards and accounts"), "{gone:?}");
    let mistaken = format!("k1:{OTHER}");
    let another = told(&shop, &mistaken).await;
    assert!(
        another
            .iter()
            .any(|(verdict, text)| *verdict == Verdict::Fail
                && text.contains("the key k1 does not open the card or account pm_")),
        "{another:?}"
    );

    // What is sealed with it from now on would lie among what nobody can open.
    shop.backend.stop().await;
    let mut config = shop.config();
    config.keys = KeyRing::parse(&mistaken).unwrap();
    let refused = toss_merchant::app::App::bind(config, Clock::running()).await;
    let error = refused.unwrap_err().to_string();
    assert!(error.contains("the key k1 is not the one"), "{error}");

    // A rotated ring seals the shop's key anew.
    let mut config = shop.config();
    config.keys = KeyRing::parse(&rotated).unwrap();
    let shop = shop.restarted_with(config).await;
    let both = told(&shop, &rotated).await;
    assert!(
        matches!(both.as_slice(), [(Verdict::Pass, newest), (Verdict::Pass, older)]
            if newest.contains("1 secret keys") && !older.contains("secret keys")),
        "{both:?}"
    );
}

/// Toss accepts the key of another merchant id, and answers as if nothing had ever been paid.
#[tokio::test]
async fn the_key_of_another_merchant_id_is_named() {
    let client = format!("--toss-billing-client-key={BILLING_CLIENT_KEY}");
    let secret = format!("--toss-billing-secret-key={BILLING_SECRET_KEY}");
    let both = [client.as_str(), secret.as_str()];
    let shop = Shop::with(&both, Clock::running(), quick()).await;
    let session = shop.subscription(true).await;
    let auth = crate::shops::auth_key(&shop, BILLING_CLIENT_KEY).await;
    assert_eq!(shop.billing(&session, &auth).await.0, 200);
    // The charge that the records name tells the version of the API, too.
    let report = examined(&shop, &both, None).await;
    let found = of(&report, "TOSS_BILLING_SECRET_KEY");
    assert!(matches!(found.as_slice(), [(Verdict::Pass, _)]), "{report}");
    let versions: Vec<Verdict> = of(&report, "API version").iter().map(|it| it.0).collect();
    assert_eq!(versions, [Verdict::ByHand, Verdict::Pass], "{report}");

    let theirs = format!("--toss-billing-secret-key={SECOND_SECRET_KEY}");
    let report = examined(&shop, &[client.as_str(), &theirs], None).await;
    let (verdict, text) = of(&report, "TOSS_BILLING_SECRET_KEY").remove(0);
    assert_eq!(verdict, Verdict::Fail, "{report}");
    assert!(text.contains("another merchant id"), "{text}");
    assert!(text.contains("TOSS_BILLING_CLIENT_KEY"), "{text}");
}

#[tokio::test]
async fn a_database_is_looked_at_and_left_alone() {
    let shop = Shop::open().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.db");
    let database = |path: &std::path::Path| format!("--database-url=sqlite://{}", path.display());
    let examined = async |url: String| {
        let report = examined_with(&url, &shop, &[], None).await;
        of(&report, "DATABASE_URL").remove(0)
    };
    let (verdict, text) = examined(database(&file)).await;
    assert!(
        verdict == Verdict::Pass && text.contains("does not exist yet"),
        "{text}"
    );
    assert!(!file.exists(), "doctor makes no file");

    let nowhere = folder.path().join("no/such/folder.db");
    let (verdict, text) = examined(database(&nowhere)).await;
    assert!(
        verdict == Verdict::Fail && text.contains("make the folder"),
        "{text}"
    );

    std::fs::write(&file, "just some text that is not a database at all").unwrap();
    let (verdict, text) = examined(database(&file)).await;
    assert!(
        verdict == Verdict::Fail && text.contains("cannot be used"),
        "{text}"
    );

    let away = "--database-url=postgres://postgres:geheim@127.0.0.1:1/shop".to_owned();
    let (verdict, text) = examined(away).await;
    assert_eq!(verdict, Verdict::Fail);
    assert!(!text.contains("geheim"), "{text}");
}
