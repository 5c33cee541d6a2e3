//! The sandbox, the merchant's backend and the demo shop: built, started, watched, stopped.

use std::{
    fs,
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    ports,
    process::{self, Group, Logged},
    secrets::{self, Keys},
    target, tools,
};

const BUILD_LIMIT: Duration = Duration::from_mins(40);
/// Starting opens a port and a database.
const START_LIMIT: Duration = Duration::from_secs(30);
const SANDBOX: &str = "toss-sandbox";
const MERCHANT: &str = "toss-merchant";
const SHOP: &str = "demo-shop";
/// The pair of keys that Toss's documentation shows: the sandbox knows it.
const CLIENT_KEY: &str = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq";
const SECRET_KEY: &str = "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R";

/// Compiles the programs and answers their folder. The page is not compiled for this machine.
///
/// # Errors
/// They do not compile.
pub(crate) fn build(log: &Path) -> Result<PathBuf> {
    let mut cargo = target::cargo()?;
    cargo.arg("build");
    for package in [SANDBOX, MERCHANT, SHOP] {
        cargo.args(["--package", package]);
    }
    let job = Logged {
        name: "programs",
        log: log.to_path_buf(),
        limit: BUILD_LIMIT,
    };
    if !job.run(&mut cargo)? {
        bail!(
            "the programs could not be built:\n{}",
            process::tail(log, 60)
        );
    }
    Ok(target::folder()?.join("debug"))
}

/// How they are to be started.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Folder of the compiled programs.
    pub(crate) programs: PathBuf,
    /// Folder of the built page.
    pub(crate) page: PathBuf,
    /// Folder of the database, the keys and the logs, claimed for this run.
    pub(crate) state: PathBuf,
    pub(crate) ports: Ports,
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

impl Ports {
    /// Those that nobody uses.
    ///
    /// # Errors
    /// The system has none left.
    pub(crate) fn free() -> Result<Self> {
        let [shop, pay, sandbox, site] = ports::free()?;
        Ok(Self {
            shop,
            pay,
            sandbox,
            site,
        })
    }
}

/// Where the examples' server and Vite listen unless they are told otherwise.
pub(crate) const SITE_PORT: u16 = 5173;

/// The programs, running. Dropping stops them.
#[derive(Debug)]
pub(crate) struct Running {
    shop: Server,
    merchant: Server,
    sandbox: Server,
    /// Opens the merchant API.
    pub(crate) api_key: String,
    /// As in [`Ports`].
    pub(crate) site_port: u16,
}

impl Plan {
    /// Starts them and waits until they answer.
    ///
    /// # Errors
    /// A port is taken, or a program does not start.
    pub(crate) fn start(&self) -> Result<Running> {
        let state = &self.state;
        fs::create_dir_all(state).with_context(|| format!("cannot create {}", state.display()))?;
        let keys = Keys::of(state)?;
        let sandbox = self.sandbox()?;
        let merchant = self.merchant(&keys, &sandbox.origin)?;
        let mut command = self.command(SHOP)?;
        command
            .env("LISTEN", address(self.ports.shop))
            .env("CHECKOUT_API", &merchant.origin)
            .env("MERCHANT_API_KEY", &keys.api);
        let shop = Server::start("shop", origin(self.ports.shop), command, state)?;
        Ok(Running {
            shop,
            merchant,
            sandbox,
            api_key: keys.api,
            site_port: self.ports.site,
        })
    }

    fn sandbox(&self) -> Result<Server> {
        let mut command = self.command(SANDBOX)?;
        command
            .args(["--listen", &address(self.ports.sandbox)])
            .arg("--webhook-url")
            .arg(format!("{}/webhooks/toss", origin(self.ports.pay)))
            // Beside the shop's database: neither knows payments that the other has forgotten.
            .arg("--state")
            .arg(self.state.join(SANDBOX_STATE));
        Server::start("sandbox", origin(self.ports.sandbox), command, &self.state)
    }

    fn merchant(&self, keys: &Keys, sandbox: &str) -> Result<Server> {
        let page = self.state.join("page");
        tools::remove(&page)?;
        copy_folder(&self.page, &page)?;
        let origin = origin(self.ports.pay);
        let database = format!("sqlite://{}", self.state.join("shop.db").display());
        let mut command = self.command(MERCHANT)?;
        command
            .env("LISTEN", address(self.ports.pay))
            .env("PUBLIC_ORIGIN", &origin)
            .env("ALLOWED_ORIGINS", sites(self.ports.site))
            .env("DATABASE_URL", database)
            .env("TOSS_CLIENT_KEY", CLIENT_KEY)
            .env("TOSS_SECRET_KEY", SECRET_KEY)
            .env("TOSS_API_BASE", sandbox)
            .env("TOSS_SDK_URL", format!("{sandbox}/v2/standard"))
            // Moving the clock in the console moves the shop's time, too.
            .env("TOSS_SANDBOX_CLOCK", sandbox)
            .env("MERCHANT_API_KEY", &keys.api)
            .env("BILLING_KEY_ENCRYPTION_KEYS", &keys.sealing)
            .env("PAGE_DIR", &page);
        Server::start("merchant", origin, command, &self.state)
    }

