//! `cargo xtask package`: the checkout for other people's pages, as an npm package.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{process, tools};

/// Makes the package of a built page and answers the `.tgz`.
pub(crate) fn build(dist: &Path) -> Result<PathBuf> {
    tools::npm()?;
    Ok(process::read(process::node("build/package.mjs").arg(dist))?.into())
}
