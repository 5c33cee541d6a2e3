//! The sandbox, the merchant's backend and the demo shop: built, started, watched, stopped.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::Result;

use crate::{
    host, log, paths, ports,
    process::{self, Group},
    secrets::Keys,
};

/// Starting opens a port and a database.
const START_LIMIT: Duration = Duration::from_secs(30);
/// The pair of keys that Toss's documentation shows: the sandbox knows it.
pub(crate) const CLIENT_KEY: &str = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq";
pub(crate) const SECRET_KEY: &str = "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R";
/// Where the examples' server and Vite listen unless they are told otherwise.
pub(crate) const SITE_PORT: u16 = 5173;

/// Compiles the programs and answers their folder. The page is not compiled for this machine.
pub(crate) fn build(log: &Path) -> Result<PathBuf> {
    println!("building the shop, the merchant's backend and the sandbox");
    compile("--package demo-shop", "debug", log)
}

/// As [`build`], optimised and without the shop: what is measured.
pub(crate) fn build_optimised(log: &Path) -> Result<PathBuf> {
    println!("building the merchant's backend and the sandbox, optimised");
    compile("--release", "release", log)
}

fn compile(args: &str, folder: &str, log: &Path) -> Result<PathBuf> {
    let build = format!("build --package toss-merchant --package toss-sandbox {args}");
    log::must("programs", log, &mut host::cargo(&build))?;
    Ok(paths::target().join(folder))
}

/// Where they listen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ports {
    pub(crate) shop: u16,
    /// The merchant's backend, which hosts the page.
    pub(crate) pay: u16,
    pub(crate) sandbox: u16,
    /// On which a site of its own may show the checkout: it is one of the allowed origins.
    pub(crate) site: u16,
}

/// The programs, running. Dropping stops them.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) shop: Server,
    /// The merchant's backend, which hosts the page.
    pub(crate) merchant: Server,
    pub(crate) sandbox: Server,
    /// Opens the merchant API.
    pub(crate) api_key: String,
    /// As in [`Ports`].
    pub(crate) site_port: u16,
}

/// Starts them on free ports with empty databases in this folder, or with this one.
pub(crate) fn start_afresh(
    programs: &Path,
    page: &Path,
    state: &Path,
    database: Option<String>,
) -> Result<Running> {
    paths::remove(state)?;
    let [shop, pay, sandbox, site] = ports::free()?;
    let ports = Ports {
        shop,
        pay,
        sandbox,
        site,
    };
    start(programs, page, state, database, ports)
}

/// Starts the programs of this folder and waits until they answer. `state` is the folder of the keys, the logs
/// and the databases; the backend's records are in a file there unless `database` says where else.
pub(crate) fn start(
    programs: &Path,
    page: &Path,
    state: &Path,
    database: Option<String>,
    ports: Ports,
) -> Result<Running> {
    let keys = Keys::of(state)?;
    let server = |name, port, set: &dyn Fn(&mut Command)| {
        let program = format!("{name}{}", env::consts::EXE_SUFFIX);
        let mut command = Command::new(programs.join(program));
        command.args(["--listen", &address(port)]);
        set(&mut command);
        Server::start(name, port, command, state)
    };
    let sandbox = server("toss-sandbox", ports.sandbox, &|command| {
        let webhooks = format!("{}/webhooks/toss", origin(ports.pay));
        command
            .args(["--webhook-url", &webhooks])
            // Beside the shop's database: neither knows payments that the other has forgotten.
            .arg("--state")
            .arg(state.join("toss.json"));
    })?;
    let file = || format!("sqlite://{}", state.join("shop.db").display());
    let database = database.unwrap_or_else(file);
    let merchant = server("toss-merchant", ports.pay, &|command| {
        backend(command, &database, &sandbox.origin, &keys)
            .env("ALLOWED_ORIGINS", sites(ports.site))
            // Moving the clock in the console moves the shop's time, too.
            .env("TOSS_SANDBOX_CLOCK", &sandbox.origin)
            .env("PAGE_DIR", page);
    })?;
    let shop = server("demo-shop", ports.shop, &|command| {
        command
            .env("CHECKOUT_API", &merchant.origin)
            .env("MERCHANT_API_KEY", &keys.api);
    })?;
    Ok(Running {
        shop,
        merchant,
        sandbox,
        api_key: keys.api,
        site_port: ports.site,
    })
}

/// What the merchant's backend has to know of this sandbox, and where it keeps its records.
pub(crate) fn backend<'a>(
    command: &'a mut Command,
    database: &str,
    sandbox: &str,
    keys: &Keys,
) -> &'a mut Command {
    command
        .env("DATABASE_URL", database)
        .env("TOSS_CLIENT_KEY", CLIENT_KEY)
        .env("TOSS_SECRET_KEY", SECRET_KEY)
        .env("TOSS_API_BASE", sandbox)
        .env("TOSS_SDK_URL", format!("{sandbox}/v2/standard"))
        .env("MERCHANT_API_KEY", &keys.api)
        .env("BILLING_KEY_ENCRYPTION_KEYS", &keys.sealing)
}

/// The two names under which a developer opens a site on this machine, and what they allow besides.
fn sites(port: u16) -> String {
    let sites = format!("http://127.0.0.1:{port},http://localhost:{port}");
    match env::var("ALLOWED_ORIGINS") {
        Ok(further) if !further.trim().is_empty() => format!("{sites},{further}"),
        _ => sites,
    }
}

/// Where a program of this machine listens.
pub(crate) fn address(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

fn origin(port: u16) -> String {
    format!("http://{}", address(port))
}

impl Running {
    /// Fails when one of them ended by itself.
    pub(crate) fn check(&mut self) -> Result<()> {
        [&mut self.sandbox, &mut self.merchant, &mut self.shop]
            .into_iter()
            .try_for_each(Server::check)
    }
}

/// One of them.
#[derive(Debug)]
pub(crate) struct Server {
    name: &'static str,
    /// Where it answers.
    pub(crate) origin: String,
    log: PathBuf,
    group: Group,
}

impl Server {
    /// Starts a program that says `listening http://…`, with its words in a file of this folder, and
    /// waits until it answers.
    pub(crate) fn start(
        name: &'static str,
        port: u16,
        mut command: Command,
        state: &Path,
    ) -> Result<Self> {
        let log = state.join(format!("{name}.log"));
        process::create(&log)?;
        // What the developer's shell holds for a real installation does not belong here. A program that
        // cannot start says why in one sentence; where in its source is not asked.
        for variable in ["PUBLIC_ORIGIN", "TRUST_PROXY", "RUST_BACKTRACE"] {
            command.env_remove(variable);
        }
        let origin = origin(port);
        let mut group = Group::start_logged(&mut command, &log)?;
        let ready = format!("listening {origin}");
        group.until(name, &log, START_LIMIT, |said| {
            said.lines().any(|line| line.trim() == ready)
        })?;
        Ok(Self {
            name,
            origin,
            log,
            group,
        })
    }

    fn check(&mut self) -> Result<()> {
        self.group.check(self.name, &self.log)
    }
}
