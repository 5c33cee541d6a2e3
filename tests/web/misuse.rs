//! What the developer is told in the console while the buyer goes on. Each is told once in a document,
//! and all tests share one.

use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::host::*;

async fn open(client_key: &str) -> Host {
    let mut session = billing("open");
    session["clientKey"] = json!(client_key);
    let mut host = Host::new(&json!({"GET session": [[200, session]]}));
    opener_policy("same-origin; report-to=\"coop\"");
    host.open_form().await;
    enabled("카드 등록하기").await;
    wait(300).await;
    host
}

fn told() -> String {
    let told = warnings();
    assert_eq!(told.len(), 1, "{told:?}");
    told[0].as_str().unwrap().to_owned()
}

#[wasm_bindgen_test]
async fn a_live_key_on_a_local_host_is_named_once() {
    let mut host = open("live_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq").await;
    // Nor does a real buyer's browser ask for the opener policy.
    let told = told();
    assert!(told.starts_with("toss-checkout: live client key"), "{told}");
    host.refresh().await;
    enabled("카드 등록하기").await;
    wait(300).await;
    assert_eq!(warnings().len(), 1);
}

#[wasm_bindgen_test]
async fn an_opener_policy_that_cuts_the_window_off_is_named() {
    let _host = open("test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq").await;
    let told = told();
    assert!(
        told.starts_with("toss-checkout: Cross-Origin-Opener-Policy")
            && told.contains("same-origin-allow-popups"),
        "{told}"
    );
}