    /// A program, without what the developer's shell holds for a real installation.
    fn command(&self, package: &str) -> Result<Command> {
        let mut command = Command::new(self.own_copy(package)?);
        for name in ["PUBLIC_ORIGIN", "TRUST_PROXY"] {
            command.env_remove(name);
        }
        Ok(command)
    }

    /// A copy that stays as it is when the programs are compiled again meanwhile.
    fn own_copy(&self, package: &str) -> Result<PathBuf> {
        let bin = self.state.join("bin");
        fs::create_dir_all(&bin).with_context(|| format!("cannot create {}", bin.display()))?;
        let file = format!("{package}{}", std::env::consts::EXE_SUFFIX);
        let copy = bin.join(&file);
        // Writing into a program that still runs fails; removing it does not.
        let _ = fs::remove_file(&copy);
        fs::copy(self.programs.join(&file), &copy)
            .with_context(|| format!("cannot copy {file} to {}", bin.display()))?;
        Ok(copy)
    }
}

/// The two names under which a developer opens a site on this machine, and what they allow besides.
fn sites(port: u16) -> String {
    let mut sites = format!("http://127.0.0.1:{port},http://localhost:{port}");
    let further = std::env::var("ALLOWED_ORIGINS").unwrap_or_default();
    if !further.trim().is_empty() {
        sites.push(',');
        sites.push_str(&further);
    }
    sites
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let copy = || -> std::io::Result<()> {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                fs::copy(entry.path(), to.join(entry.file_name()))?;
            }
        }
        Ok(())
    };
    copy().with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}

impl Running {
    /// Where the shop is.
    pub(crate) fn shop(&self) -> &str {
        &self.shop.origin
    }

    /// Where the backend is, which hosts the page.
    pub(crate) fn pay(&self) -> &str {
        &self.merchant.origin
    }

    /// Where the sandbox is.
    pub(crate) fn sandbox(&self) -> &str {
        &self.sandbox.origin
    }

    /// # Errors
    /// One of them ended by itself.
    pub(crate) fn check(&mut self) -> Result<()> {
        self.sandbox.check()?;
        self.merchant.check()?;
        self.shop.check()
    }
}

#[derive(Debug)]
struct Server {
    name: &'static str,
    origin: String,
    log: PathBuf,
    group: Group,
}

impl Server {
    fn start(
        name: &'static str,
        origin: String,
        mut command: Command,
        state: &Path,
    ) -> Result<Self> {
        let log = state.join(format!("{name}.log"));
        let output = process::create(&log)?;
        let errors = output.try_clone().context("cannot write the log")?;
        // A program that cannot start says why in one sentence; where in its source is not asked.
        command.env_remove("RUST_BACKTRACE");
        let group = Group::start(command.stdout(output).stderr(errors))?;
        let mut server = Self {
            name,
            origin,
            log,
            group,
        };
        server.wait()?;
        Ok(server)
    }

    fn wait(&mut self) -> Result<()> {
        let end = Instant::now() + START_LIMIT;
        let ready = format!("listening {}", self.origin);
        loop {
            self.check()?;
            let said = fs::read_to_string(&self.log).unwrap_or_default();
            if said.lines().any(|line| line.trim() == ready) && answers(&self.origin) {
                return Ok(());
            }
            if Instant::now() > end {
                bail!(
                    "the {} did not start within {} s:\n{}",
                    self.name,
                    START_LIMIT.as_secs(),
                    process::tail(&self.log, 30)
                );
            }
            process::pause()?;
        }
    }

    fn check(&mut self) -> Result<()> {
        if let Some(status) = self.group.ended()? {
            bail!(
                "the {} ended ({status}):\n{}",
                self.name,
                process::tail(&self.log, 30)
            );
        }
        Ok(())
    }
}

/// Whether a server answers HTTP at all.
fn answers(origin: &str) -> bool {
    let address = origin.trim_start_matches("http://");
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(
            stream,
            "GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        )?;
        let mut start = [0; 5];
        stream.read_exact(&mut start)?;
        Ok(start == *b"HTTP/")
    };
    ask().unwrap_or(false)
}

fn address(port: u16) -> String {
    format!("{}:{port}", Ipv4Addr::LOCALHOST)
}

fn origin(port: u16) -> String {
    format!("http://{}", address(port))
}

/// What the sandbox remembers.
const SANDBOX_STATE: &str = "toss.json";

/// Removes the databases of earlier runs, and the keys that belong to them.
///
/// # Errors
/// A file cannot be removed.
pub(crate) fn forget(state: &Path) -> Result<()> {
    for name in [
        "shop.db",
        "shop.db-shm",
        "shop.db-wal",
        "shop.db-journal",
        secrets::FILE,
        SANDBOX_STATE,
    ] {
        let file = state.join(name);
        match fs::remove_file(&file) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {}", file.display()));
            }
            _ => {}
        }
    }
    Ok(())
}
