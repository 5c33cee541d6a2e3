use serde_json::json;

use crate::harness::*;

async fn console(toss: &Running) -> String {
    let response = toss.client.get(toss.url("/sandbox")).send().await.unwrap();
    assert_eq!(response.status(), 200);
    response.text().await.unwrap()
}

/// Presses a button as a browser would.
async fn press(toss: &Running, path: &str, origin: Option<&str>) -> u16 {
    let mut request = toss.client.post(toss.url(path));
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn the_buttons_are_those_that_apply() {
    let toss = start().await;
    let payment = toss.waiting("order-1").await;
    let key = payment["paymentKey"].as_str().unwrap();
    let enabled = "<button type=\"submit\">";
    let disabled = "<button type=\"submit\" disabled>";
    let html = console(&toss).await;
    assert!(html.contains(&format!("{enabled}입금하기</button>")));
    assert!(html.contains(&format!("{disabled}입금 취소</button>")));
    assert!(html.contains(&format!("{enabled}만료시키기</button>")));
    let path = format!("/sandbox/console/payments/{key}/deposit");
    assert_eq!(press(&toss, &path, Some(&toss.base)).await, 303);
    let html = console(&toss).await;
    assert!(html.contains("DONE"));
    assert!(html.contains(&format!("{disabled}입금하기</button>")));
    assert!(html.contains(&format!("{enabled}입금 취소</button>")));
    assert!(html.contains(&format!("{disabled}만료시키기</button>")));
    assert_eq!(press(&toss, &path, None).await, 409);
    assert_eq!(press(&toss, "/sandbox/console/reset", None).await, 303);
    assert!(console(&toss).await.contains("아직 결제가 없습니다"));
}

#[tokio::test]
async fn secrets_are_masked() {
    let toss = start().await;
    let payment = toss.waiting("order-1").await;
    let billing_key = toss.billing_key(WORKING_CARD).await;
    toss.call(
        &format!("/v1/billing/{billing_key}"),
        &charge_body("sub-001"),
    )
    .await;
    let html = console(&toss).await;
    assert!(html.contains("94100012****789*"));
    for secret in [
        billing_key.as_str(),
        CUSTOMER,
        payment["secret"].as_str().unwrap(),
        SECRET_KEY,
    ] {
        assert!(!html.contains(secret), "{secret}");
    }
    assert!(html.contains(&format!("/v1/billing/{}…", &billing_key[..4])));
}

#[tokio::test]
async fn pages_of_other_sites_press_no_buttons() {
    let toss = start().await;
    let payment = toss.waiting("order-1").await;
    let key = payment["paymentKey"].as_str().unwrap();
    for path in [
        format!("/sandbox/console/payments/{key}/deposit"),
        "/sandbox/console/reset".to_owned(),
        format!("/sandbox/api/payments/{key}/deposit"),
        "/sandbox/api/reset".to_owned(),
    ] {
        for origin in [SHOP, "null"] {
            assert_eq!(press(&toss, &path, Some(origin)).await, 403, "{path}");
        }
    }
    let found = toss.control("payments").await;
    assert_eq!(found[0]["status"], "WAITING_FOR_DEPOSIT");
}

#[tokio::test]
async fn the_first_page_leads_to_the_console_and_it_runs_nothing() {
    let toss = start().await;
    let first = toss.client.get(toss.url("/")).send().await.unwrap();
    assert_eq!(first.headers()["location"], "/sandbox");
    let page = toss.client.get(toss.url("/sandbox")).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"));
    let style = toss.url("/sandbox/assets/console.css");
    let style = toss.client.get(style).send().await.unwrap();
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
    assert_eq!(
        toss.control("requests").await,
        json!([]),
        "only /v1 is logged"
    );
}
