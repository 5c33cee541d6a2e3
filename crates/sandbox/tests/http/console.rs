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
async fn the_first_page_leads_to_the_console_and_nothing_foreign_runs_in_it() {
    let toss = start().await;
    let first = toss.client.get(toss.url("/")).send().await.unwrap();
    assert_eq!(first.headers()["location"], "/sandbox");
    let page = toss.client.get(toss.url("/sandbox")).send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"));
    assert!(!policy.contains("unsafe"));
    let html = page.text().await.unwrap();
    for inline in ["<style", " style=", "onclick", "<script>"] {
        assert!(!html.contains(inline), "{inline}");
    }
    for (asset, kind) in [
        ("console.css", "text/css; charset=utf-8"),
        ("console.js", "text/javascript; charset=utf-8"),
    ] {
        let url = toss.url(&format!("/sandbox/assets/{asset}"));
        let answer = toss.client.get(url).send().await.unwrap();
        assert_eq!(answer.headers()["content-type"], kind);
    }
    assert_eq!(
        toss.control("requests").await,
        json!([]),
        "only /v1 is logged"
    );
}

#[tokio::test]
async fn the_page_is_sent_again_only_when_it_changed() {
    let toss = start().await;
    let get = async |tag: Option<&str>| {
        let mut request = toss.client.get(toss.url("/sandbox"));
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        request.send().await.unwrap()
    };
    let first = get(None).await;
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    assert_eq!(get(Some(&tag)).await.status(), 304);
    toss.waiting("order-1").await;
    let changed = get(Some(&tag)).await;
    assert_eq!(changed.status(), 200);
    assert_ne!(changed.headers()["etag"].to_str().unwrap(), tag);
}

#[tokio::test]
async fn it_speaks_the_readers_language_and_keeps_a_chosen_one() {
    let toss = start().await;
    let payment = toss.waiting("order-1").await;
    let key = payment["paymentKey"].as_str().unwrap();
    let get = async |path: &str, accept: &str| {
        let request = toss.client.get(toss.url(path));
        let answer = request.header("accept-language", accept).send().await;
        answer.unwrap().text().await.unwrap()
    };
    let (korean, english) = (">입금하기</button>", ">Deposit</button>");
    for (path, accept, lang, button) in [
        ("/sandbox", "ko-KR,en;q=0.5", "ko", korean),
        ("/sandbox", "en-GB", "en", english),
        ("/sandbox?lang=en", "ko-KR", "en", english),
        ("/sandbox?lang=ko", "en-US", "ko", korean),
        ("/sandbox?lang=tlh", "en-US", "en", english),
    ] {
        let html = get(path, accept).await;
        assert!(html.contains(&format!("<html lang=\"{lang}\">")), "{path}");
        assert!(html.contains(button), "{path} {accept}");
    }
    let deposit = format!("/sandbox/console/payments/{key}/deposit?lang=en");
    let html = get("/sandbox?lang=en", "ko-KR").await;
    assert!(html.contains(&format!("action=\"{deposit}\"")));
    let answer = toss.client.post(toss.url(&deposit)).send().await.unwrap();
    let place = answer.headers()["location"].to_str().unwrap();
    assert_eq!(place, format!("/sandbox?lang=en#payment-{key}"));
    let refused = toss.client.post(toss.url(&deposit)).send().await.unwrap();
    assert_eq!(refused.status(), 409);
    let html = refused.text().await.unwrap();
    assert!(html.contains("Not possible in this status: DONE"));
}

#[tokio::test]
async fn without_javascript_it_can_reload_itself() {
    let toss = start().await;
    let get = async |path: &str| {
        let answer = toss.client.get(toss.url(path)).send().await.unwrap();
        answer.text().await.unwrap()
    };
    let reloads = "<meta http-equiv=\"refresh\" content=\"5\">";
    assert!(get("/sandbox?refresh=5").await.contains(reloads));
    for path in ["/sandbox", "/sandbox?refresh=0", "/sandbox?refresh=soon"] {
        assert!(!get(path).await.contains("http-equiv"), "{path}");
    }
}

#[tokio::test]
async fn a_billing_key_can_be_deleted_by_hand() {
    let toss = start().await;
    let key = toss.billing_key(WORKING_CARD).await;
    let html = console(&toss).await;
    assert!(html.contains("<button type=\"submit\">빌링키 삭제</button>"));
    let path = "/sandbox/console/billing/1/delete";
    assert_eq!(press(&toss, path, Some(&toss.base)).await, 303);
    let html = console(&toss).await;
    assert!(html.contains("삭제됨"));
    assert!(html.contains("<button type=\"submit\" disabled>빌링키 삭제</button>"));
    let charge = toss
        .call(&format!("/v1/billing/{key}"), &charge_body("sub-001"))
        .await;
    assert_eq!(charge.code(), "ALREADY_REMOVED_BILLING_KEY");
    assert_eq!(press(&toss, path, None).await, 404);
    assert_eq!(
        press(&toss, "/sandbox/console/billing/2/delete", None).await,
        404
    );
}

#[tokio::test]
async fn what_was_given_back_is_shown() {
    let toss = start().await;
    let key = toss.billing_key(WORKING_CARD).await;
    let paid = toss
        .call(&format!("/v1/billing/{key}"), &charge_body("sub-001"))
        .await;
    let payment = paid.json["paymentKey"].as_str().unwrap();
    let body = json!({"cancelReason": "단순 변심", "cancelAmount": 900});
    toss.call(&format!("/v1/payments/{payment}/cancel"), &body)
        .await;
    let html = console(&toss).await;
    for words in ["PARTIAL_CANCELED", "900원 단순 변심", "4,000원"] {
        assert!(html.contains(words), "{words}");
    }
}

#[tokio::test]
async fn the_clock_is_moved_by_buttons() {
    let toss = start().await;
    let payment = toss.waiting("order-1").await;
    let set = async |form: &[(&str, &str)]| {
        let url = toss.url("/sandbox/console/clock");
        let answer = toss.client.post(url).form(form).send().await.unwrap();
        answer.status().as_u16()
    };
    assert_eq!(set(&[("freeze", "true")]).await, 303);
    assert!(console(&toss).await.contains("시계 다시 돌리기"));
    assert_eq!(set(&[("advance", "31d")]).await, 303);
    let html = console(&toss).await;
    assert!(html.contains("입금 기한 지남"), "72 hours are over");
    assert_eq!(set(&[("freeze", "false")]).await, 303);
    assert!(console(&toss).await.contains("시계 멈추기"));
    for bad in ["", "soon", "-1d", "999999d"] {
        assert_eq!(set(&[("advance", bad)]).await, 400, "{bad}");
    }
    let key = payment["paymentKey"].as_str().unwrap();
    let deposit = format!("/sandbox/console/payments/{key}/deposit");
    assert_eq!(press(&toss, &deposit, None).await, 409);
}

#[tokio::test]
async fn requests_are_shown_with_their_bodies() {
    let toss = start().await;
    toss.waiting("order-1").await;
    let html = console(&toss).await;
    assert!(html.contains("요청 본문") && html.contains("응답 본문"));
    // One field a line.
    assert!(html.contains("\n  &quot;orderId&quot;: &quot;order-1&quot;"));
}
