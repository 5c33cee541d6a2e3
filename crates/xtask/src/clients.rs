//! Clients of Toss's API that others wrote, driven against the sandbox: `e2e/clients`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{
    count::Count,
    host::{self, Packages},
    places,
    process::{self, Logged},
    target, tools,
};

const LIMIT: Duration = Duration::from_mins(20);

fn folder() -> PathBuf {
    places::workspace().join("e2e/clients")
}

/// A Python that has the client, in the cache; None where there is no Python that can make one. On
/// Debian as root it is installed.
///
/// # Errors
/// The client's packages cannot be installed.
pub(crate) fn python() -> Result<Option<PathBuf>> {
    let wanted = fs::read_to_string(folder().join("python/requirements.txt"))
        .context("e2e/clients/python/requirements.txt")?;
    let home = places::cache()?.join("tools/python-clients");
    let python = home.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let stamp = home.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(Some(python));
    }
    let makes = |name: &str| {
        process::ask(Command::new(name).args(["-c", "import venv, ensurepip"])).is_some()
    };
    if !makes("python3") && host::packages() == Packages::AptAsRoot {
        let packages = ["python3", "python3-venv"];
        host::apt(&packages, "runs a client of Toss's API that others wrote")?;
    }
    if !makes("python3") {
        return Ok(None);
    }
    println!("setting up a Python client of Toss's API: it is driven against the sandbox");
    tools::remove(&home)?;
    let made = process::show(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
    let mut pip = Command::new(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]);
    pip.arg("--requirement")
        .arg(folder().join("python/requirements.txt"));
    if !made || !process::show(&mut pip)? {
        bail!("the Python client could not be installed (see above); it comes over the network");
    }
    fs::write(&stamp, wanted).context("cannot write into the cache")?;
    Ok(Some(python))
}

/// Drives both against this sandbox.
///
/// # Errors
/// One cannot be started.
pub(crate) fn run(python: Option<&Path>, sandbox: &str, log: &Path) -> Result<Count> {
    let mut cargo = host::cargo();
    cargo
        .args(["run", "--quiet", "--locked", "--manifest-path"])
        .arg(folder().join("rust/Cargo.toml"))
        .env("CARGO_TARGET_DIR", target::folder()?.join("clients"));
    let mut count = drive(&mut cargo, sandbox, log)?;
    if let Some(python) = python
        && count.failed == 0
    {
        let mut check = Command::new(python);
        check.arg(folder().join("python/check.py"));
        count += drive(&mut check, sandbox, log)?;
    }
    Ok(count)
}

/// A client that says nothing has failed.
fn drive(client: &mut Command, sandbox: &str, log: &Path) -> Result<Count> {
    let job = Logged {
        name: "clients",
        log: log.to_path_buf(),
        limit: LIMIT,
    };
    let succeeded = job.run(client.env("SANDBOX_URL", sandbox))?;
    let said = fs::read(log).context("the log is gone")?;
    let count = Count::of_cargo(&String::from_utf8_lossy(&said));
    if (succeeded && count.ran() > 0) || count.failed > 0 {
        return Ok(count);
    }
    Ok(count + Count::one(false))
}
