//! Where things lie: the workspace, the cache that all clones share, and this clone's own files.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use fs_err::{self as fs, File};

use crate::process;

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn workspace() -> PathBuf {
    // Set by `cargo run`; the compiled-in folder serves a binary that was started by hand.
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let workspace = package.ancestors().nth(2);
    workspace.unwrap_or(&package).to_path_buf()
}

/// The folder of the tests of the whole, and of what npm installs for them and for the build.
pub(crate) fn e2e() -> PathBuf {
    workspace().join("e2e")
}

/// The user's cache for this project: `TOSS_CHECKOUT_CACHE`, or `toss-checkout` in `XDG_CACHE_HOME` or
/// `~/.cache`.
pub(crate) fn cache() -> Result<PathBuf> {
    let set = |name| env::var_os(name).filter(|path| !path.is_empty());
    if let Some(own) = set("TOSS_CHECKOUT_CACHE") {
        return Ok(own.into());
    }
    let caches = set("XDG_CACHE_HOME").map(PathBuf::from);
    let caches = caches.or_else(|| Some(env::home_dir()?.join(".cache")));
    let caches = caches.context("no home folder is known; set TOSS_CHECKOUT_CACHE to a folder")?;
    Ok(caches.join("toss-checkout"))
}

/// Where cargo compiles to.
pub(crate) fn target() -> PathBuf {
    workspace().join(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// A folder of this clone for built pages, logs and databases; it is created.
pub(crate) fn state(name: &str) -> Result<PathBuf> {
    let folder = target().join("xtask").join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// The log of this name, of what no test command runs.
pub(crate) fn log(name: &str) -> Result<PathBuf> {
    Ok(state("logs")?.join(format!("{name}.log")))
}

/// A folder of this clone that one command uses at a time. Free again when dropped.
#[derive(Debug)]
#[must_use = "it is free again when dropped"]
pub(crate) struct Claim {
    pub(crate) folder: PathBuf,
    lock: File,
}

impl Drop for Claim {
    /// A child that is being started at this moment holds the file open, too, so closing it is not enough.
    fn drop(&mut self) {
        let _ = self.lock.unlock();
    }
}

/// Claims the folder of a command; fails when the command runs in this clone already.
pub(crate) fn claim(command: &str) -> Result<Claim> {
    let folder = state(command)?;
    let lock = process::create(&folder.join(".lock"))?;
    ensure!(
        lock.try_lock().is_ok(),
        "another `cargo xtask {command}` runs in this clone; wait for it or stop it"
    );
    Ok(Claim { folder, lock })
}

/// Removes a folder that may not be there.
pub(crate) fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_claimed_by_one_at_a_time() {
        let first = claim("claim-of-a-unit-test").unwrap();
        let second = claim("claim-of-a-unit-test").unwrap_err().to_string();
        assert!(second.contains("runs in this clone"), "{second}");
        drop(first);
        let third = claim("claim-of-a-unit-test").unwrap();
        fs::remove_dir_all(&third.folder).unwrap();
    }
}
