use axum::{
    Json, Router,
    extract::Path,
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use clap::Parser;
use serde_json::json;

use super::*;

/// Toss as far as the doctor asks it: it knows `test_sk_right` (Basic, base64) and one order.
async fn order(Path(order): Path<String>, headers: HeaderMap) -> Response {
    let right = "Basic dGVzdF9za19yaWdodDo=";
    if headers.get(AUTHORIZATION).is_none_or(|key| key != right) {
        let body = json!({"code": "UNAUTHORIZED_KEY", "message": "x"});
        return (StatusCode::UNAUTHORIZED, Json(body)).into_response();
    }
    match order.as_str() {
        "order-2024" => Json(json!({"version": "2024-06-01"})).into_response(),
        "order-1.4" => Json(json!({"version": "1.4"})).into_response(),
        _ => {
            let body = json!({"code": "NOT_FOUND_PAYMENT", "message": "x"});
            (StatusCode::NOT_FOUND, Json(body)).into_response()
        }
    }
}

async fn webhook() -> Response {
    let body = json!({"code": "CHECKOUT_INVALID_REQUEST", "message": "x"});
    (StatusCode::BAD_REQUEST, [("x-trace-id", "1")], Json(body)).into_response()
}

/// The address of a server with both.
async fn world() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Router::new()
        .route("/v1/payments/orders/{order}", get(order))
        .route("/webhooks/toss", post(webhook));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    format!("http://{address}")
}

async fn examined(toss: &str, extra: &[&str], order: Option<&str>) -> Report {
    let api = format!("--toss-api-base={toss}");
    let mut words = vec![
        "toss-merchant",
        "--toss-client-key=test_ck_abc",
        "--merchant-api-key=mk_0123456789abcdefghij",
        "--billing-key-encryption-keys=k1:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=",
        &api,
    ];
    words.extend(extra);
    examine(Args::parse_from(words), order).await
}

fn of<'a>(report: &'a Report, subject: &str) -> (Verdict, &'a str) {
    let found = report.0.iter().find(|check| check.subject == subject);
    let check = found.unwrap_or_else(|| panic!("no {subject} in\n{report}"));
    (check.verdict, &check.text)
}

#[tokio::test]
async fn a_good_installation_passes() {
    let toss = world().await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("index.html"), "").unwrap();
    let page = format!("--page-dir={}", folder.path().display());
    let origin = format!("--public-origin={toss}");
    let settings = ["--toss-secret-key=test_sk_right", &page, &origin];
    let report = examined(&toss, &settings, Some("order-2024")).await;
    for subject in [
        "settings",
        "PAGE_DIR",
        "TOSS_SECRET_KEY",
        "API version",
        "clock",
        "webhooks",
    ] {
        assert_eq!(of(&report, subject).0, Verdict::Pass, "{report}");
    }
    assert_eq!(of(&report, "TOSS_CLIENT_KEY").0, Verdict::Warn);
    assert!(report.to_string().contains("pass  clock"));
}

#[tokio::test]
async fn what_toss_refuses_is_told_with_the_fix() {
    let toss = world().await;
    let report = examined(&toss, &["--toss-secret-key=test_sk_wrong"], None).await;
    let (verdict, text) = of(&report, "TOSS_SECRET_KEY");
    assert!(verdict == Verdict::Fail && text.contains("UNAUTHORIZED_KEY"));
    assert!(!report.to_string().contains("sk_wrong"));
    assert!(!report.is_good());

    let right = ["--toss-secret-key=test_sk_right"];
    let report = examined(&toss, &right, Some("order-1.4")).await;
    assert_eq!(of(&report, "API version").0, Verdict::Fail);
    let report = examined(&toss, &right, Some("order-9")).await;
    assert_eq!(of(&report, "API version").0, Verdict::Fail);
    let report = examined(&toss, &right, None).await;
    assert_eq!(of(&report, "API version").0, Verdict::ByHand);
}

#[tokio::test]
async fn what_does_not_answer_is_told() {
    // Bound and not listened on: refused.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let nobody = format!("http://{}", socket.local_addr().unwrap());
    let origin = format!("--public-origin={nobody}");
    let settings = ["--toss-secret-key=test_sk_right", &origin];
    let report = examined(&nobody, &settings, None).await;
    for subject in ["TOSS_API_BASE", "webhooks"] {
        let (verdict, text) = of(&report, subject);
        assert!(
            verdict == Verdict::Fail && text.contains("refused"),
            "{text}"
        );
    }
}

#[tokio::test]
async fn every_wrong_setting_is_told_at_once() {
    let settings = ["--toss-secret-key=test_ck_abc", "--listen=8080"];
    let report = examined("nonsense", &settings, None).await;
    for subject in ["TOSS_SECRET_KEY", "LISTEN", "TOSS_API_BASE"] {
        assert_eq!(of(&report, subject).0, Verdict::Fail);
    }
    assert!(
        report
            .to_string()
            .ends_with("3 things cannot work as they are.\n")
    );
}
