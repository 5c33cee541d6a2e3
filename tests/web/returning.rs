//! Coming back from Toss's window.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlInputElement, wasm_bindgen::JsCast};

use crate::host::*;

fn success(query: &str) -> String {
    format!("success?session={SESSION}&{query}")
}

#[wasm_bindgen_test]
async fn the_keys_leave_the_address_bar_reach_the_backend_and_are_forgotten() {
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]], "POST billing": [[200, registered()]]
    }));
    host.open(&success(KEYS)).await;
    see("카드가 등록됐어요").await;
    assert!(
        text().contains("현대카드 4330-1234-****-123*"),
        "{}",
        text()
    );
    let posts = requests("/billing");
    assert_eq!(posts.len(), 1);
    let body: Value = serde_json::from_str(posts[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(
        body,
        json!({"authKey": "bln_secret", "customerKey": "customer-1"})
    );
    assert!(!address().contains("bln_secret"), "{}", address());
    assert_eq!(stored(), 0);
    let heading = element("h1").unwrap();
    let focused = web_sys::window()
        .unwrap()
        .document()
        .unwrap()
        .active_element();
    assert_eq!(
        focused,
        Some(heading),
        "a screen reader begins at the result"
    );
}

#[wasm_bindgen_test]
async fn a_payment_is_confirmed_with_the_numbers_of_the_address() {
    let mut host = Host::new(&json!({
        "GET session": [[200, payment("open")]], "POST confirm": [[200, payment("paid")]]
    }));
    let query = "paymentType=NORMAL&orderId=order-0001&paymentKey=tviva1&amount=15000";
    host.open(&success(query)).await;
    see("결제가 완료됐어요").await;
    let posts = requests("/confirm");
    let body: Value = serde_json::from_str(posts[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(
        body,
        json!({"paymentKey": "tviva1", "orderId": "order-0001", "amount": 15000})
    );
}

#[wasm_bindgen_test]
async fn a_payment_in_dollars_is_confirmed_with_its_cents() {
    let in_dollars = |status| {
        let mut session = payment(status);
        session["amount"] = json!({"value": 12.5, "currency": "USD"});
        session
    };
    let mut host = Host::new(&json!({
        "GET session": [[200, in_dollars("open")]], "POST confirm": [[200, in_dollars("paid")]]
    }));
    host.open(&success("orderId=order-0001&paymentKey=tviva1&amount=12.5"))
        .await;
    see("결제가 완료됐어요").await;
    assert!(text().contains("US$12.50"), "{}", text());
    let posts = requests("/confirm");
    let body: Value = serde_json::from_str(posts[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["amount"], json!(12.5));
}

#[wasm_bindgen_test]
async fn what_was_changed_in_the_address_is_named_and_nothing_is_sent() {
    let cases = [
        (
            "orderId=order-0001&paymentKey=tviva1&amount=100",
            "금액",
            "amount",
        ),
        (
            "orderId=order-0009&paymentKey=tviva1&amount=15000",
            "주문번호",
            "orderId",
        ),
    ];
    for (query, sentence, field) in cases {
        let mut host = Host::new(&json!({
            "GET session": [[200, payment("open")]], "POST failure": [[204, null]]
        }));
        host.open(&success(query)).await;
        see("결제하지 못했어요").await;
        assert!(
            text().contains(sentence) && text().contains(field),
            "{}",
            text()
        );
        assert_eq!(requests("/confirm").len(), 0);
        assert_eq!(stored(), 0);
    }
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]], "POST failure": [[204, null]]
    }));
    host.open(&success("customerKey=customer-2&authKey=bln_secret"))
        .await;
    see("구매자 정보가").await;
    assert!(text().contains("customerKey"));
    assert_eq!(requests("/billing").len(), 0);
}

#[wasm_bindgen_test]
async fn each_broken_parameter_is_named() {
    let long = format!("customerKey=customer-1&authKey={}", "a".repeat(301));
    let cases = [
        ("customerKey=customer-1", "authKey"),
        ("authKey=a", "customerKey"),
        ("authKey=a&authKey=b&customerKey=customer-1", "authKey"),
        ("authKey=%ff&customerKey=customer-1", "authKey"),
        (&*long, "authKey"),
    ];
    for (query, field) in cases {
        let mut host = Host::new(&json!({
            "GET session": [[200, billing("open")]], "POST failure": [[204, null]]
        }));
        host.open(&success(query)).await;
        see("돌아온 주소가").await;
        let shown = text();
        assert!(
            shown.ends_with(&format!("{field}다시 시도")),
            "{field}: {shown}"
        );
        assert_eq!(requests("/billing").len(), 0);
    }
}

#[wasm_bindgen_test]
async fn a_dead_backend_loses_nothing_over_a_retry_and_a_refresh() {
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]],
        "POST billing": [[0, null], [503, {"code": "CHECKOUT_INTERNAL", "message": "", "retryable": true}],
            [0, null], [0, null], [0, null], [0, null], [200, registered()]]
    }));
    host.open(&success(KEYS)).await;
    see("상점에 아직 전달하지 못했어요").await;
    assert_eq!(requests("/billing").len(), 3, "twice by itself");
    assert_eq!(stored(), 1);
    press("다시 시도").await;
    see("상점에 아직 전달하지 못했어요").await;
    host.refresh().await;
    see("카드가 등록됐어요").await;
    assert_eq!(stored(), 0);
    for post in requests("/billing") {
        assert!(post["body"].as_str().unwrap().contains("bln_secret"));
    }
}

