//! Toss's window: what it is asked for, and how it ends.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlInputElement, wasm_bindgen::JsCast};

use crate::host::*;

fn open(session: &serde_json::Value) -> Host {
    Host::new(&json!({"GET session": [[200, session]], "POST failure": [[204, null]]}))
}

#[wasm_bindgen_test]
async fn toss_gets_exactly_what_the_typings_allow_for_a_card() {
    let mut host = open(&billing("open"));
    host.open_form().await;
    register("카드 등록하기").await;
    assert_eq!(
        calls("TossPayments")[0]["argument"],
        "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq"
    );
    assert_eq!(
        calls("payment")[0]["argument"],
        json!({"customerKey": "customer-1"})
    );
    let call = &calls("requestBillingAuth")[0];
    assert_eq!(
        (&call["plain"], &call["undefinedKeys"]),
        (&json!(true), &json!([]))
    );
    let origin = web_sys::window().unwrap().location().origin().unwrap();
    let mut argument = call["argument"].clone();
    let target = argument
        .as_object_mut()
        .unwrap()
        .remove("windowTarget")
        .unwrap();
    assert!(target == "iframe" || target == "self");
    assert_eq!(
        argument,
        json!({
            "method": "CARD",
            "successUrl": format!("{origin}/checkout/success?session={SESSION}"),
            "failUrl": format!("{origin}/checkout/fail?session={SESSION}"),
            "customerName": "김토스", "customerEmail": "customer@example.com",
        })
    );
}

#[wasm_bindgen_test]
async fn toss_gets_exactly_what_the_typings_allow_for_a_virtual_account() {
    let mut host = open(&payment("open"));
    option("window-target", "self");
    host.open_form().await;
    press("가상계좌 발급받기").await;
    let call = &calls("requestPayment")[0];
    assert_eq!(
        (&call["plain"], &call["undefinedKeys"]),
        (&json!(true), &json!([]))
    );
    let origin = web_sys::window().unwrap().location().origin().unwrap();
    assert_eq!(
        call["argument"],
        json!({
            "method": "VIRTUAL_ACCOUNT",
            "amount": {"value": 15000, "currency": "KRW"},
            "orderId": "order-0001", "orderName": "티셔츠 1장",
            "successUrl": format!("{origin}/checkout/success?session={SESSION}"),
            "failUrl": format!("{origin}/checkout/fail?session={SESSION}"),
            "customerName": "김토스", "customerMobilePhone": "01012345678", "windowTarget": "self",
            "virtualAccount": {"validHours": 72, "cashReceipt": {"type": "소득공제"}},
        })
    );
}

#[wasm_bindgen_test]
async fn toss_gets_the_options_of_a_card() {
    let mut session = payment("open");
    session["methods"] = json!(["CARD", "VIRTUAL_ACCOUNT"]);
    session["card"] = json!({
        "flowMode": "DIRECT", "cardCompany": "61", "maxCardInstallmentPlan": 6,
        "useAppCardOnly": true,
    });
    let mut host = open(&session);
    host.open_form().await;
    press("결제하기").await;
    let argument = &calls("requestPayment")[0]["argument"];
    assert_eq!(argument["method"], "CARD");
    assert_eq!(argument["card"], session["card"]);
    assert_eq!(argument["virtualAccount"], json!(null));
}

#[wasm_bindgen_test]
async fn a_card_is_registered_in_the_own_window_of_a_service() {
    for (service, word) in [("TOSSPAY", "토스페이"), ("네이버페이", "네이버페이")] {
        let mut session = billing("open");
        session["card"] = json!({"flowMode": "DIRECT", "easyPay": service, "cardCompany": "61"});
        let mut host = open(&session);
        host.open_form().await;
        assert!(text().contains(word), "{}", text());
        register("카드 등록하기").await;
        let argument = &calls("requestBillingAuth")[0]["argument"];
        let sent = ["TOSSPAY", "NAVERPAY"].map(|code| argument["easyPay"] == code);
        assert_eq!(sent, [service == "TOSSPAY", service != "TOSSPAY"]);
        assert_eq!(argument["flowMode"], "DIRECT");
        assert_eq!(argument["cardCompany"], "61");
    }
}

