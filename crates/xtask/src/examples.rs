//! The examples: sites that show the checkout as their developers would.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::{host, package, places, process, tools};

/// Packs the checkout and builds the React example with it, as npm would install it.
///
/// # Errors
/// Something does not build, or there is no network.
pub(crate) fn build(dist: &Path, tools: &[PathBuf]) -> Result<()> {
    tools::need_node()?;
    let package = package::build(dist, tools)?;
    let folder = places::workspace().join("examples/react");
    let npm = |args: &[&str]| {
        let mut npm = host::npm();
        npm.args(args).current_dir(&folder);
        npm.args(["--no-audit", "--no-fund", "--loglevel=error"]);
        process::show(&mut npm)
    };
    println!("building the React example with {}", package.display());
    let tgz = package.display().to_string();
    // Not saved: its digest is another one after every build.
    let built = npm(&["ci", "--ignore-scripts"])?
        && npm(&["install", "--no-save", "--ignore-scripts", &tgz])?
        && npm(&["run", "--silent", "types"])?
        && npm(&["run", "--silent", "build"])?;
    if !built {
        bail!(
            "the React example could not be built (see above); its packages come over the network"
        );
    }
    Ok(())
}
