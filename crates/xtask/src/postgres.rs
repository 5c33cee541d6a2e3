//! A PostgreSQL of our own for as long as it is needed: a new cluster in a temporary folder, on a free
//! port of this machine only, with a password of its own.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    host::{self, Packages},
    ports,
    process::{self, Group},
    secrets, tools,
};

/// Making a cluster takes seconds; on a busy machine more of them.
const START_LIMIT: Duration = Duration::from_mins(2);
const USER: &str = "postgres";
/// Where packages put the programs when they are not on PATH, by version.
const PLACES: [&str; 3] = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];

/// Finds the programs, or installs them on Debian as root; answers their folder.
///
/// # Errors
/// They are missing and cannot be installed here; says what to install.
pub(crate) fn ensure() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let fix = match host::packages() {
        Packages::AptAsRoot => {
            host::apt(&["postgresql"], "the other database of the backend's tests")?;
            return find().context("PostgreSQL was installed but cannot be found");
        }
        Packages::Apt => "run: sudo apt-get install postgresql",
        Packages::Homebrew => "run: brew install postgresql@17",
        Packages::Unknown => "install your system's package of the PostgreSQL server",
    };
    bail!(
        "PostgreSQL's server is missing; {fix}. If it is installed, put `initdb` and `postgres` on PATH"
    )
}

fn find() -> Option<PathBuf> {
    let has_both = |folder: &PathBuf| {
        ["initdb", "postgres"].iter().all(|name| {
            host::is_program(&folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        })
    };
    let on_path = host::which("initdb").and_then(|path| path.parent().map(Path::to_path_buf));
    let mut installed: Vec<PathBuf> = PLACES
        .iter()
        .filter_map(|place| fs::read_dir(place).ok())
        .flat_map(|entries| entries.flatten().map(|entry| entry.path().join("bin")))
        .filter(has_both)
        .collect();
    // The newest of several; versions have two digits.
    installed.sort();
    on_path.filter(has_both).or_else(|| installed.pop())
}

/// A running server. Dropping it stops it and removes its data.
#[derive(Debug)]
#[must_use = "it ends when dropped"]
pub(crate) struct Postgres {
    /// Address of its first database, with the rights to create others.
    pub(crate) url: String,
    server: Group,
    folder: PathBuf,
}

impl Postgres {
    /// Makes a cluster with the programs of this folder and starts it.
    ///
    /// # Errors
    /// It does not start.
    pub(crate) fn start(programs: &Path) -> Result<Self> {
        let name = format!("toss-checkout-postgres-{}", std::process::id());
        let folder = env::temp_dir().join(name);
        tools::remove(&folder)?;
        fs::create_dir(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        let password = secrets::password()?;
        let [port] = ports::free()?;
        let server = start(programs, &folder, &password, port);
        if server.is_err() {
            tools::remove(&folder)?;
        }
        Ok(Self {
            url: format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres"),
            server: server?,
            folder,
        })
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.server.stop();
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            eprintln!("cannot remove {}: {error}", self.folder.display());
        }
    }
}

fn log(folder: &Path) -> PathBuf {
    folder.join("server.log")
}

fn start(programs: &Path, folder: &Path, password: &str, port: u16) -> Result<Group> {
    let data = folder.join("data");
    let secret = folder.join("password");
    fs::write(&secret, password).context("cannot write the password of the database")?;
    let log = log(folder);
    let run = |command: &mut Command| {
        let output = fs::File::options().create(true).append(true).open(&log)?;
        let errors = output.try_clone()?;
        unprivileged(command, folder, &secret)?;
        Group::start(command.current_dir(folder).stdout(output).stderr(errors))
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
        process::tail(&log, 30)
    );
    fs::remove_file(&secret).context("cannot remove the password file")?;

    let mut postgres = Command::new(programs.join("postgres"));
    postgres
        .arg("-D")
        .arg(&data)
        .args(["-p", &port.to_string()]);
    for setting in [
        "listen_addresses=127.0.0.1",
        "unix_socket_directories=",
        "max_connections=300",
        // What is committed is on the disk, as in production.
        "fsync=on",
    ] {
        postgres.args(["-c", setting]);
    }
    let mut server = run(&mut postgres)?;
    let end = Instant::now() + START_LIMIT;
    while !fs::read_to_string(&log)
        .unwrap_or_default()
        .contains("database system is ready to accept connections")
    {
        if let Some(status) = server.ended()? {
            bail!(
                "PostgreSQL did not start ({status}):\n{}",
                process::tail(&log, 30)
            );
        }
        ensure!(
            Instant::now() < end,
            "PostgreSQL did not start within {} s:\n{}",
            START_LIMIT.as_secs(),
            process::tail(&log, 30)
        );
        process::pause()?;
    }
    Ok(server)
}

/// PostgreSQL refuses to run as root, and gets a user without rights then.
#[cfg(unix)]
fn unprivileged(command: &mut Command, folder: &Path, secret: &Path) -> Result<()> {
    use std::os::unix::{fs::chown, process::CommandExt};

    if !host::is_root() {
        return Ok(());
    }
    let user = [USER, "nobody"]
        .iter()
        .find_map(|name| nix::unistd::User::from_name(name).ok().flatten())
        .context("there is no user `postgres` or `nobody` to run PostgreSQL as")?;
    let (uid, gid) = (user.uid.as_raw(), user.gid.as_raw());
    for path in [folder, secret, &log(folder)] {
        if path.exists() {
            chown(path, Some(uid), Some(gid))
                .with_context(|| format!("cannot hand {} over", path.display()))?;
        }
    }
    command.uid(uid).gid(gid);
    Ok(())
}

#[cfg(not(unix))]
fn unprivileged(_: &mut Command, _: &Path, _: &Path) -> Result<()> {
    Ok(())
}
