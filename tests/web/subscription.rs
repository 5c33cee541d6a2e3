//! The page of a customer's subscriptions.

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
async fn a_cancel_names_what_goes_back_and_asks_for_exactly_that() {
    let over = json!({"status": "canceled", "endedAt": "2030-01-15T12:00:00+09:00", "cancel": null, "nextCharge": null});
    let replies = json!({"POST cancel": [[200, subscription(4, &over)]]});
    let mut host = shows(&[subscription(3, &json!({}))], &replies);
    host.open_subscriptions().await;
    press("구독 해지하기").await;
    assert_eq!(focused().as_deref(), Some("구독을 해지할까요?"));
    says("4,950원");
    assert_eq!(requests("/cancel").len(), 0, "the page asks first");
    click("#cancel-now");
    press("구독 해지하기").await;
    see("해지했어요").await;
    let posts = requests("/cancel");
    assert_eq!(posts.len(), 1);
    let body: Value = serde_json::from_str(posts[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(
        body,
        json!({"revision": 3, "at": "now", "refund": won(4_950)})
    );
    assert_eq!(
        posts[0]["path"],
        "/api/subscription-page/subscriptions/sub_1/cancel"
    );
    assert!(
        focused().unwrap().contains("환불"),
        "what came of it is read out"
    );
    assert!(find("구독 해지하기").is_none() && find("결제수단 변경").is_none());
    assert_eq!(told(), ["canceled"]);
    let detail = &events()[0]["detail"];
    assert_eq!(
        *detail,
        json!({"subscriptionId": "sub_1", "status": "canceled"})
    );
}

#[wasm_bindgen_test]
async fn a_cancel_at_the_end_can_be_taken_back() {
    let scheduled = json!({"cancelAt": END, "cancel": null, "nextCharge": null});
    let replies = json!({
        "POST cancel": [[200, subscription(4, &scheduled)]],
        "POST uncancel": [[200, subscription(5, &json!({}))]],
    });
    let mut host = shows(&[subscription(3, &json!({}))], &replies);
    host.open_subscriptions().await;
    press("구독 해지하기").await;
    press("계속 이용하기").await;
    assert_eq!(requests("/cancel").len(), 0);
    press("구독 해지하기").await;
    press("구독 해지하기").await;
    see("구독이 끝나요").await;
    assert!(find("구독 해지하기").is_none());
    press("해지 취소하기").await;
    see("해지를 취소했어요").await;
    let body = requests("/uncancel")[0]["body"].clone();
    assert_eq!(body, json!({"revision": 4}).to_string());
    assert_eq!(told(), ["canceled", "uncanceled"]);
}

#[wasm_bindgen_test]
async fn what_is_overdue_is_paid_and_its_outcome_waited_for() {
    let owed = |under_way: bool| {
        let owed = json!({"amount": won(9_900), "code": "REJECT_CARD_PAYMENT", "underWay": under_way, "payable": !under_way});
        json!({"status": "past_due", "owed": owed, "nextCharge": null})
    };
    let overdue = subscription(3, &owed(false));
    let waits = subscription(4, &owed(true));
    let paid = subscription(5, &json!({}));
    let replies = json!({
        "GET subscription-page": [[200, page(&[overdue])], [200, page(&[paid])]],
        "POST charge": [[200, waits]],
    });
    let mut host = shows(&[], &replies);
    host.open_subscriptions().await;
    says("9,900원이 결제되지 않았어요");
    says("REJECT_CARD_PAYMENT");
    press("지금 결제하기").await;
    see("결제 결과를 확인하고 있어요").await;
    assert!(find("지금 결제하기").is_none(), "not twice");
    assert_eq!(told(), [""; 0]);
    see("결제했어요").await;
    assert_eq!(requests("/charge").len(), 1);
    assert_eq!(told(), ["paid"]);
}

#[wasm_bindgen_test]
async fn the_sentence_that_is_shown_is_the_one_that_is_agreed_to() {
    let asked = json!({"consent": {
        "before": {"amount": won(9_900), "unit": "month", "count": 1},
        "after": {"amount": won(12_900), "unit": "month", "count": 1},
        "effectiveAt": "2030-02-01T09:41:07+09:00",
        "ko": {"version": "ko-1", "text": "매월 12,900원에 동의해요."}, "en": {"version": "en-1", "text": "I agree."},
    }});
    let replies = json!({"POST consents": [[200, subscription(4, &json!({}))]]});
    let mut host = shows(&[subscription(3, &asked)], &replies);
    host.open_subscriptions().await;
    says("매월 12,900원에 동의해요.");
    press("동의하기").await;
    see("동의했어요").await;
    let body: Value =
        serde_json::from_str(requests("/consents")[0]["body"].as_str().unwrap()).unwrap();
    let consent = json!({"version": "ko-1", "text": "매월 12,900원에 동의해요."});
    assert_eq!(body, json!({"revision": 3, "consent": consent}));
    assert_eq!(told(), ["agreed"]);
}

#[wasm_bindgen_test]
async fn another_card_is_registered_in_the_checkout() {
    let there = json!({"url": "#left"});
    let replies = json!({"POST payment-method": [[201, there]]});
    let mut host = shows(&[subscription(3, &json!({}))], &replies);
    stand_at("/subscription/?a=b");
    let before = address();
    host.open_subscriptions().await;
    press("결제수단 변경").await;
    assert!(address().ends_with("#left"), "{}", address());
    let body: Value =
        serde_json::from_str(requests("/payment-method")[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(body, json!({"returnUrl": before, "locale": "ko"}));
    says("등록 화면으로 가고 있어요");
    find("등록 화면으로 가고 있어요").unwrap().click();
    wait(60).await;
    assert_eq!(requests("/payment-method").len(), 1, "not twice");
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
async fn what_somebody_else_has_changed_is_read_and_told() {
    let newer = subscription(7, &json!({"orderName": "새 이름"}));
    let replies = json!({
        "GET subscription-page": [[200, page(&[subscription(3, &json!({}))])], [200, page(&[newer])]],
        "POST cancel": [[412, error("CHECKOUT_REVISION_MISMATCH")]],
    });
    let mut host = shows(&[], &replies);
    host.open_subscriptions().await;
    press("구독 해지하기").await;
    press("구독 해지하기").await;
    see("새 이름").await;
    says("그 사이에 바뀐 내용이 있어요");
    assert_eq!(told(), [""; 0]);
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
    assert_eq!(requests("").len(), asked);
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
