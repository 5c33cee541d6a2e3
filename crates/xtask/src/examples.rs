//! The examples: sites that show the checkout as their developers would.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::{host, package, paths, process};

/// Packs the checkout and builds the React example with it, as npm would install it.
pub(crate) fn build(dist: &Path, tools: &[PathBuf]) -> Result<()> {
    host::need_node()?;
    let package = package::build(dist, tools)?;
    println!("building the React example with {}", package.display());
    let folder = paths::workspace().join("examples/react");
    let npm = |args: &str| process::show(host::npm(args).current_dir(&folder));
    // Not saved: its digest is another one after every build.
    let mut install = host::npm("install --no-save --ignore-scripts");
    let built = npm("ci --ignore-scripts")?
        && process::show(install.arg(&package).current_dir(&folder))?
        && npm("run --silent types")?
        && npm("run --silent build")?;
    if !built {
        bail!(
            "the React example could not be built (see above); its packages come over the network"
        );
    }
    Ok(())
}
