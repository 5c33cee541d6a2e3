//! What the customer asks for there.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{END, error, page, says, shows, subscription, told, won};
use crate::host::*;

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
