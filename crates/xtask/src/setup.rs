//! Everything that the commands need, installed or asked for. The compiler's parts are rustup's affair:
//! `rust-toolchain.toml` names them.

use std::path::PathBuf;

use anyhow::Result;

use crate::{browser::Driven, clients, postgres, tools};

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
    let (bindgen, trunk) = (tools::WASM_BINDGEN.ensure()?, tools::TRUNK.ensure()?);
    Ok(vec![bindgen, trunk, tools::npm()?])
}
