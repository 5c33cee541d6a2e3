//! Everything that the commands need, installed or asked for.

use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};

use crate::{browser::Driven, clients, paths, postgres, process, tools};

/// What the pages are compiled for.
const WASM: &str = "wasm32-unknown-unknown";

/// Installs what any command needs.
pub(crate) fn run() -> Result<()> {
    page()?;
    Driven::chromium()?;
    Driven::firefox()?;
    clients::python()?;
    postgres::ensure().map(drop)
}

/// What building the page needs; answers the folders of its tools.
pub(crate) fn page() -> Result<Vec<PathBuf>> {
    wasm_target()?;
    let (bindgen, trunk) = (tools::WASM_BINDGEN.ensure()?, tools::TRUNK.ensure()?);
    Ok(vec![bindgen, trunk, tools::npm()?])
}

/// The compiler's part for the browser. `rust-toolchain.toml` names it, but rustup installs it by itself only
/// where it may (`RUSTUP_AUTO_INSTALL`).
fn wasm_target() -> Result<()> {
    let ask = |words: &str| process::read(process::command(words).current_dir(paths::workspace()));
    let compiler = ask("rustc --print sysroot")?;
    if Path::new(&compiler).join("lib/rustlib").join(WASM).exists() {
        return Ok(());
    }
    println!("setting up {WASM}: what the pages are compiled for");
    let mut rustup = process::command(&format!("rustup target add {WASM}"));
    ensure!(
        process::show(rustup.current_dir(paths::workspace())).unwrap_or_default(),
        "the compiler cannot compile for {WASM}: run rustup target add {WASM}, which comes over the \
         network, or install what your system calls its standard library"
    );
    Ok(())
}
