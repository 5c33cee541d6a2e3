//! Nothing that comes over the wire stops the sandbox.

use std::time::Duration;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::*;

async fn is_alive(toss: &Running) {
    let response = toss.client.get(toss.url("/sandbox")).send().await.unwrap();
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn oversized_and_malformed_bodies_are_refused() {
    let toss = start().await;
    let deep = "[".repeat(60_000);
    let bodies = [
        vec![b'a'; 2_000_000],
        deep.into_bytes(),
        vec![0xff; 100],
        b"{\"paymentKey\":".to_vec(),
        b"{\"amount\":1e999}".to_vec(),
        Vec::new(),
    ];
    for path in [
        "/v1/payments/confirm",
        "/v1/payments/abc/cancel",
        "/v1/virtual-accounts",
        ISSUE,
        "/v1/billing/authorizations/card",
        "/v1/billing/abc",
        "/v1/cash-receipts",
    ] {
        for body in &bodies {
            let sent = toss
                .client
                .post(toss.url(path))
                .basic_auth(SECRET_KEY, Some(""))
                .body(body.clone())
                .send()
                .await;
            // A body that is far too long may end the connection before the answer is read.
            if let Ok(response) = sent {
                let answer = read(response).await;
                assert_eq!((answer.status, answer.code()), (400, "INVALID_REQUEST"));
            }
        }
    }
    for path in [
        "/sandbox/window",
        "/sandbox/faults",
        "/sandbox/clock",
        "/sandbox/api/targets",
        "/sandbox/api/keys/test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq",
    ] {
        for body in &bodies {
            let sent = toss
                .client
                .post(toss.url(path))
                .body(body.clone())
                .send()
                .await;
            if let Ok(response) = sent {
                assert!(response.status().is_client_error());
            }
        }
    }
    is_alive(&toss).await;
}

#[tokio::test]
async fn odd_paths_and_raw_noise_are_survived() {
    let toss = start().await;
    for path in [
        "/v1/%00",
        "/v1/billing/%F0%28%8C%28",
        "/v1/payments/orders/..%2F..",
        "/v1/payments/orders/%",
        "/v1//payments",
        "/sandbox/window/%2e%2e/card",
        "/sandbox/api/payments/%F0%28/deposit",
        "/sandbox/api/webhooks/x/resend",
    ] {
        let url = toss.url(path);
        let response = toss.client.post(url).send().await.unwrap();
        assert!(response.status().is_client_error(), "{path}");
    }
    let address = toss.base.trim_start_matches("http://").to_owned();
    for noise in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /v1/payments/confirm HTTP/1.1\r\nhost: x\r\ncontent-length: -5\r\n\r\n",
        b"POST /v1/payments/confirm HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nZZZ\r\n",
    ] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(noise).await.unwrap();
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(
            Duration::from_millis(200),
            stream.read_to_end(&mut answer),
        )
        .await;
    }
    is_alive(&toss).await;
}

#[tokio::test]
async fn odd_queries_are_refused_or_harmless() {
    let toss = start().await;
    let long = "9".repeat(5_000);
    for query in [
        "",
        "startDate=%FF&endDate=%00",
        "startDate=0000-01-01&endDate=9999-12-31",
        "startDate=2020-01-01&endDate=2999-01-01&limit=18446744073709551616",
        &format!("startDate={long}&endDate=2020-01-01&startingAfter={long}"),
        "requestDate=2020-02-30&cursor=-1",
        "requestDate=2020-01-01&cursor=18446744073709551615&limit=10000",
    ] {
        for path in ["/v1/transactions", "/v1/cash-receipts"] {
            let answer = toss.look(&format!("{path}?{query}")).await;
            assert!(
                [200, 400].contains(&answer.status),
                "{path}?{query}: {answer:?}"
            );
        }
    }
    is_alive(&toss).await;
}

#[tokio::test]
async fn amounts_at_the_edge_of_numbers_are_refused() {
    let toss = start().await;
    let key = toss.billing_key(WORKING_CARD).await;
    for amount in [
        "18446744073709551615",
        "18446744073709551616",
        "1e400",
        "-0",
        "1e-400",
        "0.1",
    ] {
        let charge = format!(
            r#"{{"customerKey":"{CUSTOMER}","amount":{amount},"taxFreeAmount":{amount},"orderId":"sub-{}","orderName":"x"}}"#,
            amount.len()
        );
        let cancel = format!(
            r#"{{"cancelReason":"x","cancelAmount":{amount},"refundableAmount":{amount}}}"#
        );
        let payment = toss
            .waiting(&format!("order-{}", amount.replace(['.', '+'], "_")))
            .await;
        let payment = payment["paymentKey"].as_str().unwrap();
        for (path, body) in [
            (format!("/v1/billing/{key}"), charge),
            (format!("/v1/payments/{payment}/cancel"), cancel),
        ] {
            let sent = toss
                .client
                .post(toss.url(&path))
                .basic_auth(SECRET_KEY, Some(""))
                .body(body)
                .send();
            let answer = read(sent.await.unwrap()).await;
            assert!(answer.status < 500, "{amount}: {answer:?}");
        }
    }
    is_alive(&toss).await;
}

#[tokio::test]
async fn callers_who_never_finish_do_not_keep_others_waiting() {
    let toss = start().await;
    let address = toss.base.trim_start_matches("http://").to_owned();
    let mut slow = Vec::new();
    for half in [
        "POST /v1/payments/confirm HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{",
        "POST /sandbox/clock HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{",
        "GET /v1/payments/orders/order-1 HTTP/1.1\r\nhost:",
        "",
    ] {
        for _ in 0..50 {
            let mut stream = TcpStream::connect(&address).await.unwrap();
            stream.write_all(half.as_bytes()).await.unwrap();
            slow.push(stream);
        }
    }
    let others = async {
        for _ in 0..20 {
            is_alive(&toss).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), others)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_header_that_is_no_text_is_survived() {
    let toss = start().await;
    let request = toss
        .post("/v1/payments/confirm", &json!({}))
        .header("idempotency-key", &b"\xff\xfe"[..])
        .header("accept-language", &b"\xff"[..])
        .header("tosspayments-test-code", &b"\xff"[..]);
    let answer = read(request.send().await.unwrap()).await;
    assert_eq!((answer.status, answer.code()), (400, "INVALID_TEST_CODE"));
    is_alive(&toss).await;
}

#[tokio::test]
async fn many_callers_at_once_get_one_confirm() {
    let toss = start().await;
    let key = toss.authenticated("order-1").await;
    let body = confirm_body(&key, "order-1");
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let request = toss.post("/v1/payments/confirm", &body);
        calls.spawn(async move { read(request.send().await.unwrap()).await.status });
    }
    let statuses = calls.join_all().await;
    let done = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(done, 1);
    assert_eq!(statuses.len(), 64);
}
