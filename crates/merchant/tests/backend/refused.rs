//! What is refused before it reaches anything: one shape of error, whoever refuses.

use reqwest::{Method, Response};
use serde_json::Value;
use toss_merchant::clock::Clock;

use crate::support::{API_KEY, Shop, quick, text};

async fn refused(answer: Response, status: u16) -> Value {
    let headers = answer.headers().clone();
    assert_eq!(answer.status(), status, "{}", answer.url());
    assert_eq!(headers["content-type"], "application/json");
    let body: Value = answer.json().await.unwrap();
    assert!(text(&body["code"]).starts_with("CHECKOUT_"), "{body}");
    assert!(!text(&body["message"]).is_empty());
    assert_eq!(body["traceId"], headers["x-trace-id"].to_str().unwrap());
    body
}

#[tokio::test]
async fn an_address_that_names_no_file_is_not_found_whatever_it_looks_like() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("snippets")).unwrap();
    std::fs::write(folder.path().join("boot.mjs"), "export {};").unwrap();
    let page = format!("--page-dir={}", folder.path().display());
    let shop = Shop::with(&[&page], Clock::system(), quick()).await;
    let name = |length: usize| "a".repeat(length);
    for path in [
        name(252),
        name(255),
        name(256),
        name(10_000),
        vec![name(100); 60].join("/"),
        "가".repeat(86),
        "boot.mjs/more".to_owned(),
        "snippets".to_owned(),
        "snippets/".to_owned(),
        "checkout/boot.mjs".to_owned(),
        "%00".to_owned(),
        "boot.mjs%00".to_owned(),
        "%2e%2e/boot.mjs".to_owned(),
        "a%5cb".to_owned(),
    ] {
        let url = shop.url(&format!("/checkout/{path}"));
        let answer = shop.http.get(url).send().await.unwrap();
        let body = refused(answer, 404).await;
        assert_eq!(body["code"], "CHECKOUT_NOT_FOUND", "{path}");
    }
    let odd = shop.http.get(shop.url("/checkout/%ff")).send().await;
    let status = odd.unwrap().status().as_u16();
    assert!(matches!(status, 400 | 404), "{status}");
}

#[tokio::test]
async fn every_refusal_has_the_same_shape() {
    let shop = Shop::open().await;
    let session = "/api/checkout/sessions/cs_0123456789abcdefABCDEF";
    let long = "x".repeat(300 * 1024);
    for (method, path, body, status) in [
        ("POST", "/webhooks/toss", long.as_str(), 413),
        ("POST", "/webhooks/toss", "nonsense", 400),
        ("GET", "/webhooks/toss", "", 405),
        ("PUT", session, "", 405),
        ("POST", &format!("{session}/confirm"), &long, 413),
        ("POST", &format!("{session}/confirm"), "{", 400),
        ("GET", "/api/checkout/sessions/%ff", "", 400),
        ("GET", "/api/sessions/%ff", "", 400),
        ("POST", "/api/sessions", &long, 413),
        ("DELETE", "/api/sessions", "", 405),
        ("POST", "/healthz", "", 405),
        ("POST", "/checkout/", "", 405),
        ("POST", "/checkout/boot.mjs", "", 405),
        ("GET", "/nowhere", "", 404),
    ] {
        let method: Method = method.parse().unwrap();
        let ask = || {
            let request = shop.http.request(method.clone(), shop.url(path));
            let request = request.bearer_auth(API_KEY);
            let request = request.header("content-type", "application/json");
            request.body(body.to_owned()).send()
        };
        // A long body is refused before all of it is sent; the connection may be closed under the rest.
        let mut answer = ask().await;
        while answer.is_err() {
            answer = ask().await;
        }
        let answer = answer.unwrap();
        refused(answer, status).await;
    }
}
