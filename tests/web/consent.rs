//! What is charged, and what the buyer agrees to.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

use crate::host::*;

const OURS: &str =
    "‘토스 프라임 구독’ 이용료로 상점이 오늘부터 매월 4,900원을 자동으로 결제하는 데 동의해요.";
const MISSING: &str = "계속하려면 자동 결제에 동의해 주세요.";

fn open(session: &Value) -> Host {
    Host::new(&json!({"GET session": [[200, session]], "POST failure": [[204, null]]}))
}

fn active() -> Option<Element> {
    web_sys::window()
        .unwrap()
        .document()
        .unwrap()
        .active_element()
}

/// What was sent with the keys, each time.
fn sent() -> Vec<Value> {
    let posts = requests("/billing");
    let bodies = posts.iter().map(|post| post["body"].as_str().unwrap());
    bodies
        .map(|body| serde_json::from_str(body).unwrap())
        .collect()
}

fn says(selector: &str) -> String {
    element(selector).unwrap().text_content().unwrap()
}

#[wasm_bindgen_test]
async fn the_subscription_is_said_in_words() {
    let mut session = billing("open");
    let mut host = open(&session);
    host.open_form().await;
    let now = "오늘 4,900원이 결제되고, 그다음부터 매월 4,900원이 자동으로 결제돼요. 언제든지 상점에서 해지할 수 있어요.";
    assert_eq!(says(".terms"), now);
    assert_eq!(says("label[for=consent]"), OURS);
    drop(host);

    session["chargeNow"] = json!(false);
    session["locale"] = json!("en");
    session["plan"]["interval"] = json!("year");
    session["orderName"] = json!("a\n{amount}");
    let mut host = open(&session);
    option("locale", "");
    host.open_form().await;
    see("Register card").await;
    assert_eq!(
        says(".terms"),
        "Nothing is charged now. From the billing date on, ₩4,900 is charged automatically every year. \
         You can cancel at the shop at any time."
    );
    assert_eq!(
        says("label[for=consent]"),
        "I agree that the shop automatically charges ₩4,900 every year, from the billing date on, for \
         ‘a{amount}’."
    );
}

#[wasm_bindgen_test]
async fn without_the_tick_the_press_leads_to_the_box_and_says_why() {
    let mut host = open(&billing("open"));
    host.open_form().await;
    let button = enabled("카드 등록하기").await;
    assert!(!consent().checked(), "the tick is the buyer's");
    assert_eq!(
        consent().get_attribute("aria-invalid").as_deref(),
        Some("false")
    );
    press("카드 등록하기").await;
    see(MISSING).await;
    wait(50).await;
    assert_eq!(active(), element("#consent"));
    assert_eq!(
        consent().get_attribute("aria-invalid").as_deref(),
        Some("true")
    );
    let described = consent().get_attribute("aria-describedby").unwrap();
    assert_eq!(says(&format!("#{described}")), MISSING);
    assert_eq!(says("#checkout > [role=status]"), MISSING);
    assert!(!button.has_attribute("disabled"));
    assert_eq!(calls("requestBillingAuth").len(), 0);

    consent().click();
    wait(50).await;
    assert_eq!(says(&format!("#{described}")), "");
    press("카드 등록하기").await;
    assert_eq!(calls("requestBillingAuth").len(), 1);
    reject("USER_CANCEL").await;
    see("취소했어요").await;
    assert!(consent().checked(), "it survives a cancelled window");
    wait(50).await;
    assert_eq!(active(), element("[type=submit]"));
}

#[wasm_bindgen_test]
async fn one_payment_has_no_box() {
    let mut host = open(&payment("open"));
    host.open_form().await;
    enabled("가상계좌 발급받기").await;
    assert!(element("#checkout input[type=checkbox]").is_none());
}

