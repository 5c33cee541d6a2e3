//! The page of a customer's subscriptions.

mod commands;

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::host::*;

const TOKEN: &str = "cl_0123456789abcdefghijkl";
const END: &str = "2030-02-01T00:00:00+09:00";

fn won(value: u64) -> Value {
    json!({"value": value, "currency": "KRW"})
}

/// A subscription as the backend writes it, with `more` in it.
fn subscription(revision: u64, more: &Value) -> Value {
    let mut base = json!({
        "id": "sub_1", "revision": revision, "status": "active", "orderName": "토스 프라임 구독", "entitled": true,
        "price": {"amount": won(9_900), "unit": "month", "count": 1},
        "nextCharge": {"at": "2030-02-01T09:41:07+09:00", "amount": won(9_900)},
        "paymentMethod": {
            "method": "CARD", "usable": true, "card": {"issuerCode": "61", "number": "43301234****123*"},
        },
        "cancel": {"periodEnd": END, "now": {"refund": won(4_950)}},
        "addedLater": {"by": "a newer backend"},
    });
    base.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    base
}

fn page(subscriptions: &[Value]) -> Value {
    json!({
        "subscriptions": subscriptions, "now": "2030-01-15T12:00:00+09:00",
        "expiresAt": "2030-01-15T12:30:00+09:00", "testMode": true, "returnUrl": "https://shop.example/me",
    })
}

fn invoices() -> Value {
    json!({"invoices": [{
        "id": "inv_1", "status": "paid", "amount": won(9_900), "periodStart": "2030-01-01T00:00:00+09:00",
        "periodEnd": END, "paidAt": "2030-01-01T09:41:07+09:00", "receiptUrl": "https://receipt.example/1",
    }]})
}

fn error(code: &str) -> Value {
    json!({"code": code, "message": "", "retryable": false, "traceId": "t"})
}

/// A backend that shows these subscriptions and answers `more`.
fn shows(subscriptions: &[Value], more: &Value) -> Host {
    let mut replies = json!({
        "GET subscription-page": [[200, page(subscriptions)]],
        "GET invoices": [[200, invoices()]],
    });
    replies
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let host = Host::new(&replies);
    option("link", TOKEN);
    host
}

fn says(words: &str) {
    assert!(text().contains(words), "{words}: {}", text());
}

/// The names of what the shop's page was told.
fn told() -> Vec<String> {
    let names = events().into_iter();
    let names = names.filter_map(|event| event["type"].as_str().map(str::to_owned));
    names
        .filter_map(|name| name.strip_prefix("toss-subscription:").map(str::to_owned))
        .collect()
}

#[wasm_bindgen_test]
async fn what_is_paid_and_when_and_by_what_with_receipts() {
    let mut host = shows(&[subscription(3, &json!({}))], &json!({}));
    host.open_subscriptions().await;
    see("영수증").await;
    for words in [
        "내 구독",
        "토스 프라임 구독",
        "9,900원",
        "매월",
        "다음 결제일",
        "2월 1일",
        "4330-1234-****-123*",
        "결제 완료",
        "테스트 결제",
    ] {
        says(words);
    }
    for request in requests("") {
        assert_eq!(request["authorization"], format!("Bearer {TOKEN}"));
        let path = request["path"].as_str().unwrap();
        assert!(path.starts_with("/api/subscription-page"), "{path}");
    }
    let receipt = button("영수증");
    assert_eq!(
        receipt.get_attribute("href").as_deref(),
        Some("https://receipt.example/1")
    );
    assert_eq!(
        receipt.get_attribute("rel").as_deref(),
        Some("noopener noreferrer")
    );
    assert_eq!(told(), [""; 0]);
}

