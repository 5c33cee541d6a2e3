//! A PostgreSQL of our own for as long as it is needed: a new cluster in a temporary folder, on a free
//! port of this machine only, with a password of its own.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use fs_err as fs;
use rand::distr::{Alphanumeric, SampleString};
use tempfile::TempDir;

use crate::{
    host, log, ports,
    process::{self, Group},
};

/// Making a cluster takes seconds; on a busy machine more of them.
const START_LIMIT: Duration = Duration::from_mins(2);
const USER: &str = "postgres";
/// Where packages put the programs when they are not on PATH, by version.
const PLACES: [&str; 3] = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];

/// Finds the programs, or installs them on Debian as root; answers their folder.
pub(crate) fn ensure() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let purpose = "the backend's other database";
    host::install("postgresql", purpose, "postgresql@17").context(
        "PostgreSQL's server is missing; if it is installed, put `initdb` and `postgres` on PATH",
    )?;
    find().context("PostgreSQL was installed but cannot be found")
}

fn find() -> Option<PathBuf> {
    let has_all = |folder: &PathBuf| {
        ["initdb", "postgres", "createdb"]
            .iter()
            .all(|name| which::which_in(name, Some(folder), folder).is_ok())
    };
    // A link on PATH may stand apart from the other programs.
    let on_path = which::which("initdb").ok();
    let on_path = on_path.and_then(|path| fs::canonicalize(path).ok());
    let on_path = on_path.and_then(|path| Some(path.parent()?.to_path_buf()));
    let entries = PLACES.iter().filter_map(|place| fs::read_dir(place).ok());
    let installed = entries
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"));
    // The newest of several; versions have two digits.
    on_path
        .filter(has_all)
        .or_else(|| installed.filter(has_all).max())
}

/// What of a commit is on the disk before it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// All of it, as in production: for what is measured.
    Full,
    /// Nothing for sure. No test cuts the power, and every test makes tables, whose files would each be
    /// waited for.
    Process,
}

/// A running server. Dropping it stops it and removes its data.
#[derive(Debug)]
#[must_use = "it ends when dropped"]
pub(crate) struct Postgres {
    programs: PathBuf,
    /// Address of its first database, with the rights to create others.
    pub(crate) url: String,
    // Dropped in this order.
    _server: Group,
    _folder: TempDir,
}

impl Postgres {
    /// Makes a cluster and starts it; the programs are installed where they are missing.
    pub(crate) fn start(durability: Durability) -> Result<Self> {
        let programs = ensure()?;
        let folder = tempfile::tempdir().context("cannot create a folder for PostgreSQL")?;
        let password = Alphanumeric.sample_string(&mut rand::rng(), 32);
        let [port] = ports::free()?;
        Ok(Self {
            url: format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres"),
            _server: start(&programs, folder.path(), &password, port, durability)?,
            programs,
            _folder: folder,
        })
    }

    /// Makes a further database; answers its address.
    pub(crate) fn database(&self, name: &str) -> Result<String> {
        let mut createdb = Command::new(self.programs.join("createdb"));
        createdb.args(["--maintenance-db", &self.url, name]);
        ensure!(process::show(&mut createdb)?, "createdb failed (see above)");
        let (server, _) = self
            .url
            .rsplit_once('/')
            .context("an address without a database")?;
        Ok(format!("{server}/{name}"))
    }
}

fn start(
    programs: &Path,
    folder: &Path,
    password: &str,
    port: u16,
    durability: Durability,
) -> Result<Group> {
    let data = folder.join("data");
    let secret = folder.join("password");
    fs::write(&secret, password)?;
    let log = folder.join("server.log");
    let run = |command: &mut Command| {
        process::create(&log)?;
        unprivileged(command, folder, &secret)?;
        Group::start_logged(command.current_dir(folder), &log)
    };

    let mut initdb = Command::new(programs.join("initdb"));
    initdb
        .args(["--username", USER, "--encoding=UTF8", "--locale=C"])
        // Not `scram`: its many rounds cost an unoptimised client more than a test does.
        .args(["--auth=password", "--no-instructions"])
        .arg("--pwfile")
        .arg(&secret)
        .arg("--pgdata")
        .arg(&data);
    let mut initdb = run(&mut initdb)?;
    let status = initdb.wait()?;
    ensure!(
        status.success(),
        "initdb failed ({status}):\n{}",
        log::tail(&log, 30)
    );
    fs::remove_file(&secret)?;

    let mut postgres = Command::new(programs.join("postgres"));
    postgres
        .arg("-D")
        .arg(&data)
        .args(["-p", &port.to_string()]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "max_connections=300",
        match durability {
            Durability::Full => "fsync=on",
            Durability::Process => "fsync=off",
        },
    ] {
        postgres.args(["-c", setting]);
    }
    let mut server = run(&mut postgres)?;
    server.until("PostgreSQL", &log, START_LIMIT, |said| {
        said.contains("database system is ready to accept connections")
    })?;
    Ok(server)
}

/// PostgreSQL refuses to run as root, and gets a user without rights then.
#[cfg(unix)]
fn unprivileged(command: &mut Command, folder: &Path, secret: &Path) -> Result<()> {
    use std::os::unix::process::CommandExt;

    use fs_err::os::unix::fs::chown;

    if !host::is_root() {
        return Ok(());
    }
    let user = [USER, "nobody"]
        .iter()
        .find_map(|name| nix::unistd::User::from_name(name).ok().flatten())
        .context("there is no user `postgres` or `nobody` to run PostgreSQL as")?;
    let (uid, gid) = (user.uid.as_raw(), user.gid.as_raw());
    for path in [folder, secret, &folder.join("server.log")] {
        if path.exists() {
            chown(path, Some(uid), Some(gid))?;
        }
    }
    command.uid(uid).gid(gid);
    Ok(())
}

#[cfg(not(unix))]
fn unprivileged(_: &mut Command, _: &Path, _: &Path) -> Result<()> {
    Ok(())
}
