//! The program itself: what it prints, how it ends.

use std::{
    io::{Read, Write},
    net::TcpStream,
    process::{Command, Output},
    time::{Duration, Instant},
};

use test_database::{Engine, TestDatabase};

use crate::support::program::{self, Program};

/// Everything that has to be set.
const SETTINGS: [(&str, &str); 4] = [
    ("TOSS_CLIENT_KEY", "test_ck_abc"),
    ("TOSS_SECRET_KEY", "test_sk_abc"),
    ("MERCHANT_API_KEY", "mk_0123456789abcdefghij"),
    (
        "BILLING_KEY_ENCRYPTION_KEYS",
        "k1:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=",
    ),
];

fn program() -> Command {
    let mut command = program::program();
    command.envs(SETTINGS);
    command
}

fn database() -> TestDatabase {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(TestDatabase::create(Engine::chosen()))
}

/// With empty values for what is not to be set.
fn run(args: &[&str], env: &[(&str, &str)]) -> Output {
    program()
        .args(args)
        .envs(env.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn a_bad_setting_is_one_sentence_and_exit_code_2() {
    let output = run(&[], &[("TOSS_CLIENT_KEY", "")]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(
        error.starts_with("toss-merchant: TOSS_CLIENT_KEY: is not set;"),
        "{error}"
    );

    let secret = "live_sk_DoNotShowThis";
    let output = run(&[], &[("TOSS_SECRET_KEY", secret)]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!error.contains("DoNotShowThis"), "{error}");
}

#[test]
fn a_taken_port_and_an_unusable_database_are_told() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = run(&["--listen", &address], &[]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains(&format!("cannot listen on {address}; set LISTEN")),
        "{error}"
    );

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("not-a-database.db");
    std::fs::write(&file, "just some text that is not a database at all").unwrap();
    for url in [
        format!("sqlite://{}", file.display()),
        "sqlite:///nowhere/at/all/shop.db".to_owned(),
    ] {
        let args = ["--listen=127.0.0.1:0", "--database-url", &url];
        let output = run(&args, &[]);
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            error.contains(&format!("cannot use DATABASE_URL {url}")),
            "{error}"
        );
    }
}

#[test]
fn a_database_of_a_later_version_is_left_alone() {
    let database = database();
    let url = database.url();
    let mut child = start(url);
    stop(&mut child, "-TERM");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        use sea_orm::ConnectionTrait;
        let db = sea_orm::Database::connect(url).await.unwrap();
        let later =
            "INSERT INTO schema_migrations (version, name, applied_at) VALUES (99, 'later', 0)";
        db.execute_unprepared(later).await.unwrap();
    });
    let output = run(&["--listen=127.0.0.1:0", "--database-url", url], &[]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("schema version 99, this program knows"),
        "{error}"
    );
}

fn start(url: &str) -> Program {
    launch(&mut program(), url)
}

fn launch(command: &mut Command, url: &str) -> Program {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let launched = Program::launch(command.args(["--listen=127.0.0.1:0", "--database-url", url]));
    runtime.unwrap().block_on(launched)
}

/// Sends the signal by name and answers how long the end took.
fn stop(running: &mut Program, signal: &str) -> Duration {
    let began = Instant::now();
    running.signal(signal);
    let status = running.child.wait().unwrap();
    assert_eq!(status.code(), Some(0));
    began.elapsed()
}

#[cfg(unix)]
#[test]
fn both_signals_end_it_soon_even_with_open_connections() {
    let database = database();
    for signal in ["-TERM", "-INT"] {
        let mut running = start(database.url());
        let mut idle = TcpStream::connect(&running.address).unwrap();
        let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
        idle.write_all(request).unwrap();
        assert!(idle.read(&mut [0; 1024]).unwrap() > 0);
        let mut half = TcpStream::connect(&running.address).unwrap();
        half.write_all(
            b"POST /webhooks/toss HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{",
        )
        .unwrap();
        let took = stop(&mut running, signal);
        assert!(took < Duration::from_secs(3), "{signal}: {took:?}");
    }
}

#[cfg(unix)]
#[test]
fn more_idle_connections_than_descriptors_leave_it_alive() {
    const IDLE: usize = 1100;
    // This process needs that many, too.
    rlimit::increase_nofile_limit(u64::MAX).unwrap();
    let database = database();
    let path = env!("CARGO_BIN_EXE_toss-merchant");
    let mut shell = Command::new("/bin/sh");
    shell.env_clear().envs(SETTINGS);
    shell.args(["-c", "ulimit -n 1024; exec \"$0\" \"$@\"", path]);
    let running = launch(&mut shell, database.url());
    let connect = || TcpStream::connect(&running.address).unwrap();
    let idle: Vec<TcpStream> = (0..IDLE).map(|_| connect()).collect();
    for _ in 0..3 {
        let mut asking = connect();
        asking
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        asking
            .write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        asking.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    drop(idle);
}

#[test]
fn the_tables_are_upgraded_by_command_and_the_doctor_s_word_is_an_exit_code() {
    let database = database();
    let output = run(&["migrate", "--database-url", database.url()], &[]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stdout, b"the database is up to date\n");

    let output = run(&["doctor"], &[("TOSS_CLIENT_KEY", ""), ("LISTEN", "x")]);
    assert_eq!(output.status.code(), Some(1));
    let report = String::from_utf8(output.stdout).unwrap();
    for subject in ["FAIL  TOSS_CLIENT_KEY", "FAIL  LISTEN"] {
        assert!(report.contains(subject), "{report}");
    }
}
