//! What is refused at the start, and with which advice.

use clap::Parser;
use toss_merchant::config::{Args, Config, DOCS_CLIENT_KEY, DOCS_SECRET_KEY};

const GOOD: [&str; 4] = [
    "--toss-client-key=test_ck_abc",
    "--toss-secret-key=test_sk_abc",
    "--merchant-api-key=mk_0123456789abcdefghij",
    "--billing-key-encryption-keys=k1:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=",
];

/// The good settings, with `change` in the place of the one of the same name.
fn read(change: &[&str]) -> Result<Config, String> {
    let name = |arg: &str| arg.split('=').next().unwrap().to_owned();
    let kept = GOOD
        .iter()
        .filter(|good| !change.iter().any(|c| name(c) == name(good)));
    let given = change.iter().filter(|c| !c.ends_with("=-"));
    let all = ["toss-merchant"].iter().chain(kept).chain(given);
    Config::try_from(Args::parse_from(all)).map_err(|error| error.to_string())
}

#[test]
fn good_settings_are_taken() {
    let config = read(&[]).unwrap();
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
    let live = [
        "--toss-client-key=live_ck_abc",
        "--toss-secret-key=live_sk_abc",
    ];
    assert!(read(&live).is_ok());
}

#[test]
fn the_sandboxs_clock_is_for_the_sandbox_only() {
    let clock = "--toss-sandbox-clock=http://127.0.0.1:8090";
    let sandbox = "--toss-api-base=http://127.0.0.1:8090";
    let config = read(&[clock, sandbox]).unwrap();
    assert!(config.sandbox_clock.is_some());
    assert!(
        config
            .warnings
            .iter()
            .any(|w| w.contains("TOSS_SANDBOX_CLOCK"))
    );
    assert!(
        read(&["--toss-sandbox-clock=", sandbox])
            .unwrap()
            .sandbox_clock
            .is_none()
    );
    let live = [
        "--toss-client-key=live_ck_abc",
        "--toss-secret-key=live_sk_abc",
        clock,
    ];
    // With test keys Toss itself is refused, and with live keys everything but Toss is.
    for bad in [
        &[clock][..],
        &live,
        &["--toss-sandbox-clock=https://a.test", sandbox],
    ] {
        let said = read(bad).unwrap_err();
        assert!(said.starts_with("TOSS_SANDBOX_CLOCK"), "{said}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_cannot_work_is_refused_with_the_fix() {
    for (change, name, says) in [
        (vec!["--toss-client-key=-"], "TOSS_CLIENT_KEY", "is not set"),
        (vec!["--toss-client-key="], "TOSS_CLIENT_KEY", "is not set"),
        (vec!["--toss-secret-key=-"], "TOSS_SECRET_KEY", "is not set"),
        (
            vec!["--toss-client-key=test_sk_abc"],
            "TOSS_CLIENT_KEY",
            "holds a secret key",
        ),
        (
            vec!["--toss-client-key=live_gsk_abc"],
            "TOSS_CLIENT_KEY",
            "holds a secret key",
        ),
        (
            vec!["--toss-client-key=test_gck_abc"],
            "TOSS_CLIENT_KEY",
            "widget key",
        ),
        (
            vec!["--toss-client-key=hello"],
            "TOSS_CLIENT_KEY",
            "must begin with test_ck_ or live_ck_",
        ),
        (
            vec!["--toss-secret-key=test_ck_abc"],
            "TOSS_SECRET_KEY",
            "holds a client key",
        ),
        (
            vec!["--toss-secret-key=test_gsk_abc"],
            "TOSS_SECRET_KEY",
            "widget key",
        ),
        (
            vec!["--toss-secret-key=hello"],
            "TOSS_SECRET_KEY",
            "must begin with test_sk_ or live_sk_",
        ),
        (
            vec!["--toss-secret-key=live_sk_abc"],
            "TOSS_SECRET_KEY",
            "is a live key but",
        ),
        (
            vec!["--toss-client-key=live_ck_abc"],
            "TOSS_SECRET_KEY",
            "is a test key but",
        ),
        (
            vec![
                "--toss-client-key=live_ck_abc",
                "--toss-secret-key=live_sk_abc",
                "--toss-api-base=http://127.0.0.1:8090",
            ],
            "TOSS_API_BASE",
            "use test keys with the sandbox",
        ),
        (
            vec![
                "--toss-client-key=live_ck_abc",
                "--toss-secret-key=live_sk_abc",
                "--toss-api-base=https://api.tosspayments.com.evil.example",
            ],
            "TOSS_API_BASE",
            "only ever sent to",
        ),
        (
            vec![
                "--toss-client-key=live_ck_abc",
                "--toss-secret-key=live_sk_abc",
                "--toss-sdk-url=https://cdn.example.com/sdk.js",
            ],
            "TOSS_SDK_URL",
            "https://js.tosspayments.com only",
        ),
        (
            vec!["--toss-api-base=api.tosspayments.com"],
            "TOSS_API_BASE",
            "http(s) address",
        ),
        (
            vec!["--toss-api-base=https://a:b@example.com"],
            "TOSS_API_BASE",
            "without user",
        ),
        (
            vec!["--merchant-api-key=-"],
            "MERCHANT_API_KEY",
            "openssl rand -hex 32",
        ),
        (
            vec!["--merchant-api-key=short"],
            "MERCHANT_API_KEY",
            "at least 20",
        ),
        (
            vec!["--billing-key-encryption-keys=-"],
            "BILLING_KEY_ENCRYPTION_KEYS",
            "openssl rand -base64 32",
        ),
        (
            vec!["--billing-key-encryption-keys=k1:!!"],
            "BILLING_KEY_ENCRYPTION_KEYS",
            "not valid base64",
        ),
        (
            vec!["--billing-key-encryption-keys=k1:AAAA"],
            "BILLING_KEY_ENCRYPTION_KEYS",
            "32 are needed",
        ),
        (
            vec!["--billing-key-encryption-keys=AAAA"],
            "BILLING_KEY_ENCRYPTION_KEYS",
            "id:base64",
        ),
        (vec!["--allowed-origins=*"], "ALLOWED_ORIGINS", "every site"),
        (
            vec!["--allowed-origins=https://a.example/path"],
            "ALLOWED_ORIGINS",
            "not an origin",
        ),
        (
            vec!["--public-origin=pay.example.com"],
            "PUBLIC_ORIGIN",
            "not an origin",
        ),
        (
            vec!["--database-url=mysql://localhost/shop"],
            "DATABASE_URL",
            "begins neither with sqlite:// nor with postgres://",
        ),
        (
            vec!["--database-url=postgres://localhost"],
            "DATABASE_URL",
            "no address of a PostgreSQL database",
        ),
        (
            vec!["--database-url=sqlite::memory:"],
            "DATABASE_URL",
            "names no file",
        ),
        (vec!["--listen=8080"], "LISTEN", "address with a port"),
    ] {
        let refused = read(&change).unwrap_err();
        assert!(
            refused.starts_with(&format!("{name}: ")),
            "{change:?} -> {refused}"
        );
        assert!(refused.contains(says), "{change:?} -> {refused}");
        assert!(!refused.contains('\n'), "one sentence: {refused}");
        assert!(!refused.contains("sk_abc"), "no secret: {refused}");
    }
}

#[test]
fn the_documentations_keys_are_for_the_sandbox() {
    let keys = [
        &*format!("--toss-client-key={DOCS_CLIENT_KEY}"),
        &*format!("--toss-secret-key={DOCS_SECRET_KEY}"),
        "--toss-api-base=http://127.0.0.1:8090",
    ];
    let warnings = |change: &[&str]| read(change).unwrap().warnings.join("\n");
    assert!(warnings(&keys[..2]).contains("everybody shares"));
    assert!(!warnings(&keys).contains("everybody shares"));
}

#[test]
fn secrets_do_not_show_in_the_help() {
    use clap::CommandFactory;
    let help = Args::command().render_long_help().to_string();
    for name in [
        "TOSS_SECRET_KEY",
        "MERCHANT_API_KEY",
        "BILLING_KEY_ENCRYPTION_KEYS",
    ] {
        assert!(
            help.contains(&format!("[env: {name}]")),
            "{name} without its value: {help}"
        );
    }
}

#[test]
fn endpoints_of_events_have_a_secret_each() {
    let secret = format!("whsec_{}", "QUFB".repeat(8));
    let url = "--event-url=https://shop.example/a, https://shop.example/b";
    let both = format!("--event-secret={secret} {secret},{secret}");
    let config = read(&[url, &both]).unwrap();
    let counts: Vec<usize> = config
        .events
        .endpoints
        .iter()
        .map(|endpoint| endpoint.secrets.len())
        .collect();
    assert_eq!(counts, [2, 1]);
    assert!(!format!("{config:?}").contains("QUFB"));

    let one = format!("--event-secret={secret}");
    let inner = "--event-url=http://127.0.0.1:9/";
    for (change, said) in [
        (&[url, one.as_str()][..], "secrets for 1 endpoints"),
        (&["--event-url=https://shop.example/a"], "openssl rand"),
        (&[&one], "EVENT_URL names 0"),
        (
            &["--event-url=https://shop.example/a", "--event-secret=abc"],
            "begins with whsec_",
        ),
        (&[inner, &one], "not https"),
        (&["--event-url=https://10.0.0.1/", &one], "inner network"),
        (
            &[
                "--event-url=https://a.example/,https://a.example/",
                both.as_str(),
            ],
            "twice",
        ),
    ] {
        let problem = read(change).unwrap_err();
        assert!(problem.contains(said), "{change:?}: {problem}");
        assert!(!problem.contains("QUFB"), "{problem}");
    }
    let allowed = read(&[inner, &one, "--event-allow-private"]).unwrap();
    assert!(
        allowed
            .warnings
            .iter()
            .any(|w| w.contains("EVENT_ALLOW_PRIVATE"))
    );
}
