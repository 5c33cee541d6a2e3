//! The steps of `cargo xtask test`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::{
    browser::Driven,
    clients,
    count::Count,
    examples, gallery, host, log, page,
    paths::{self, Claim},
    playwright,
    postgres::{self, Durability, Postgres},
    programs::{self, Running},
    setup, size,
};

/// How many of Playwright's tests run side by side, each worker with programs of its own.
const WORKERS: usize = 2;

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

/// A step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) name: &'static str,
    /// Steps without which it cannot run.
    pub(super) needs: &'static [&'static str],
    /// Runs it with what steps share, and a log of its own.
    pub(super) run: fn(&mut Shared, &Path) -> Result<Done>,
}

/// What a step did.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) count: Count,
    /// A few words beside the count; what went wrong, when something did.
    pub(super) said: String,
}

impl From<Count> for Done {
    fn from(count: Count) -> Self {
        Self {
            count,
            said: String::new(),
        }
    }
}

/// A name, what it needs, and what it does.
const fn step(
    name: &'static str,
    needs: &'static [&'static str],
    run: fn(&mut Shared, &Path) -> Result<Done>,
) -> Step {
    Step { name, needs, run }
}

pub(super) const STEPS: [Step; 17] = [
    step("fmt", &[], fmt),
    step("clippy", &[], clippy),
    step("clippy-wasm", &[], clippy_wasm),
    step("host-tests", &[], host_tests),
    step("docs", &[], docs),
    step("browser-tests", &[], browser_tests),
    step("firefox-tests", &[], firefox_tests),
    step("page", &[], build_page),
    step("size", &["page"], weigh),
    step("e2e-types", &[], e2e_types),
    step("typings", &[], typings),
    step("clients", &["page"], drive_clients),
    step("gallery", &[], walk_gallery),
    step("smoke", &["page"], smoke),
    step("e2e", &["page"], journeys),
    step("embed", &["page"], embed),
    step("e2e-postgres", &["page"], journeys_on_postgres),
];

/// What one step leaves for others.
#[derive(Debug)]
pub(super) struct Shared {
    claim: Claim,
    page: Option<PathBuf>,
    running: Vec<Running>,
}

impl Shared {
    /// Claims the folder of the test command.
    pub(super) fn new() -> Result<Self> {
        Ok(Self {
            claim: paths::claim("test")?,
            page: None,
            running: Vec::new(),
        })
    }

    /// Where a step's output goes.
    pub(super) fn log(&self, name: &str) -> PathBuf {
        self.claim.folder.join("logs").join(format!("{name}.log"))
    }

    fn page(&self) -> Result<PathBuf> {
        self.page.clone().context("the page is not built")
    }

    /// The programs of every worker, started at the first call.
    fn programs(&mut self) -> Result<&[Running]> {
        if self.running.is_empty() {
            let page = self.page()?;
            let programs = programs::build(&self.log("programs"))?;
            for worker in 0..WORKERS {
                let state = self.claim.folder.join(format!("worker-{worker}"));
                let running = programs::start_afresh(&programs, &page, &state, None)?;
                self.running.push(running);
            }
        }
        Ok(&self.running)
    }

    fn play(&mut self, name: &str, projects: &[&str], log: &Path) -> Result<Done> {
        let run = playwright::Run {
            name,
            projects,
            tag: None,
        };
        Ok(run.against(self.programs()?, log)?.into())
    }
}

/// Runs cargo as one check.
fn check(name: &str, args: &str, log: &Path) -> Result<Done> {
    let mut cargo = host::cargo(args);
    cargo.env("RUSTDOCFLAGS", "-D warnings");
    Ok(Count::one(log::run(name, log, &mut cargo)?).into())
}

fn fmt(_: &mut Shared, log: &Path) -> Result<Done> {
    check("fmt", "fmt --all --check", log)
}

fn clippy(_: &mut Shared, log: &Path) -> Result<Done> {
    let servers = check(
        "clippy",
        &format!("clippy {SERVERS} {FAILPOINTS} {STRICT}"),
        log,
    )?;
    if servers.count.failed > 0 {
        return Ok(servers);
    }
    check("clippy", &format!("clippy {OTHERS} {STRICT}"), log)
}

fn clippy_wasm(_: &mut Shared, log: &Path) -> Result<Done> {
    setup::page()?;
    check("clippy-wasm", &format!("clippy {WASM} {STRICT}"), log)
}

fn docs(_: &mut Shared, log: &Path) -> Result<Done> {
    check("docs", "doc --no-deps --workspace", log)
}

