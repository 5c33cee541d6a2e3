//! The sandbox and the merchant's backend: built, started, watched, stopped.

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
    process::{self, Group, Logged},
    secrets::{self, Keys},
    target, tools,
};

const BUILD_LIMIT: Duration = Duration::from_mins(40);
/// Starting opens a port and a database.
const START_LIMIT: Duration = Duration::from_secs(30);
const PACKAGES: [&str; 2] = ["toss-sandbox", "toss-merchant"];

/// Compiles both programs and answers their folder. The page is not compiled for this machine.
///
/// # Errors
/// They do not compile.
pub(crate) fn build(log: &Path) -> Result<PathBuf> {
    let mut cargo = target::cargo()?;
    cargo.arg("build");
    for package in PACKAGES {
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

/// How the two are to be started.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Folder of the compiled programs.
    pub(crate) programs: PathBuf,
    /// Folder of the built page.
    pub(crate) page: PathBuf,
    /// Folder of the database, the keys and the logs, claimed for this run.
    pub(crate) state: PathBuf,
    /// The merchant's port.
    pub(crate) port: u16,
    /// The sandbox's port.
    pub(crate) sandbox_port: u16,
    /// The port on which a site of its own may show the checkout: it is one of the allowed origins.
    pub(crate) site_port: u16,
}

/// Where the examples' server and Vite listen unless they are told otherwise.
pub(crate) const SITE_PORT: u16 = 5173;

/// Both programs, running. Dropping stops them.
#[derive(Debug)]
pub(crate) struct Running {
    merchant: Server,
    sandbox: Server,
    /// Opens the merchant API.
    pub(crate) api_key: String,
    /// As in [`Plan`].
    pub(crate) site_port: u16,
}

impl Plan {
    /// Starts both and waits until they answer.
    ///
    /// # Errors
    /// A port is taken, or a program does not start.
    pub(crate) fn start(&self) -> Result<Running> {
        let state = &self.state;
        let keys = Keys::of(state)?;
        let page = state.join("page");
        tools::remove(&page)?;
        copy_folder(&self.page, &page)?;
        let bin = state.join("bin");
        fs::create_dir_all(&bin).with_context(|| format!("cannot create {}", bin.display()))?;
        let merchant = origin(self.port);
        let sandbox = origin(self.sandbox_port);

        let mut command = Command::new(self.own_copy(PACKAGES[0], &bin)?);
        command.args(["--listen", &address(self.sandbox_port)]);
        command
            .arg("--webhook-url")
            .arg(format!("{merchant}/webhooks/toss"))
            // Beside the shop's database: neither knows payments that the other has forgotten.
            .arg("--state")
            .arg(state.join(SANDBOX_STATE));
        let sandbox = Server::start("sandbox", sandbox, command, state)?;

        let mut command = Command::new(self.own_copy(PACKAGES[1], &bin)?);
        command.arg("--demo");
        // What the developer's shell holds for a real installation does not belong here.
        for name in ["TOSS_CLIENT_KEY", "TOSS_SECRET_KEY", "TRUST_PROXY"] {
            command.env_remove(name);
        }
        let database = state.join("shop.db");
        command
            .env("LISTEN", address(self.port))
            .env("PUBLIC_ORIGIN", &merchant)
            .env("ALLOWED_ORIGINS", sites(self.site_port))
            .env("DATABASE_URL", format!("sqlite://{}", database.display()))
            .env("TOSS_API_BASE", &sandbox.origin)
            .env("TOSS_SDK_URL", format!("{}/v2/standard", sandbox.origin))
            // Moving the clock in the console moves the shop's time, too.
            .env("TOSS_SANDBOX_CLOCK", &sandbox.origin)
            .env("MERCHANT_API_KEY", &keys.api)
            .env("BILLING_KEY_ENCRYPTION_KEYS", &keys.sealing)
            .env("PAGE_DIR", &page);
        let merchant = Server::start("merchant", merchant, command, state)?;
        Ok(Running {
            merchant,
            sandbox,
            api_key: keys.api,
            site_port: self.site_port,
        })
    }

    /// A copy that stays as it is when the programs are compiled again meanwhile.
    fn own_copy(&self, package: &str, bin: &Path) -> Result<PathBuf> {
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
        self.merchant.check()
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
