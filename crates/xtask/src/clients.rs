//! Clients of Toss's API that others wrote, driven against the sandbox: `e2e/clients`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::{count::Count, host, log, paths, process};

fn folder() -> PathBuf {
    paths::e2e().join("clients")
}

/// A Python that has the client, in the cache; None where there is no Python that can make one. On
/// Debian as root it is installed.
pub(crate) fn python() -> Result<Option<PathBuf>> {
    let wanted = fs::read_to_string(folder().join("python/requirements.txt"))
        .context("e2e/clients/python/requirements.txt")?;
    let home = paths::cache()?.join("tools/python-clients");
    let python = home.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let stamp = home.join("installed.txt");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(Some(python));
    }
    let makes = || process::ask(Command::new("python3").args(["-c", "import venv, ensurepip"]));
    if makes().is_none() {
        let packages = ["python3", "python3-venv"];
        let _ = host::install(
            &packages,
            "runs a client of Toss's API that others wrote",
            "",
        );
    }
    if makes().is_none() {
        return Ok(None);
    }
    println!("setting up a Python client of Toss's API: it is driven against the sandbox");
    paths::remove(&home)?;
    let made = process::show(process::command("python3 -m venv").arg(&home))?;
    let mut pip = Command::new(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ])
    .arg("--requirement")
    .arg(folder().join("python/requirements.txt"));
    ensure!(
        made && process::show(&mut pip)?,
        "the Python client could not be installed (see above); it comes over the network"
    );
    fs::write(&stamp, wanted).context("cannot write into the cache")?;
    Ok(Some(python))
}

/// Drives both against this sandbox.
pub(crate) fn run(python: Option<&Path>, sandbox: &str, log: &Path) -> Result<Count> {
    let mut cargo = host::cargo("run --quiet --locked --manifest-path");
    cargo
        .arg(folder().join("rust/Cargo.toml"))
        .env("CARGO_TARGET_DIR", paths::target().join("clients"));
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

fn drive(client: &mut Command, sandbox: &str, log: &Path) -> Result<Count> {
    let succeeded = log::run("clients", log, client.env("SANDBOX_URL", sandbox))?;
    Ok(Count::of_cargo(&log::text(log)).judged(succeeded))
}
