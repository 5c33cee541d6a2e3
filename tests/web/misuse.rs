//! What the developer is told in the console while the buyer goes on.

use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::host::*;

const PUBLIC: [&str; 9] = [
    "shop.example",
    "shop.example:8443",
    "10.shop.example",
    "test.shop.example",
    "localhost.shop.example",
    "93.184.216.34",
    "172.32.0.1",
    "192.169.0.1",
    "[2606:2800:220:1::1]",
];
const LOCAL: [&str; 15] = [
    "localhost:8080",
    "localhost",
    "shop.localhost",
    "devbox:3000",
    "127.0.0.1:8080",
    "127.8.0.1",
    "[::1]:8080",
    "[fd00::1]",
    "macbook.local:5173",
    "shop.test",
    "10.0.0.2",
    "172.16.0.1",
    "172.31.255.1:80",
    "192.168.0.10:5173",
    "169.254.1.1",
];

/// The first words of everything that is said.
async fn found(is_test: bool, address: &str, policy: &str) -> Vec<String> {
    let said: Vec<Value> =
        serde_json::from_str(&misuse_said(is_test, address, policy, "").await).unwrap();
    let words = said.iter().map(|words| words.as_str().unwrap());
    words
        .map(|words| words.split(' ').next().unwrap().to_owned())
        .collect()
}

#[wasm_bindgen_test]
async fn a_key_of_the_wrong_mode_is_named() {
    for host in PUBLIC {
        let https = format!("https://{host}/checkout/");
        assert_eq!(found(true, &https, "").await, ["test"], "{host}");
        assert!(found(false, &https, "").await.is_empty(), "{host}");
        let http = format!("http://{host}/");
        assert_eq!(found(false, &http, "").await, ["http"], "{host}");
        assert_eq!(found(true, &http, "").await, ["http"], "{host}");
    }
    for host in LOCAL {
        let address = format!("http://{host}/");
        assert!(found(true, &address, "").await.is_empty(), "{host}");
        assert_eq!(found(false, &address, "").await, ["live"], "{host}");
    }
}

#[wasm_bindgen_test]
async fn only_the_policy_that_cuts_the_window_off_is_named() {
    for policy in ["same-origin", " same-origin; report-to=\"coop\""] {
        assert_eq!(
            found(true, "http://localhost/", policy).await,
            ["Cross-Origin-Opener-Policy:"]
        );
    }
    for policy in [
        "same-origin-allow-popups",
        "unsafe-none",
        "same-origin-plus-coep",
    ] {
        assert!(
            found(true, "http://localhost/", policy).await.is_empty(),
            "{policy}"
        );
    }
}

#[wasm_bindgen_test]
async fn the_policy_that_keeps_the_window_out_is_named() {
    for (policy, is_named) in [
        ("require-corp", true),
        ("require-corp; report-to=\"coep\"", true),
        ("unsafe-none", false),
        ("", false),
    ] {
        let said = misuse_said(true, "http://localhost/", "", policy).await;
        let named = said.contains("Cross-Origin-Embedder-Policy: require-corp");
        assert_eq!(named, is_named, "{policy}: {said}");
    }
}
