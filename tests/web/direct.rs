//! Direct mode: a merchant's own backend that speaks Toss's own shapes.

mod order;

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::host::*;

const PAYMENT: &str = r#"{"orderId":"order-0001","orderName":"티셔츠 1장","amount":{"value":15000,"currency":"KRW"}}"#;
const BILLING: &str = r#"{"orderName":"토스 프라임 구독","plan":{"amount":{"value":4900,"currency":"KRW"},"interval":"month"}}"#;

const BACK: &str = "orderId=order-0001&paymentKey=tviva1&amount=15000";

async fn direct(replies: &serde_json::Value, order: &str) -> Host {
    let host = Host::new(replies);
    for (name, value) in [
        ("confirm-url", "/shop/confirm"),
        ("issue-url", "/shop/issue-billing-key"),
        ("client-key", "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq"),
        ("customer-key", "customer-1"),
        ("order", order),
        ("session", SESSION),
    ] {
        option(name, value);
    }
    go_direct().await;
    host
}

fn body(ending: &str) -> String {
    let posts = requests(ending);
    assert_eq!(posts.len(), 1);
    posts[0]["body"].as_str().unwrap().to_owned()
}

#[wasm_bindgen_test]
async fn a_payment_is_posted_as_toss_writes_it_and_its_answer_is_shown() {
    // As https://docs.tosspayments.com/reference#payment-객체 shows it, shortened.
    let answer = json!({
        "mId": "tosspayments", "version": "2022-11-16", "paymentKey": "tviva1",
        "orderId": "order-0001", "orderName": "티셔츠 1장", "method": "가상계좌",
        "status": "WAITING_FOR_DEPOSIT", "secret": "ps_never_kept", "totalAmount": 15000,
        "virtualAccount": {
            "accountType": "일반", "accountNumber": "X6505636518308", "bankCode": "20",
            "customerName": "김토스", "dueDate": "2030-01-01T21:05:09+09:00", "expired": false
        }
    });
    let mut host = direct(&json!({"POST confirm": [[200, answer]]}), PAYMENT).await;
    let back = "orderId=order-0001&paymentKey=tviva1&amount=15000&paymentType=NORMAL";
    host.open(&format!("success?session={SESSION}&{back}"))
        .await;
    see("입금해 주세요").await;
    assert_eq!(
        body("/shop/confirm"),
        r#"{"paymentKey":"tviva1","orderId":"order-0001","amount":15000}"#
    );
    assert!(
        text().contains("우리은행") && text().contains("X6505636518308"),
        "{}",
        text()
    );
    assert_eq!(open_streams(), 0, "there is no session to follow");
    host.refresh().await;
    see("입금해 주세요").await;
    assert_eq!(requests("").len(), 1, "the outcome was kept");
    assert!(!tab_holds("ps_never_kept"));
}

#[wasm_bindgen_test]
async fn a_registration_is_posted_as_toss_writes_it_and_its_answer_is_shown() {
    let answer = json!({
        "mId": "tosspayments", "customerKey": "customer-1", "method": "카드",
        "billingKey": "Z_t5vOvQxrj4499PeiJcjen28-V2RyqgYTwN44Rdzk0=",
        "authenticatedAt": "2026-11-21T10:13:23+09:00", "transfers": null,
        "card": {"issuerCode": "61", "acquirerCode": "31", "number": "43301234****123*",
            "cardType": "신용", "ownerType": "개인"}
    });
    let mut host = direct(&json!({"POST issue-billing-key": [[200, answer]]}), BILLING).await;
    host.open(&format!(
        "success?session={SESSION}&customerKey=customer-1&authKey=bln_1"
    ))
    .await;
    see("카드가 등록됐어요").await;
    assert_eq!(
        body("/shop/issue-billing-key"),
        r#"{"authKey":"bln_1","customerKey":"customer-1"}"#
    );
    assert!(
        text().contains("현대카드 4330-1234-****-123*"),
        "{}",
        text()
    );
    assert!(!tab_holds("Z_t5vOvQxrj4499PeiJcjen28"));
}

#[wasm_bindgen_test]
async fn the_form_needs_nobody_and_opens_the_window_with_the_order() {
    let mut host = direct(&json!({}), BILLING).await;
    host.open("").await;
    enabled("카드 등록하기").await;
    assert!(text().contains("4,900원"));
    assert_eq!(requests("").len(), 0);
}

#[wasm_bindgen_test]
async fn what_toss_refused_is_told_and_not_sent_again_by_itself() {
    let refusal = json!({"code": "REJECT_CARD_COMPANY", "message": "카드사에서 거절"});
    let mut host = direct(&json!({"POST confirm": [[400, refusal]]}), PAYMENT).await;
    host.open(&format!("success?session={SESSION}&{BACK}"))
        .await;
    see("결제하지 못했어요").await;
    assert!(text().contains("REJECT_CARD_COMPANY"));
    drop(host);

    let mut host = direct(&json!({"POST confirm": [[500, "oops"]]}), PAYMENT).await;
    host.open(&format!("success?session={SESSION}&{BACK}"))
        .await;
    see("다시 시도").await;
    wait(1_500).await;
    assert_eq!(requests("/confirm").len(), 1);
}

