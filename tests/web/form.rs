//! The form.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::host::*;

fn open(session: &serde_json::Value) -> Host {
    Host::new(&json!({"GET session": [[200, session]], "POST failure": [[204, null]]}))
}

#[wasm_bindgen_test]
async fn it_says_what_is_bought_and_how() {
    let mut host = open(&billing("open"));
    host.open_form().await;
    for words in [
        "토스 프라임 구독",
        "4,900원",
        "매월",
        "카드",
        "계좌이체",
        "테스트 결제",
    ] {
        assert!(text().contains(words), "{words}: {}", text());
    }
    enabled("카드 등록하기").await;
    let root = element("html").unwrap();
    assert_eq!(root.get_attribute("lang").as_deref(), Some("ko"));
}

#[wasm_bindgen_test]
async fn a_blocked_script_is_tried_three_times_and_then_by_the_buyer() {
    let mut host = open(&billing("open"));
    script("blocked");
    host.open_form().await;
    see("결제창을 불러오지 못했어요").await;
    assert!(text().contains("광고 차단") && text().contains("다른 브라우저"));
    assert_eq!(log()["scripts"], 3);
    script("");
    press("다시 시도").await;
    register("카드 등록하기").await;
    assert_eq!(calls("requestBillingAuth").len(), 1);
}

#[wasm_bindgen_test]
async fn a_wrong_client_key_is_named_before_the_sdk_is_loaded() {
    for (key, fix) in [
        ("test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R", "secret key"),
        ("test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm", "widget"),
        ("", "empty"),
        ("hello", "must begin with"),
    ] {
        let mut session = billing("open");
        session["clientKey"] = json!(key);
        let mut host = open(&session);
        host.open_form().await;
        see("지금은 결제할 수 없어요").await;
        assert!(text().contains(fix), "{key}: {}", text());
        assert!(
            key.is_empty() || !text().contains(key),
            "the key is not shown"
        );
        assert_eq!(log()["scripts"], 0, "{key}");
    }
}

#[wasm_bindgen_test]
async fn a_method_that_does_not_fit_the_order_is_not_offered() {
    let mut session = billing("open");
    session["methods"] = json!(["VIRTUAL_ACCOUNT", "TRANSFER", "BRAND_NEW"]);
    let mut host = open(&session);
    host.open_form().await;
    enabled("계좌 등록하기").await;
    assert!(!text().contains("가상계좌"), "{}", text());
    drop(host);
    session["methods"] = json!(["BRAND_NEW"]);
    let mut host = open(&session);
    host.open_form().await;
    see("the session has no payment method").await;
}

#[wasm_bindgen_test]
async fn the_client_key_option_wins_over_the_session() {
    let mut host = open(&billing("open"));
    option("client-key", "test_ck_option");
    host.open_form().await;
    register("카드 등록하기").await;
    assert_eq!(calls("TossPayments")[0]["argument"], "test_ck_option");
}

#[wasm_bindgen_test]
async fn an_address_without_a_session_is_told_to_the_developer() {
    let mut host = open(&billing("open"));
    host.open("").await;
    see("nor the address names a session").await;
    assert_eq!(requests("").len(), 0, "nothing is asked");
}

#[wasm_bindgen_test]
async fn english_is_spoken_where_it_is_asked_for() {
    let mut session = billing("open");
    session["locale"] = json!("en");
    let mut host = open(&session);
    option("locale", "");
    host.open_form().await;
    assert!(
        text().contains("Register card") && text().contains("₩4,900"),
        "{}",
        text()
    );
    let root = element("html").unwrap();
    assert_eq!(root.get_attribute("lang").as_deref(), Some("en"));
    // The merchant's choice wins over the session.
    option("locale", "ko");
    host.refresh().await;
    assert!(text().contains("카드 등록하기"));
    // One that the page does not speak is no choice.
    option("locale", "ja-JP");
    host.refresh().await;
    assert!(text().contains("Register card"));
}
