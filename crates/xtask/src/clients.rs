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

/// A Python that has the clients, in the cache; None where there is no Python that can make one. On
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
    fs::write(&stamp, wanted).context("cannot write into the cache")?;
    Ok(Some(python))
}

/// Installs the client for Node.
fn install_node() -> Result<()> {
    host::need_node()?;
    let home = folder().join("node");
    let lock =
        fs::read(home.join("package-lock.json")).context("e2e/clients/node/package-lock.json")?;
    let stamp = home.join("node_modules/.installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("setting up a Node client of Toss's API: it is driven against the sandbox");
    let mut npm = host::npm("ci --ignore-scripts");
    ensure!(
        process::show(npm.current_dir(home))?,
        "the Node client could not be installed (see above); it comes over the network"
    );
    fs::write(&stamp, lock).context("cannot write into e2e/clients/node/node_modules")
}

/// Drives each against this sandbox, until one finds something.
pub(crate) fn run(python: Option<&Path>, sandbox: &str, log: &Path) -> Result<Count> {
    let mut cargo = host::cargo("run --quiet --locked --manifest-path");
    cargo
        .arg(folder().join("rust/Cargo.toml"))
        .env("CARGO_TARGET_DIR", paths::target().join("clients"));
    install_node()?;
    let mut node = Command::new("node");
    node.arg("check.mjs").current_dir(folder().join("node"));
    let mut clients = vec![cargo, node];
    for script in ["check.py", "check_python_tosspayments.py"] {
        let Some(python) = python else { break };
        let mut check = Command::new(python);
        check.arg(folder().join("python").join(script));
        clients.push(check);
    }
    let mut count = Count::default();
    for mut client in clients {
        count += drive(&mut client, sandbox, log)?;
        if count.failed > 0 {
            // The log is the failed one's.
            break;
        }
    }
    Ok(count)
}

fn drive(client: &mut Command, sandbox: &str, log: &Path) -> Result<Count> {
    let succeeded = log::run("clients", log, client.env("SANDBOX_URL", sandbox))?;
    Ok(Count::of_cargo(&log::text(log)).judged(succeeded))
}