#[wasm_bindgen_test]
async fn dollars_are_paid_by_paypal_and_by_nothing_else() {
    let mut session = payment("open");
    session["amount"] = json!({"value": 1249.05, "currency": "USD"});
    session["methods"] = json!(["CARD", "FOREIGN_EASY_PAY"]);
    session["foreignEasyPay"] = json!({"country": "US"});
    let mut host = open(&session);
    host.open_form().await;
    press("결제하기").await;
    assert!(
        text().contains("US$1,249.05") && !text().contains("카드"),
        "{}",
        text()
    );
    let argument = &calls("requestPayment")[0]["argument"];
    assert_eq!(argument["method"], "FOREIGN_EASY_PAY");
    assert_eq!(argument["amount"], session["amount"]);
    let foreign = json!({"provider": "PAYPAL", "country": "US"});
    assert_eq!(argument["foreignEasyPay"], foreign);
}

#[wasm_bindgen_test]
async fn every_method_opens_its_window() {
    for (method, name) in [
        ("TRANSFER", "계좌이체"),
        ("MOBILE_PHONE", "휴대폰"),
        ("CULTURE_GIFT_CERTIFICATE", "문화상품권"),
        ("BOOK_GIFT_CERTIFICATE", "도서문화상품권"),
        ("GAME_GIFT_CERTIFICATE", "게임문화상품권"),
    ] {
        let mut session = payment("open");
        session["methods"] = json!([method]);
        let mut host = open(&session);
        host.open_form().await;
        press("결제하기").await;
        assert!(text().contains(name), "{}", text());
        let calls = calls("requestPayment");
        assert_eq!(calls.len(), 1, "{method}");
        assert_eq!(calls[0]["argument"]["method"], method);
    }
}

#[wasm_bindgen_test]
async fn the_chosen_method_is_the_one_that_opens_and_a_double_click_opens_one() {
    let mut host = open(&billing("open"));
    host.open_form().await;
    enabled("카드 등록하기").await;
    let radio = element("#TRANSFER")
        .unwrap()
        .unchecked_into::<HtmlInputElement>();
    radio.click();
    consent().click();
    let submit = enabled("계좌 등록하기").await;
    submit.click();
    submit.click();
    reject("USER_CANCEL").await;
    let opened = calls("requestBillingAuth");
    assert_eq!(opened.len(), 1);
    assert_eq!(opened[0]["argument"]["method"], "TRANSFER");
}

#[wasm_bindgen_test]
async fn closing_the_window_leads_back_with_a_quiet_notice() {
    let mut host = open(&billing("open"));
    host.open_form().await;
    register("카드 등록하기").await;
    reject("USER_CANCEL").await;
    see("취소했어요").await;
    register("카드 등록하기").await;
    assert_eq!(
        calls("requestBillingAuth").len(),
        2,
        "it can be opened again"
    );
    assert_eq!(requests("/failure").len(), 1, "the backend is told");
}

#[wasm_bindgen_test]
async fn every_other_rejection_is_a_sentence_an_action_and_the_code() {
    let cases = [
        (
            "NOT_SUPPORTED_METHOD",
            "지원하지 않는 방법",
            "다른 방법 선택",
        ),
        ("NEW_CODE_OF_2027", "처리하지 못했어요", "다시 시도"),
        ("UNKNOWN", "처리하지 못했어요", "다시 시도"),
    ];
    for (code, sentence, action) in cases {
        let mut host = open(&billing("open"));
        host.open_form().await;
        register("카드 등록하기").await;
        reject(code).await;
        see("등록하지 못했어요").await;
        assert!(
            text().contains(sentence) && text().contains(code),
            "{}",
            text()
        );
        press(action).await;
        assert_eq!(button("카드 등록하기").tag_name(), "BUTTON");
    }
    let mut host = open(&billing("open"));
    host.open_form().await;
    register("카드 등록하기").await;
    reject("").await;
    see("등록하지 못했어요").await;
    assert!(
        !text().contains("just text"),
        "the SDK's words are not ours"
    );
}

#[wasm_bindgen_test]
async fn an_sdk_that_throws_at_once_is_an_error_and_no_crash() {
    let mut host = open(&billing("open"));
    sdk_behaviour("throw");
    host.open_form().await;
    register("카드 등록하기").await;
    see("지금은 결제할 수 없어요").await;
    assert!(text().contains("INVALID_CLIENT_KEY"));
}
