//! The steps that cargo and TypeScript's compiler do.

use std::{mem, path::Path, process::Command};

use anyhow::{Context, Result};

use super::Shared;
use crate::test::failures::{self, Failure};
use crate::{
    browser::Driven,
    count::Count,
    host, log, playwright,
    postgres::{Durability, Postgres},
    setup,
};

/// The programs apart from the rest: together, cargo would compile their dependencies a second time
/// with the page's features, and the build that the journeys use a third time.
const SERVERS: &str =
    "--package toss-merchant --package toss-sandbox --package demo-shop --package test-database";
/// With the points at which the backend's tests end it.
const FAILPOINTS: &str = "--features toss-merchant/failpoints";
/// The page with its gallery here, and without it where it is compiled for the browser.
const OTHERS: &str = "--workspace --exclude toss-merchant --exclude toss-sandbox --exclude demo-shop \
     --exclude test-database --features toss-checkout/gallery";
const WASM: &str =
    "--package toss-checkout --package toss-payments-sdk --target wasm32-unknown-unknown";
const STRICT: &str = "--all-targets -- -D warnings";

/// Runs cargo as one check.
fn check(name: &str, args: &str, log: &Path) -> Result<Count> {
    let mut cargo = host::cargo(args);
    cargo.env("RUSTDOCFLAGS", "-D warnings");
    Ok(Count::one(log::run(name, log, &mut cargo)?))
}

pub(super) fn fmt(_: &mut Shared, log: &Path) -> Result<Count> {
    check("fmt", "fmt --all --check", log)
}

pub(super) fn clippy(_: &mut Shared, log: &Path) -> Result<Count> {
    let servers = check(
        "clippy",
        &format!("clippy {SERVERS} {FAILPOINTS} {STRICT}"),
        log,
    )?;
    if servers.failed > 0 {
        return Ok(servers);
    }
    check("clippy", &format!("clippy {OTHERS} {STRICT}"), log)
}

pub(super) fn clippy_wasm(_: &mut Shared, log: &Path) -> Result<Count> {
    setup::page()?;
    check("clippy-wasm", &format!("clippy {WASM} {STRICT}"), log)
}

pub(super) fn docs(_: &mut Shared, log: &Path) -> Result<Count> {
    check("docs", "doc --no-deps --workspace", log)
}

pub(super) fn host_tests(shared: &mut Shared, log: &Path) -> Result<Count> {
    let postgres = Postgres::start(Durability::Process)?;
    let mut count = Count::default();
    let servers = format!("{SERVERS} {FAILPOINTS}");
    // The backend over HTTP once more. What needs one of the engines has such a name. The year of
    // subscriptions takes the whole machine for minutes, so nothing runs beside it.
    let runs = [
        (&*servers, "--skip two_copies --skip a_year_of", "sqlite"),
        (&format!("{servers} --test backend"), "a_year_of", "sqlite"),
        (
            &format!("{servers} --test backend"),
            "--skip sqlite_file",
            "postgres",
        ),
        (OTHERS, "", "sqlite"),
    ];
    for (packages, tests, engine) in runs {
        let cargo = |tests: &str| {
            let mut cargo = host::cargo(&format!("test --no-fail-fast {packages} -- {tests}"));
            // Tests make databases of their own there.
            cargo
                .env("TEST_POSTGRES_URL", &postgres.url)
                .env("TEST_ENGINE", engine);
            cargo
        };
        let mut ran = Count::of("host-tests", log, &mut cargo(tests))?;
        if ran.failed > 0 {
            let failures = failures::read("host-tests", &log::text(log));
            if !pass_alone(&failures, log, cargo)? {
                count += ran;
                return Ok(count);
            }
            ran.passed += mem::take(&mut ran.failed);
            shared.unsteady.extend(failures);
        }
        count += ran;
    }
    Ok(count)
}

/// Whether tests that failed beside others pass when they have the machine to themselves: then what they
/// test is right, and what they wait for is too short for a busy machine.
fn pass_alone(failures: &[Failure], log: &Path, cargo: impl Fn(&str) -> Command) -> Result<bool> {
    // More of them have a cause in common.
    const FEW: usize = 3;
    if failures.len() > FEW {
        return Ok(false);
    }
    let names: Vec<&str> = failures.iter().map(|it| it.name.as_str()).collect();
    let alone = format!("--test-threads 1 --exact {}", names.join(" "));
    let log = log.with_extension("alone.log");
    let again = Count::of("alone", &log, &mut cargo(&alone))?;
    Ok(again.failed == 0 && again.passed == names.len() as u64)
}

pub(super) fn browser_tests(shared: &mut Shared, log: &Path) -> Result<Count> {
    in_browser(shared, "browser-tests", WASM, &Driven::chromium()?, log)
}

/// The bindings alone: they are what other pages use, in whatever browser.
pub(super) fn firefox_tests(shared: &mut Shared, log: &Path) -> Result<Count> {
    const BINDINGS: &str = "--package toss-payments-sdk --test web --target wasm32-unknown-unknown";
    if let Some(firefox) = Driven::firefox()? {
        return in_browser(shared, "firefox-tests", BINDINGS, &firefox, log);
    }
    "not run: there is no Firefox here; install it, and they will be".clone_into(&mut shared.note);
    Ok(Count::default())
}

/// Runs tests by wasm-bindgen's runner.
fn in_browser(
    shared: &Shared,
    name: &str,
    packages: &str,
    browser: &Driven,
    log: &Path,
) -> Result<Count> {
    let tools = setup::page()?;
    let tools = tools.first().context("wasm-bindgen is not set up")?;
    // Never `--quiet`: the runner refuses it.
    let mut cargo = host::cargo(&format!("test --no-fail-fast {packages}"));
    for variable in ["CHROMEDRIVER", "GECKODRIVER"] {
        cargo.env_remove(variable);
    }
    cargo
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            tools.join("wasm-bindgen-test-runner"),
        )
        .env(browser.variable, &browser.driver)
        .env(
            "WASM_BINDGEN_TEST_WEBDRIVER_JSON",
            browser.settings(&shared.claim.folder)?,
        )
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    Count::of(name, log, &mut cargo)
}

pub(super) fn e2e_types(_: &mut Shared, log: &Path) -> Result<Count> {
    playwright::check("types", log)
}

pub(super) fn typings(_: &mut Shared, log: &Path) -> Result<Count> {
    let mut cargo = host::cargo("test --package toss-payments-sdk --test typings");
    cargo.env("TYPINGS_DIR", playwright::generated());
    let mut count = Count::of("typings", log, &mut cargo)?;
    if count.failed == 0 {
        count += playwright::check("typings", log)?;
    }
    Ok(count)
}