fn host_tests(_: &mut Shared, log: &Path) -> Result<Done> {
    let postgres = Postgres::start(&postgres::ensure()?, Durability::Process)?;
    let mut count = Count::default();
    let servers = format!("{SERVERS} {FAILPOINTS}");
    // The backend over HTTP once more. What needs one of the engines has such a name.
    let on_sqlite = format!("{servers} -- --skip two_copies");
    let on_postgres = format!("{servers} --test backend -- --skip sqlite_file");
    let runs = [
        (on_sqlite, "sqlite"),
        (on_postgres, "postgres"),
        (OTHERS.to_owned(), "sqlite"),
    ];
    for (tests, engine) in runs {
        let mut cargo = host::cargo(&format!("test --no-fail-fast {tests}"));
        // Tests make databases of their own there.
        cargo
            .env("TEST_POSTGRES_URL", &postgres.url)
            .env("TEST_ENGINE", engine);
        let succeeded = log::run("host-tests", log, &mut cargo)?;
        count += Count::of_cargo(&log::text(log)).judged(succeeded);
        if count.failed > 0 {
            break;
        }
    }
    Ok(count.into())
}

fn browser_tests(shared: &mut Shared, log: &Path) -> Result<Done> {
    in_browser(shared, "browser-tests", WASM, &Driven::chromium()?, log)
}

/// The bindings alone: they are what other pages use, in whatever browser.
fn firefox_tests(shared: &mut Shared, log: &Path) -> Result<Done> {
    const BINDINGS: &str = "--package toss-payments-sdk --test web --target wasm32-unknown-unknown";
    match Driven::firefox()? {
        Some(firefox) => in_browser(shared, "firefox-tests", BINDINGS, &firefox, log),
        None => Ok(Done {
            count: Count::default(),
            said: "not run: there is no Firefox here; install it, and they will be".to_owned(),
        }),
    }
}

/// Runs tests by wasm-bindgen's runner.
fn in_browser(
    shared: &Shared,
    name: &str,
    packages: &str,
    browser: &Driven,
    log: &Path,
) -> Result<Done> {
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
    let succeeded = log::run(name, log, &mut cargo)?;
    let count = Count::of_cargo(&log::text(log));
    Ok(count.judged(succeeded).into())
}

fn build_page(shared: &mut Shared, log: &Path) -> Result<Done> {
    shared.page = Some(page::build_with(&setup::page()?, log)?);
    Ok(Count::one(true).into())
}

fn weigh(shared: &mut Shared, _: &Path) -> Result<Done> {
    let weight = size::weigh(&shared.page()?)?;
    let count = Count::one(weight.is_light());
    let said = if weight.is_light() {
        weight.verdict()
    } else {
        weight.table()
    };
    Ok(Done { count, said })
}

fn e2e_types(_: &mut Shared, log: &Path) -> Result<Done> {
    Ok(playwright::check_types(log)?.into())
}

fn typings(_: &mut Shared, log: &Path) -> Result<Done> {
    let mut cargo = host::cargo("test --package toss-payments-sdk --test typings");
    cargo.env("TYPINGS_DIR", playwright::generated());
    let succeeded = log::run("typings", log, &mut cargo)?;
    let mut count = Count::of_cargo(&log::text(log)).judged(succeeded);
    if count.failed == 0 {
        count += playwright::check_typings(log)?;
    }
    Ok(count.into())
}

fn drive_clients(shared: &mut Shared, log: &Path) -> Result<Done> {
    let python = clients::python()?;
    let programs = shared.programs()?.first().context("nothing runs")?;
    let count = clients::run(python.as_deref(), &programs.sandbox.origin, log)?;
    let said = match python {
        Some(_) => "",
        None => "without the Python client: there is no Python with venv here",
    };
    let said = said.to_owned();
    Ok(Done { count, said })
}

fn walk_gallery(shared: &mut Shared, log: &Path) -> Result<Done> {
    let gallery = gallery::start(&setup::page()?, 0, &shared.log("gallery-build"))?;
    Ok(gallery.walk("gallery", log)?.into())
}

fn smoke(shared: &mut Shared, log: &Path) -> Result<Done> {
    shared.play("smoke", &["smoke"], log)
}

fn journeys(shared: &mut Shared, log: &Path) -> Result<Done> {
    shared.play("e2e", &["desktop", "phone"], log)
}

/// The main journeys with the backend's other database.
fn journeys_on_postgres(shared: &mut Shared, log: &Path) -> Result<Done> {
    let page = shared.page()?;
    let programs = programs::build(&shared.log("programs"))?;
    let server = Postgres::start(&postgres::ensure()?, Durability::Process)?;
    let mut running = Vec::new();
    for worker in 0..WORKERS {
        let name = format!("postgres-{worker}");
        let (state, database) = (shared.claim.folder.join(&name), server.database(&name)?);
        running.push(programs::start_afresh(
            &programs,
            &page,
            &state,
            Some(database),
        )?);
    }
    let run = playwright::Run {
        name: "e2e-postgres",
        projects: &["desktop", "phone"],
        tag: Some("@main"),
    };
    Ok(run.against(&running, log)?.into())
}

fn embed(shared: &mut Shared, log: &Path) -> Result<Done> {
    examples::build(&shared.page()?, &setup::page()?)?;
    shared.play("embed", &["embed", "embed-phone"], log)
}