#[wasm_bindgen_test]
async fn what_was_agreed_to_comes_back_with_the_keys_word_for_word() {
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]],
        "POST billing": [[0, null], [0, null], [0, null], [200, registered()]]
    }));
    option("window-target", "self");
    host.open_form().await;
    register("카드 등록하기").await;
    host.unmount().await;
    host.open(&format!("success?session={SESSION}&{KEYS}"))
        .await;
    assert_eq!(stored(), 2, "the keys, and beside them the consent");
    wait(3_500).await;
    see("상점에 아직 전달하지 못했어요").await;
    host.refresh().await;
    see("카드가 등록됐어요").await;
    let expected = json!({
        "authKey": "bln_secret", "customerKey": "customer-1",
        "consent": {"version": "ko-2026-11-1", "text": OURS},
    });
    assert_eq!(sent(), vec![expected; 4], "also after a refresh between");
    assert_eq!(stored(), 0, "and is erased once the backend has it");
}

#[wasm_bindgen_test]
async fn the_buyers_own_tick_comes_back_to_the_same_words_only() {
    let mut session = billing("open");
    let mut host = open(&session);
    option("window-target", "self");
    host.open_form().await;
    register("카드 등록하기").await;
    host.unmount().await;
    // The phone's way of cancelling: by the fail address.
    host.open(&format!(
        "fail?session={SESSION}&code=PAY_PROCESS_CANCELED&message=x"
    ))
    .await;
    see("취소했어요").await;
    assert!(consent().checked());
    consent().click();
    wait(50).await;
    host.refresh().await;
    assert!(!consent().checked(), "it was taken away");
    register("카드 등록하기").await;
    host.unmount().await;
    drop(host);

    session["orderName"] = json!("토스 프라임 플러스");
    let kept = json!({"version": "ko-2026-11-1", "text": OURS}).to_string();
    let mut host = open(&session);
    let storage = web_sys::window()
        .unwrap()
        .session_storage()
        .unwrap()
        .unwrap();
    let slot = format!("toss-checkout.consent.{SESSION}");
    storage.set_item(&slot, &kept).unwrap();
    host.open_form().await;
    enabled("카드 등록하기").await;
    assert!(!consent().checked(), "other words were never agreed to");
}

#[wasm_bindgen_test]
async fn the_merchants_words_stand_in_the_place_of_ours() {
    let theirs =
        json!({"version": "shop-7", "text": "매월 결제에 동의해요.\n해지는 마이페이지에서 해요."});
    let mut session = billing("open");
    session["consent"] = theirs.clone();
    let mut host = Host::new(&json!({
        "GET session": [[200, session]], "POST billing": [[200, registered()]]
    }));
    option("window-target", "self");
    host.open_form().await;
    assert_eq!(says("label[for=consent]"), theirs["text"].as_str().unwrap());
    register("카드 등록하기").await;
    host.unmount().await;
    host.open(&format!("success?session={SESSION}&{KEYS}"))
        .await;
    see("카드가 등록됐어요").await;
    assert_eq!(sent()[0]["consent"], theirs);
}

#[wasm_bindgen_test]
async fn keys_that_lack_a_consent_wait_for_it() {
    let problem = json!({
        "code": "CHECKOUT_CONSENT_REQUIRED", "message": "…", "retryable": false, "traceId": "t"
    });
    let mut host = Host::new(&json!({
        "GET session": [[200, billing("open")]],
        "POST billing": [[422, problem], [422, problem], [200, registered()]]
    }));
    host.open(&format!("success?session={SESSION}&{KEYS}"))
        .await;
    see(MISSING).await;
    wait(50).await;
    assert_eq!(active(), element("#consent"));
    assert!(element("fieldset").unwrap().has_attribute("hidden"));
    assert!(tab_holds("bln_secret"), "the keys are kept");
    // Nor does a refresh lose them.
    host.refresh().await;
    see(MISSING).await;
    register("다시 시도").await;
    see("카드가 등록됐어요").await;
    let sent = sent();
    assert_eq!(sent[1].get("consent"), None);
    assert_eq!(sent[2]["authKey"], "bln_secret");
    assert_eq!(sent[2]["consent"]["text"], OURS);
    assert_eq!(
        calls("requestBillingAuth").len(),
        0,
        "no window opens again"
    );
    assert_eq!(stored(), 0);
}
