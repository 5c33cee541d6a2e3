//! The program itself: what it prints, what it refuses, how it stops.

use std::{
    process::Stdio,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, Command},
};

use crate::harness::http;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_toss-sandbox"));
    command
        .env_clear()
        .kill_on_drop(true)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

async fn first_line(child: &mut Child) -> String {
    let stdout = child.stdout.take().unwrap();
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).await.unwrap();
    line.trim_end().to_owned()
}

async fn refusal(mut command: Command) -> String {
    let output = command.output().await.unwrap();
    assert!(!output.status.success());
    assert!(output.stdout.is_empty(), "nothing was listening");
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn it_prints_where_it_listens_and_stops_promptly_with_open_connections() {
    for signal in ["TERM", "INT"] {
        let mut child = program().args(["--listen", "127.0.0.1:0"]).spawn().unwrap();
        let line = first_line(&mut child).await;
        let base = line.strip_prefix("listening ").unwrap().to_owned();
        assert!(base.starts_with("http://127.0.0.1:") && !base.ends_with(":0"));
        let client = http().build().unwrap();
        let url = format!("{base}/sandbox");
        assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
        let started = Instant::now();
        let pid = child.id().unwrap().to_string();
        // The shell's own kill: a minimal system has no program of that name.
        let sent = Command::new("/bin/sh")
            .args(["-c", "kill -s \"$1\" \"$2\"", "sh", signal, &pid])
            .status()
            .await
            .unwrap();
        assert!(sent.success());
        let status = child.wait().await.unwrap();
        assert!(status.success(), "{signal}: {status}");
        assert!(started.elapsed() < Duration::from_secs(2));
        drop(client);
    }
}

#[tokio::test]
async fn settings_come_from_the_environment_too() {
    let mut command = program();
    command
        .env("SANDBOX_LISTEN", "127.0.0.1:0")
        .env("SANDBOX_SEED", "3")
        .env(
            "SANDBOX_WEBHOOK_URL",
            "http://127.0.0.1:9/a,http://127.0.0.1:9/b",
        );
    let mut child = command.spawn().unwrap();
    assert!(
        first_line(&mut child)
            .await
            .starts_with("listening http://")
    );
    child.kill().await.unwrap();
}

#[tokio::test]
async fn what_is_dangerous_or_cannot_work_is_refused_with_the_fix() {
    let with = |args: &[&str]| {
        let mut command = program();
        command.args(["--listen", "127.0.0.1:0"]).args(args);
        refusal(command)
    };
    let mut remote = program();
    remote.args(["--listen", "0.0.0.0:0"]);
    assert!(refusal(remote).await.contains("--allow-remote"));
    let live = with(&["--keys", "live_ck_abc:live_sk_abc"]).await;
    assert!(live.contains("live keys are refused"), "{live}");
    assert!(!live.contains("live_sk_abc"), "{live}");
    let https = with(&["--webhook-url", "https://shop.example/x"]).await;
    assert!(https.contains("plain http"), "{https}");
    let assume = with(&["--assume", "moon=cheese"]).await;
    assert!(assume.contains("auth-key-ttl"), "{assume}");
}

#[tokio::test]
async fn a_taken_address_is_one_clear_sentence() {
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = program();
    command.args(["--listen", &address]);
    let said = refusal(command).await;
    assert!(
        said.contains(&address) && said.contains("--listen"),
        "{said}"
    );
}

#[tokio::test]
async fn help_names_the_doors() {
    let mut child = program().arg("--help").spawn().unwrap();
    let mut text = String::new();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_to_string(&mut text).await.unwrap();
    for word in ["/v2/standard", "/sandbox", "--webhook-url", "SANDBOX_SEED"] {
        assert!(text.contains(word), "{word}");
    }
}