#[wasm_bindgen_test]
async fn keys_wait_for_the_network_and_are_then_delivered_by_themselves() {
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]],
        "POST billing": [[0, null], [200, registered()]]
    }));
    network(false);
    host.open(&success(KEYS)).await;
    see("인터넷에 연결되어 있지 않아요").await;
    assert!(text().contains("안전하게 있어요"), "{}", text());
    assert_eq!(
        requests("/billing").len(),
        1,
        "not again before it may help"
    );
    assert_eq!(stored(), 1);
    network(true);
    see("카드가 등록됐어요").await;
    assert_eq!(stored(), 0);
}

#[wasm_bindgen_test]
async fn who_comes_back_to_the_tab_need_not_press() {
    let mut host = Host::new(&json!({
        "GET session": [[0, null], [200, billing("open")]],
        "POST billing": [[0, null], [0, null], [0, null], [200, registered()]]
    }));
    host.open(&success(KEYS)).await;
    see("상점에 연결하지 못했어요").await;
    come_back();
    see("상점에 아직 전달하지 못했어요").await;
    assert_eq!(stored(), 1);
    come_back();
    see("카드가 등록됐어요").await;
    assert_eq!(stored(), 0);
    assert_eq!(requests("/billing").len(), 4);
}

#[wasm_bindgen_test]
async fn keys_survive_a_session_that_cannot_be_read() {
    let mut host = Host::new(&json!({
        "GET session": [[0, null], [200, billing("open")]],
        "POST billing": [[200, registered()]]
    }));
    host.open(&success(KEYS)).await;
    see("상점에 연결하지 못했어요").await;
    assert_eq!(stored(), 1);
    press("다시 시도").await;
    see("카드가 등록됐어요").await;
}

#[wasm_bindgen_test]
async fn a_refusal_by_toss_is_told_and_the_form_is_one_press_away() {
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]],
        "POST billing": [[400, {"code": "INVALID_STOPPED_CARD", "message": "정지된 카드 입니다.", "retryable": false, "traceId": "t"}]]
    }));
    host.open(&success(KEYS)).await;
    see("등록하지 못했어요").await;
    assert!(text().contains("쓸 수 없는 카드") && text().contains("INVALID_STOPPED_CARD"));
    assert!(text().contains("승인되지 않아서 결제된 금액은 없어요"));
    assert_eq!(stored(), 0);
    press("다른 방법 선택").await;
    assert_eq!(button("카드 등록하기").tag_name(), "BUTTON");
}

#[wasm_bindgen_test]
async fn the_fail_address_never_speaks_with_our_voice() {
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]], "POST failure": [[204, null]]
    }));
    let message = "%EA%B3%84%EC%A2%8C%EB%A1%9C+%EC%86%A1%EA%B8%88";
    host.open(&format!(
        "fail?session={SESSION}&code=PAY_PROCESS_ABORTED&message={message}"
    ))
    .await;
    see("등록하지 못했어요").await;
    assert!(
        text().contains("PAY_PROCESS_ABORTED") && !text().contains("송금"),
        "{}",
        text()
    );
    assert!(
        text().contains("결제창에서 멈췄고, 결제된 금액은 없어요"),
        "{}",
        text()
    );
    let report = &requests("/failure")[0];
    assert!(
        report["body"].as_str().unwrap().contains("송금"),
        "the operator gets it"
    );
    assert!(!address().contains("fail"), "a refresh shows the form");
}

#[wasm_bindgen_test]
async fn cancelling_on_a_phone_leads_back_to_the_form() {
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]], "POST failure": [[204, null]]
    }));
    host.open(&format!(
        "fail?session={SESSION}&code=PAY_PROCESS_CANCELED&message=x"
    ))
    .await;
    see("취소했어요").await;
    register("카드 등록하기").await;
    assert_eq!(calls("requestBillingAuth").len(), 1);
}

#[wasm_bindgen_test]
async fn the_chosen_method_is_there_again_after_a_window_in_the_tab_itself() {
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]], "POST failure": [[204, null]]
    }));
    option("window-target", "self");
    host.open_form().await;
    enabled("카드 등록하기").await;
    let transfer = || {
        let radio = element("#TRANSFER").unwrap();
        radio.unchecked_into::<HtmlInputElement>()
    };
    transfer().click();
    register("계좌 등록하기").await;
    for (code, after) in [
        ("PAY_PROCESS_CANCELED", None),
        ("PAY_PROCESS_ABORTED", Some("다시 시도")),
    ] {
        host.unmount().await;
        host.open(&format!("fail?session={SESSION}&code={code}&message=x"))
            .await;
        if let Some(action) = after {
            press(action).await;
        }
        enabled("계좌 등록하기").await;
        assert!(transfer().checked(), "{code}");
    }
}
