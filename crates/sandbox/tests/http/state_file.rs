//! `--state`: what happened survives a restart, even a hard one, and a damaged file is left alone.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
};
use toss_sandbox::{Sandbox, StartError};

use crate::harness::*;

/// A folder of its own that is removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("toss-sandbox-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("state.json")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is in the system's folder for such things.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn start_on(file: &Path) -> Running {
    let mut config = config();
    config.state_file = Some(file.to_owned());
    start_with(config).await
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let folder = Folder::new("restart");
    let toss = start_on(&folder.file()).await;
    let key = toss.authenticated("order-1").await;
    let confirm = |toss: &Running| {
        toss.post("/v1/payments/confirm", &confirm_body(&key, "order-1"))
            .header("idempotency-key", "key-1")
    };
    let first = read(confirm(&toss).send().await.unwrap()).await;
    let billing = toss.billing_key(WORKING_CARD).await;
    let unused = toss.registered(WORKING_CARD).await;
    let clock = json!({"advance": "100d"});
    let url = toss.url("/sandbox/clock");
    toss.client.post(url).json(&clock).send().await.unwrap();
    let open = toss.open("payment", payment_request("order-2")).await;
    let keys = json!({"version": "2024-06-01"});
    let url = toss.url(&format!("/sandbox/api/keys/{CLIENT_KEY}"));
    toss.client.post(url).json(&keys).send().await.unwrap();
    toss.stop().await;

    let toss = start_on(&folder.file()).await;
    let clock = toss.client.get(toss.url("/sandbox/clock")).send().await;
    let clock = read(clock.unwrap()).await;
    let days = clock.json["offsetMillis"].as_i64().unwrap() / 86_400_000;
    assert!((99..=100).contains(&days), "{clock:?}");
    let payment = toss.look("/v1/payments/orders/order-1").await;
    assert_eq!(payment.json["status"], "WAITING_FOR_DEPOSIT");
    assert_eq!(payment.json["virtualAccount"]["expired"], true);
    assert_eq!(payment.json["version"], "2024-06-01");
    // Longer than fifteen days ago, so the key is new and the payment is not.
    let again = read(confirm(&toss).send().await.unwrap()).await;
    assert_eq!(
        (first.status, again.code()),
        (200, "ALREADY_PROCESSED_PAYMENT")
    );
    let replayed = read(confirm(&toss).send().await.unwrap()).await;
    assert_eq!(replayed.json, again.json);
    let charge = toss
        .call(&format!("/v1/billing/{billing}"), &charge_body("sub-001"))
        .await;
    assert_eq!(charge.status, 200);
    let late = toss.call(ISSUE, &issue_body(&unused)).await;
    assert_eq!(late.code(), "INVALID_BILLING_AUTH");
    let window = toss.client.get(toss.url(&open)).send().await.unwrap();
    assert_eq!(window.status(), 200);
    // New names are new although the seed is the same.
    let fresh = toss.billing_key(WORKING_CARD).await;
    assert_ne!(fresh, billing);
}

#[tokio::test]
async fn an_answer_is_given_again_after_a_restart() {
    let folder = Folder::new("replay");
    let toss = start_on(&folder.file()).await;
    let key = toss.authenticated("order-1").await;
    let confirm = |toss: &Running| {
        toss.post("/v1/payments/confirm", &confirm_body(&key, "order-1"))
            .header("idempotency-key", "key-1")
    };
    let first = confirm(&toss).send().await.unwrap().bytes().await.unwrap();
    toss.stop().await;
    let toss = start_on(&folder.file()).await;
    let again = confirm(&toss).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(first, again);
}

async fn program(file: &Path) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_toss-sandbox"))
        .env_clear()
        .args(["--listen", "127.0.0.1:0", "--state"])
        .arg(file)
        .kill_on_drop(true)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).await.unwrap();
    (
        child,
        line.trim().trim_start_matches("listening ").to_owned(),
    )
}

#[tokio::test]
async fn a_kill_leaves_a_whole_file() {
    let folder = Folder::new("kill");
    let client = http().build().unwrap();
    let account = |order: &str| json!({"amount": 15_000, "orderId": order, "orderName": "티셔츠", "customerName": "김토스", "bank": "20"});
    let (mut child, base) = program(&folder.file()).await;
    for number in 0..20 {
        let sent = client
            .post(format!("{base}/v1/virtual-accounts"))
            .basic_auth(SECRET_KEY, Some(""))
            .json(&account(&format!("order-{number}")));
        assert_eq!(sent.send().await.unwrap().status(), 200);
    }
    let started = Instant::now();
    while !std::fs::read_to_string(folder.file())
        .unwrap()
        .contains("order-19")
    {
        assert!(started.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    child.kill().await.unwrap();
    let (_child, base) = program(&folder.file()).await;
    for number in 0..20 {
        let url = format!("{base}/v1/payments/orders/order-{number}");
        let sent = client.get(url).basic_auth(SECRET_KEY, Some(""));
        assert_eq!(sent.send().await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_damaged_file_stops_the_start_and_stays_as_it_is() {
    let folder = Folder::new("damaged");
    let toss = start_on(&folder.file()).await;
    toss.waiting("order-1").await;
    toss.stop().await;
    let whole = std::fs::read(folder.file()).unwrap();
    let half = whole[..whole.len() / 2].to_vec();
    for (bytes, says) in [
        (half, "damaged"),
        (b"{}".to_vec(), "damaged"),
        (Vec::new(), "damaged"),
        (b"{\"format\":99,\"saved\":{}}".to_vec(), "format 99"),
    ] {
        std::fs::write(folder.file(), &bytes).unwrap();
        let mut config = config();
        config.state_file = Some(folder.file());
        let error = Sandbox::bind(config).await.err();
        let Some(StartError::State(error)) = error else {
            panic!("{error:?}");
        };
        let text = error.to_string();
        assert!(text.contains(says) && text.contains("state.json"), "{text}");
        assert_eq!(std::fs::read(folder.file()).unwrap(), bytes);
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_written_stops_the_start() {
    let folder = Folder::new("nowhere");
    let mut config = config();
    config.state_file = Some(folder.0.join("no-such-folder").join("state.json"));
    let error = Sandbox::bind(config).await.err().unwrap().to_string();
    assert!(error.contains("cannot be written"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("mode");
    start_on(&folder.file()).await.stop().await;
    let mode = std::fs::metadata(folder.file())
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}
