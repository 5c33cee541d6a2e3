//! The examples: sites that show the checkout as their developers would.

use std::path::Path;

use anyhow::Result;

use crate::{host, page, paths, process, tools};

/// Packs the checkout and builds the React example with it, as npm would install it.
pub(crate) fn build(dist: &Path) -> Result<()> {
    let package = page::package(dist)?;
    println!("building the React example with {}", package.display());
    let folder = paths::workspace().join("examples/react");
    tools::npm_ci(&folder)?;
    // Not saved: its digest is another one after every build.
    let mut install = host::npm("install --no-save --ignore-scripts");
    process::must(install.arg(&package).current_dir(&folder))?;
    for script in ["types", "build"] {
        process::must(host::npm("run --silent").arg(script).current_dir(&folder))?;
    }
    Ok(())
}
