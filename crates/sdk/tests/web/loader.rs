//! How the script comes into the page.

use std::{cell::Cell, rc::Rc};

use gloo_timers::future::TimeoutFuture;
use serde_json::json;
use toss_payments_sdk::{LoadError, LoadOptions, clear, load};
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::stub::{
    Guard, asked_for, attributes_of, elements, empty, good, host_adds, host_failures, intercept,
    offline, ran, was_fetched,
};

fn options(src: &str, timeout_ms: u32, retries: u32) -> LoadOptions {
    LoadOptions {
        src: src.to_owned(),
        timeout_ms,
        retries,
        ..LoadOptions::default()
    }
}

#[wasm_bindgen_test]
async fn callers_share_one_script_and_a_loaded_one_is_not_fetched_again() {
    let _guard = Guard;
    let src = good();
    let other_is_done = Rc::new(Cell::new(false));
    let (done, same) = (other_is_done.clone(), options(&src, 5_000, 0));
    spawn_local(async move {
        load(&same).await.unwrap();
        done.set(true);
    });
    load(&options(&src, 5_000, 0)).await.unwrap();
    TimeoutFuture::new(10).await;
    assert!(other_is_done.get());
    assert_eq!((ran(), elements(&src)), (1, 1));
    load(&options(&good(), 5_000, 0)).await.unwrap();
    assert_eq!(ran(), 1, "it was there already");
}

#[wasm_bindgen_test]
async fn a_script_of_the_host_page_is_adopted() {
    let _guard = Guard;
    let src = good();
    host_adds(&src);
    load(&options(&src, 5_000, 0)).await.unwrap();
    assert_eq!((ran(), elements(&src)), (1, 1));
}

#[wasm_bindgen_test]
async fn a_script_of_the_host_page_that_brings_nothing_is_replaced() {
    let _guard = Guard;
    let src = empty();
    host_adds(&src);
    while ran() == 0 {
        TimeoutFuture::new(5).await;
    }
    // It has told so before anybody listened; then ours does the same.
    let refused = load(&options(&src, 200, 0)).await.unwrap_err();
    assert_eq!(refused, LoadError::NoNamespace { src: src.clone() });
    assert_eq!((ran(), elements(&src)), (2, 1));
}

#[wasm_bindgen_test]
async fn a_script_of_the_host_page_that_has_failed_is_not_waited_for() {
    let _guard = Guard;
    // Nobody listens there.
    let src = "http://127.0.0.1:1/v2/standard";
    host_adds(src);
    while host_failures() == 0 {
        TimeoutFuture::new(5).await;
    }
    // Longer than the test may take, where the browser tells that the fetch is over; Firefox does not.
    let patience = if was_fetched(src) { 600_000 } else { 300 };
    let refused = load(&options(src, patience, 0)).await.unwrap_err();
    let expected = LoadError::Failed {
        src: src.to_owned(),
    };
    assert_eq!(refused, expected);
}

#[wasm_bindgen_test]
async fn a_script_that_defines_nothing_is_told_apart_and_poisons_nothing() {
    let _guard = Guard;
    let src = empty();
    let refused = load(&options(&src, 5_000, 0)).await.unwrap_err();
    assert_eq!(refused, LoadError::NoNamespace { src: src.clone() });
    assert_eq!(elements(&src), 0, "the element is taken out again");
    load(&options(&good(), 5_000, 0)).await.unwrap();
}

#[wasm_bindgen_test]
async fn a_blocked_script_is_tried_again_at_other_addresses() {
    let _guard = Guard;
    intercept("error", 0);
    let src = "https://blocked.example/v2/standard";
    let refused = load(&options(src, 1_000, 2)).await.unwrap_err();
    assert_eq!(
        refused,
        LoadError::Failed {
            src: src.to_owned()
        }
    );
    let tries = ["", "?retry=1", "?retry=2"].map(|end| format!("{src}{end}"));
    assert_eq!(asked_for(), tries);
    // The next call begins anew.
    intercept("load", 0);
    load(&options(src, 1_000, 2)).await.unwrap();
    assert_eq!(asked_for().last().unwrap(), src);
}

#[wasm_bindgen_test]
async fn a_script_that_hangs_is_given_up() {
    let _guard = Guard;
    intercept("load", -1);
    let src = "https://slow.example/v2/standard?a=1";
    let refused = load(&options(src, 50, 1)).await.unwrap_err();
    let expected = LoadError::Timeout {
        src: src.to_owned(),
        timeout_ms: 50,
    };
    assert_eq!(refused, expected);
    assert_eq!(asked_for(), [src.to_owned(), format!("{src}&retry=1")]);
}

#[wasm_bindgen_test]
async fn a_late_script_counts() {
    let _guard = Guard;
    intercept("load", 120);
    let src = "https://late.example/v2/standard";
    // The first try has been given up when its script arrives; the second one finds it there.
    load(&options(src, 60, 1)).await.unwrap();
}

#[wasm_bindgen_test]
async fn a_missing_network_is_waited_for_and_told_apart() {
    let _guard = Guard;
    let src = good();
    offline(true);
    let refused = load(&options(&src, 80, 2)).await.unwrap_err();
    let expected = LoadError::Offline {
        src: src.clone(),
        timeout_ms: 80,
    };
    assert_eq!(refused, expected);
    assert_eq!(ran(), 0, "nothing was asked for");
    spawn_local(async {
        TimeoutFuture::new(60).await;
        offline(false);
    });
    load(&options(&src, 5_000, 0)).await.unwrap();
    assert_eq!(ran(), 1);
}

#[wasm_bindgen_test]
async fn integrity_and_nonce_reach_the_element() {
    let _guard = Guard;
    let src = good();
    let wrong = LoadOptions {
        integrity: Some("sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned()),
        ..options(&src, 5_000, 0)
    };
    let refused = load(&wrong).await.unwrap_err();
    assert_eq!(refused, LoadError::Failed { src: src.clone() });
    let noted = LoadOptions {
        nonce: Some("n0nce".to_owned()),
        ..options(&src, 5_000, 0)
    };
    load(&noted).await.unwrap();
    let attributes = attributes_of(&src);
    assert_eq!(
        attributes,
        json!({"integrity": "", "nonce": "n0nce", "crossOrigin": null})
    );
}

#[wasm_bindgen_test]
async fn clearing_takes_everything_out() {
    let _guard = Guard;
    let src = good();
    load(&options(&src, 5_000, 0)).await.unwrap();
    clear();
    assert_eq!(elements(&src), 0);
    load(&options(&src, 5_000, 0)).await.unwrap();
    assert_eq!((ran(), elements(&src)), (2, 1));
}
