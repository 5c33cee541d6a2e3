//! What the merchant's page hears.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::host::*;

fn names() -> Vec<String> {
    let names = events();
    let names = names.iter().map(|event| event["type"].as_str().unwrap());
    names.map(str::to_owned).collect()
}

#[wasm_bindgen_test]
async fn every_step_is_told_and_a_success_only_once() {
    let mut paid = payment("paid");
    paid["revision"] = json!(2);
    paid["result"] = json!({"method": "VIRTUAL_ACCOUNT"});
    let mut host = Host::new(&json!({
        "GET session": [[200, payment("open")], [200, paid]],
        "POST confirm": [[200, paid]]
    }));
    host.open("success?session=cs_0123456789abcdefABCDEF&orderId=order-0001&paymentKey=tviva1&amount=15000").await;
    see("입금이 확인됐어요").await;
    assert_eq!(names(), ["toss-checkout:pending", "toss-checkout:success"]);
    assert_eq!(
        events()[1]["detail"],
        json!({
            "kind": "payment", "status": "paid", "orderId": "order-0001", "orderName": "티셔츠 1장",
            "method": "VIRTUAL_ACCOUNT", "amount": 15000, "currency": "KRW"
        }),
        "it carries no key and not the session"
    );
    host.refresh().await;
    see("입금이 확인됐어요").await;
    assert_eq!(names().len(), 2, "a refresh is no second success");
}

#[wasm_bindgen_test]
async fn the_form_tells_what_the_buyer_does() {
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]], "POST failure": [[204, null]]
    }));
    option("window-target", "self");
    host.open_form().await;
    register("카드 등록하기").await;
    reject("USER_CANCEL").await;
    assert_eq!(
        names(),
        [
            "toss-checkout:ready",
            "toss-checkout:submit",
            "toss-checkout:redirect",
            "toss-checkout:cancel"
        ]
    );
    let submit = &events()[1]["detail"];
    assert_eq!(submit["method"], "CARD");
    assert_eq!(submit.get("customerKey"), None::<&Value>);
    host.unmount().await;
    assert_eq!(names().len(), 4);
}

#[wasm_bindgen_test]
async fn what_goes_wrong_has_its_code() {
    let mut host = Host::new(&json!({"GET session": [[0, null]]}));
    host.open_form().await;
    see("다시 시도").await;
    assert_eq!(names(), ["toss-checkout:error"]);
    assert_eq!(
        events()[0]["detail"],
        json!({"code": "CHECKOUT_UNREACHABLE"})
    );
}

#[wasm_bindgen_test]
async fn a_page_that_is_taken_away_closes_its_window_and_asks_for_nothing_more() {
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]], "POST failure": [[204, null]]
    }));
    host.open_form().await;
    register("카드 등록하기").await;
    host.unmount().await;
    assert_eq!(calls("destroy").len(), 1);
    let asked = requests("").len();
    come_back();
    wait(100).await;
    assert_eq!(
        requests("").len(),
        asked,
        "coming back to the tab asks nothing"
    );
}

#[wasm_bindgen_test]
async fn a_page_that_is_taken_away_at_once_draws_nothing() {
    let mut host = Host::new(&json!({"GET session": [[200, billing("open")]]}));
    option("session", SESSION);
    host.come_and_go().await;
    assert_eq!(element("#checkout").unwrap().child_element_count(), 0);
    assert!(names().is_empty(), "{:?}", names());
}
