//! Everything that the commands need, installed or asked for.

use std::{path::PathBuf, process::Command, process::ExitCode};

use anyhow::{Context, Result, bail};

use crate::{browser, clients, e2e, firefox, host, postgres, process, tools};

const WASM: &str = "wasm32-unknown-unknown";

/// `cargo xtask setup`.
///
/// # Errors
/// Something is missing that cannot be installed.
pub(crate) fn run() -> Result<ExitCode> {
    components()?;
    page()?;
    browser::ensure(browser::Use::DriverToo)?;
    firefox::ensure()?;
    e2e::install()?;
    clients::python()?;
    postgres::ensure()?;
    println!("everything is there");
    Ok(ExitCode::SUCCESS)
}

/// What building the page needs; answers the folders of its tools.
///
/// # Errors
/// Something is missing that cannot be installed.
pub(crate) fn page() -> Result<Vec<PathBuf>> {
    tools::check_lock_file()?;
    wasm_target()?;
    tools::need_node()?;
    let folders = [
        &tools::WASM_BINDGEN,
        &tools::TRUNK,
        &tools::WASM_OPT,
        &tools::ESBUILD,
    ]
    .into_iter()
    .map(tools::Tool::ensure)
    .collect::<Result<_>>()?;
    tools::tidy()?;
    Ok(folders)
}

/// The compiler's library for WebAssembly.
fn wasm_target() -> Result<()> {
    if has_wasm_target() {
        return Ok(());
    }
    println!("setting up the compiler's target {WASM}: the page runs as WebAssembly");
    if host::which("rustup").is_none() {
        bail!(
            "the compiler lacks the target {WASM} and there is no rustup to add it; install Rust \
             with rustup (https://rustup.rs), or your system's package of that target"
        );
    }
    if !process::show(Command::new("rustup").args(["target", "add", WASM]))? {
        bail!("rustup could not add {WASM} (see above); it comes over the network");
    }
    Ok(())
}

fn has_wasm_target() -> bool {
    let mut rustc = Command::new("rustc");
    rustc.args(["--print", "target-libdir", "--target", WASM]);
    process::ask(&mut rustc).is_some_and(|folder| {
        std::fs::read_dir(folder).is_ok_and(|files| {
            files
                .flatten()
                .any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
        })
    })
}

/// `cargo fmt` and `cargo clippy`, which rustup's minimal profile leaves out.
///
/// # Errors
/// They are missing and cannot be installed.
pub(crate) fn components() -> Result<()> {
    for (command, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if process::ask(host::cargo().args([command, "--version"])).is_some() {
            continue;
        }
        println!("setting up {component}: part of the checks");
        let added = process::show(Command::new("rustup").args(["component", "add", component]))
            .with_context(|| {
                format!("cargo {command} is missing and there is no rustup to add it")
            })?;
        if !added {
            bail!("rustup could not add {component} (see above); it comes over the network");
        }
    }
    Ok(())
}
