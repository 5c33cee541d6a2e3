//! Ten thousand requests at 64 clients leave memory where it was.

use std::{process::Stdio, sync::Arc};

use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    task::JoinSet,
};

use crate::harness::*;

const CLIENTS: usize = 64;
/// Far more than noise, far less than what a hundredth of the requests would leave if they were kept.
const GROWTH_AT_MOST: u64 = 24 * 1024;

/// 10 000 windows left 33 MB behind when they were all remembered.
const WINDOWS_AT_MOST: u64 = 8 * 1024;

/// Resident memory of the program, in KiB.
fn resident(child: &Child) -> u64 {
    let path = format!("/proc/{}/status", child.id().unwrap());
    let status = std::fs::read_to_string(path).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Everything that the sandbox need not remember: refusals, lookups, repetitions, pages.
async fn ask(client: &reqwest::Client, base: &str, number: usize) {
    let request = match number % 8 {
        0 => client.get(format!("{base}/v1/payments/orders/order-0001")),
        1 => client.get(format!("{base}/v1/payments/unknown-{number}")),
        2 => client
            .post(format!("{base}/v1/payments/confirm"))
            .body("x".repeat(20_000)),
        3 => client
            .post(format!("{base}/v1/billing/unknown-{number}"))
            .header("idempotency-key", format!("key-{number}"))
            .json(&charge_body(&format!("sub-{number}"))),
        4 => client
            .post(format!("{base}/v1/virtual-accounts"))
            .header("idempotency-key", "always-the-same")
            .json(&account()),
        5 => client.get(format!("{base}/v2/standard")),
        6 => client.get(format!(
            "{base}/v1/transactions?startDate=2020-01-01&endDate=2999-01-01"
        )),
        _ => client.get(format!("{base}/sandbox/clock")),
    };
    let response = request
        .basic_auth(SECRET_KEY, Some(""))
        .send()
        .await
        .unwrap();
    response.bytes().await.unwrap();
}

fn account() -> serde_json::Value {
    json!({"amount": 15_000, "orderId": "order-0001", "orderName": "티셔츠", "customerName": "김토스", "bank": "20"})
}

async fn storm(client: &reqwest::Client, base: &str, requests: usize) {
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let (client, base) = (client.clone(), base.to_owned());
        clients.spawn(async move {
            for step in (number..requests).step_by(CLIENTS) {
                ask(&client, &base, step).await;
            }
        });
    }
    clients.join_all().await;
}

/// Opens windows and leaves them, as buyers do who change their minds.
async fn open_and_leave(client: &reqwest::Client, base: &str, windows: usize) {
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let (client, base) = (client.clone(), base.to_owned());
        clients.spawn(async move {
            for step in (number..windows).step_by(CLIENTS) {
                let body = json!({
                    "clientKey": CLIENT_KEY, "customerKey": CUSTOMER, "kind": "billing",
                    "target": "self", "request": billing_request("CARD"),
                });
                let opened = client.post(format!("{base}/sandbox/window")).json(&body);
                let opened = read(opened.send().await.unwrap()).await;
                let id = opened.json["id"].as_str().unwrap();
                let action = if step.is_multiple_of(2) {
                    "cancel"
                } else {
                    "finish"
                };
                let left = client.post(format!("{base}/sandbox/api/windows/{id}/{action}"));
                assert_eq!(left.send().await.unwrap().status(), 200);
            }
        });
    }
    clients.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_windows_that_were_left_leave_memory_flat() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_toss-sandbox"))
        .env_clear()
        .args(["--listen", "127.0.0.1:0"])
        .kill_on_drop(true)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).await.unwrap();
    let base = line.trim().trim_start_matches("listening ").to_owned();
    let client = http().build().unwrap();
    open_and_leave(&client, &base, 2_000).await;
    let before = resident(&child);
    open_and_leave(&client, &base, 10_000).await;
    let growth = resident(&child).saturating_sub(before);
    assert!(growth < WINDOWS_AT_MOST, "{growth} KiB");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_requests_leave_memory_flat() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_toss-sandbox"))
        .env_clear()
        .args(["--listen", "127.0.0.1:0"])
        .kill_on_drop(true)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).await.unwrap();
    let base = Arc::new(line.trim().trim_start_matches("listening ").to_owned());
    let client = http().build().unwrap();
    // Fills the request log and the allocator's own stock.
    storm(&client, &base, 3_000).await;
    let before = resident(&child);
    storm(&client, &base, 10_000).await;
    let after = resident(&child);
    let growth = after.saturating_sub(before);
    assert!(growth < GROWTH_AT_MOST, "from {before} to {after} KiB");
    assert!(child.try_wait().unwrap().is_none(), "it still runs");
}