#[wasm_bindgen_test]
async fn an_address_that_is_none_of_the_web_is_no_link() {
    let script = "javascript:alert(1)";
    let mut answer = invoices();
    answer["invoices"][0]["receiptUrl"] = json!(script);
    let mut back = page(&[subscription(3, &json!({}))]);
    back["returnUrl"] = json!(script);
    let replies = json!({"GET subscription-page": [[200, back]], "GET invoices": [[200, answer]]});
    let mut host = shows(&[], &replies);
    host.open_subscriptions().await;
    see("결제 완료").await;
    assert!(element("#checkout a").is_none());
}

#[wasm_bindgen_test]
async fn several_are_a_list_of_which_one_is_opened() {
    let mut other = subscription(1, &json!({"id": "sub_2", "orderName": "신문"}));
    other["cancelAt"] = json!(END);
    let mut host = shows(&[subscription(3, &json!({})), other], &json!({}));
    host.open_subscriptions().await;
    says("신문");
    assert_eq!(requests("/invoices").len(), 0);
    click("#checkout li:nth-child(2) button");
    see("해지 취소하기").await;
    assert_eq!(
        requests("/invoices")[0]["path"],
        "/api/subscription-page/subscriptions/sub_2/invoices"
    );
    press("모든 구독 보기").await;
    says("토스 프라임 구독");
}

#[wasm_bindgen_test]
async fn why_nothing_can_be_shown_has_words_and_one_thing_to_do() {
    // The shop was told by the link, when it still opened something.
    let mut host = shows(&[subscription(3, &json!({}))], &json!({}));
    host.open_subscriptions().await;
    host.unmount().await;
    from_now_on(&json!({"GET subscription-page": [[401, error("CHECKOUT_LINK_EXPIRED")]]}));
    host.open_subscriptions().await;
    see("링크가 끝났어요").await;
    let shop = button("상점으로 돌아가기");
    assert_eq!(
        shop.get_attribute("href").as_deref(),
        Some("https://shop.example/me")
    );
    drop(host);

    let mut host = shows(
        &[],
        &json!({"GET subscription-page": [[0, null], [200, page(&[])]]}),
    );
    host.open_subscriptions().await;
    see("상점에 연결하지 못했어요").await;
    press("다시 시도").await;
    see("구독이 없어요").await;
    drop(host);

    let mut host = shows(&[], &json!({}));
    option("link", "");
    host.open_subscriptions().await;
    says("상점에서 열어 주세요");
    assert_eq!(requests("").len(), 0);
    drop(host);

    let mut host = shows(&[], &json!({}));
    option("link", "cs_0123456789abcdefghijkl");
    host.open_subscriptions().await;
    says("POST /api/customer-links");
    assert_eq!(requests("").len(), 0);
}

#[wasm_bindgen_test]
async fn a_page_that_is_taken_away_asks_no_more() {
    let owed = json!({"owed": {"amount": won(9_900), "underWay": true, "payable": false}});
    let mut host = shows(&[subscription(3, &owed)], &json!({}));
    host.open_subscriptions().await;
    see("결제 결과를 확인하고 있어요").await;
    host.unmount().await;
    let asked = requests("").len();
    hurry();
    come_back();
    wait(60).await;
    let since = &requests("")[asked..];
    assert!(since.is_empty(), "{since:?}");
}

#[wasm_bindgen_test]
async fn the_links_token_leaves_the_address_and_stays_in_the_tab() {
    let _host = shows(&[], &json!({}));
    stand_at(&format!("/subscription/?a=b#link={TOKEN}"));
    assert_eq!(link().await.as_deref(), Some(TOKEN));
    assert!(address().ends_with("/subscription/?a=b"), "{}", address());
    assert_eq!(link().await.as_deref(), Some(TOKEN), "after a refresh");
    let newer = "cl_ABCDEFGHIJKLMNOPQRSTUV";
    stand_at(&format!("/subscription/#link={newer}"));
    assert_eq!(link().await.as_deref(), Some(newer));
    assert_eq!(link().await.as_deref(), Some(newer));
}
