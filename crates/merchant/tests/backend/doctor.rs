//! `doctor` against the sandbox.

use toss_merchant::{
    clock::Clock,
    doctor::{Report, Verdict, examine},
};

use crate::support::{
    Shop, args, quick,
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