#[wasm_bindgen_test]
async fn dollars_are_paid_abroad_and_compared_with_their_cents() {
    let order = json!({
        "orderId": "order-0001", "orderName": "Sticker pack",
        "amount": {"value": 12.5, "currency": "USD"}, "foreignEasyPay": {"country": "US"},
    });
    let answer = json!({
        "status": "DONE", "method": "간편결제", "easyPay": {"provider": "PAYPAL"}, "currency": "USD",
        "totalAmount": 12.5, "approvedAt": "2026-11-28T21:05:09+09:00",
        "receipt": {"url": "https://receipt.example/"},
    });
    let mut host = direct(
        &json!({"POST confirm": [[200, answer]]}),
        &order.to_string(),
    )
    .await;
    // As Toss may write it.
    let back = "orderId=order-0001&paymentKey=tgen1&amount=12.50";
    host.open(&format!("success?session={SESSION}&{back}"))
        .await;
    see("결제가 완료됐어요").await;
    for words in ["US$12.50", "해외간편결제 (PayPal)"] {
        assert!(text().contains(words), "{words}: {}", text());
    }
    assert_eq!(
        body("/confirm"),
        r#"{"paymentKey":"tgen1","orderId":"order-0001","amount":12.5}"#
    );
}

#[wasm_bindgen_test]
async fn an_outcome_that_nobody_knows_is_no_refusal_and_promises_nothing() {
    for reply in [
        json!([500, "oops"]),
        json!([502, {"code": "X", "message": ""}]),
        json!([200, {}]),
    ] {
        let mut host = direct(&json!({"POST confirm": [reply]}), PAYMENT).await;
        host.open(&format!("success?session={SESSION}&{BACK}"))
            .await;
        see("결과를 확인하지 못했어요").await;
        assert!(text().contains("결제됐을 수도 있어요"), "{}", text());
        for promise in ["결제된 금액은 없어요", "두 번 결제되지"] {
            assert!(!text().contains(promise), "{}", text());
        }
        assert_eq!(requests("/confirm").len(), 1, "not again by itself");
        assert_eq!(stored(), 1);
    }
}

#[wasm_bindgen_test]
async fn the_account_is_shown_whatever_else_is_missing_and_the_address_promises_nothing() {
    let answer = json!({
        "status": "WAITING_FOR_DEPOSIT",
        "virtualAccount": {"accountNumber": "X6505636518308", "bankCode": null,
            "customerName": null, "dueDate": "2030-01-01T21:05:09"}
    });
    let mut host = direct(&json!({"POST confirm": [[200, answer]]}), PAYMENT).await;
    host.open(&format!("success?session={SESSION}&{BACK}"))
        .await;
    see("입금해 주세요").await;
    assert!(
        text().contains("X6505636518308") && text().contains("1월 1일"),
        "{}",
        text()
    );
    assert!(text().contains("닫으면 다시 볼 수 없어요"), "{}", text());
    assert!(!text().contains("이 화면 주소 복사"), "{}", text());
    assert_eq!(button("인쇄하기").tag_name(), "BUTTON");
}

#[wasm_bindgen_test]
async fn another_order_than_the_one_that_was_paid_is_named_and_not_sent() {
    let other = PAYMENT.replace("order-0001", "order-0002");
    let mut host = direct(&json!({}), &other).await;
    host.hurries = true;
    host.open(&format!("success?session={SESSION}&{BACK}"))
        .await;
    see("주문번호가 이 주문과 달라서").await;
    assert_eq!(requests("").len(), 0);
}

#[wasm_bindgen_test]
async fn the_keys_are_sent_before_the_program_is_there_and_once() {
    let answer =
        json!({"status": "DONE", "method": "가상계좌", "approvedAt": "2026-11-21T10:13:23+09:00"});
    let mut host = direct(&json!({"POST confirm": [[200, answer]]}), PAYMENT).await;
    host.hurries = true;
    host.open(&format!("success?session={SESSION}&{BACK}"))
        .await;
    see("입금이 확인됐어요").await;
    assert_eq!(requests("/confirm").len(), 1);
}

#[wasm_bindgen_test]
async fn a_payment_by_card_is_told_with_its_service_and_without_what_toss_leaves_out() {
    let answer = json!({
        "status": "DONE", "method": "간편결제", "approvedAt": "2026-11-21T10:13:23+09:00",
        "card": {"issuerCode": null, "number": "43301234****123*", "installmentPlanMonths": 0},
        "easyPay": {"provider": "토스페이", "amount": 0, "discountAmount": 0},
        "virtualAccount": null, "receipt": {"url": "https://receipt.example/"}
    });
    let mut host = direct(&json!({"POST confirm": [[200, answer]]}), PAYMENT).await;
    host.open(&format!("success?session={SESSION}&{BACK}"))
        .await;
    see("결제가 완료됐어요").await;
    assert!(text().contains("토스페이"), "{}", text());
    assert!(!text().contains("개월"), "{}", text());
    assert_eq!(button("영수증 보기").tag_name(), "A");
}
