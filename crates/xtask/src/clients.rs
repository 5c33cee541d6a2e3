//! Clients of Toss's API that others wrote, driven against the sandbox: `e2e/clients`.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, ensure};
use fs_err as fs;

use crate::{count::Count, host, paths, process, tools};

fn folder() -> PathBuf {
    paths::e2e().join("clients")
}

/// A Python that has the clients, in the cache; None where there is no Python that can make one. On
/// Debian as root it is installed.
pub(crate) fn python() -> Result<Option<PathBuf>> {
    let wanted = fs::read_to_string(folder().join("python/requirements.txt"))?;
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
        let _ = host::install("python3 python3-venv", "clients of Toss's API", "python");
    }
    if makes().is_none() {
        return Ok(None);
    }
    println!("setting up Python clients of Toss's API: they are driven against the sandbox");
    paths::remove(&home)?;
    let made = process::show(process::command("python3 -m venv").arg(&home))?;
    let mut pip = Command::new(&python);
    pip.args("-m pip install --quiet --disable-pip-version-check --requirement".split(' '))
        .arg(folder().join("python/requirements.txt"));
    ensure!(
        made && process::show(&mut pip)?,
        "the Python clients could not be installed (see above); they come over the network"
    );
    fs::write(&stamp, wanted)?;
    Ok(Some(python))
}

/// Drives each against this sandbox, until one finds something.
pub(crate) fn run(python: Option<&Path>, sandbox: &str, log: &Path) -> Result<Count> {
    let mut cargo = host::cargo("run --quiet --locked --manifest-path");
    cargo
        .arg(folder().join("rust/Cargo.toml"))
        .env("CARGO_TARGET_DIR", paths::target().join("clients"));
    tools::npm_ci(&folder().join("node"))?;
    let node = process::node("clients/node/check.mjs");
    let mut clients = vec![cargo, node];
    for script in ["check.py", "check_python_tosspayments.py"] {
        let Some(python) = python else { break };
        let mut check = Command::new(python);
        check.arg(folder().join("python").join(script));
        clients.push(check);
    }
    let mut count = Count::default();
    for mut client in clients {
        count += Count::of("clients", log, client.env("SANDBOX_URL", sandbox))?;
        if count.failed > 0 {
            // The log is the failed one's.
            break;
        }
    }
    Ok(count)
}
