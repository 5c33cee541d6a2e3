//! Where things lie: the workspace, the cache that all clones share, and this clone's own files.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::process;

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn workspace() -> PathBuf {
    // Set by `cargo run`; the compiled-in folder serves a binary that was started by hand.
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package
        .ancestors()
        .nth(2)
        .map_or_else(|| package.clone(), Path::to_path_buf)
}

/// The user's cache for this project: `TOSS_CHECKOUT_CACHE`, or `toss-checkout` in the system's cache
/// folder.
///
/// # Errors
/// The system names no home folder.
pub(crate) fn cache() -> Result<PathBuf> {
    cache_from(|name| env::var_os(name).map(PathBuf::from)).context(
        "no home folder is known; set TOSS_CHECKOUT_CACHE to a folder for tools and builds",
    )
}

fn cache_from(var: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let set = |name: &str| var(name).filter(|path| !path.as_os_str().is_empty());
    if let Some(own) = set("TOSS_CHECKOUT_CACHE") {
        return Some(own);
    }
    let system = if cfg!(target_os = "macos") {
        set("HOME").map(|home| home.join("Library/Caches"))
    } else if cfg!(windows) {
        set("LOCALAPPDATA")
    } else {
        set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")))
    };
    system.map(|system| system.join("toss-checkout"))
}

/// A folder of this clone for built pages, logs and databases; it is created.
///
/// # Errors
/// It cannot be created.
pub(crate) fn state(name: &str) -> Result<PathBuf> {
    let target = env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| workspace().join("target"), |dir| workspace().join(dir));
    let folder = target.join("xtask").join(name);
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    Ok(folder)
}

/// A folder of this clone that one command uses at a time. Free again when dropped.
#[derive(Debug)]
#[must_use = "it is free again when dropped"]
pub(crate) struct Claim {
    /// The folder.
    pub(crate) folder: PathBuf,
    _lock: File,
}

impl Claim {
    fn new(name: &str, take: impl FnOnce(&File) -> Result<()>) -> Result<Self> {
        let folder = state(name)?;
        let path = folder.join(".lock");
        let lock =
            File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
        take(&lock)?;
        Ok(Self {
            folder,
            _lock: lock,
        })
    }
}

/// Claims the folder of a command.
///
/// # Errors
/// It cannot be created, or the command runs in this clone already.
pub(crate) fn claim(command: &str) -> Result<Claim> {
    Claim::new(command, |lock| {
        ensure!(
            lock.try_lock().is_ok(),
            "another `cargo xtask {command}` runs in this clone; wait for it or stop it"
        );
        Ok(())
    })
}

/// Claims a folder for a moment; waits for whoever has it.
///
/// # Errors
/// It cannot be created, or it is time to stop.
pub(crate) fn wait_for(name: &str) -> Result<Claim> {
    Claim::new(name, wait)
}

/// Waits for a lock.
///
/// # Errors
/// It is time to stop.
pub(crate) fn wait(lock: &File) -> Result<()> {
    if lock.try_lock().is_ok() {
        return Ok(());
    }
    println!("waiting for another cargo xtask");
    while lock.try_lock().is_err() {
        process::pause()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(set: &[(&str, &str)]) -> Option<PathBuf> {
        cache_from(|name| {
            let found = set.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| PathBuf::from(value))
        })
    }

    #[test]
    fn an_own_cache_folder_wins() {
        let set = [
            ("TOSS_CHECKOUT_CACHE", "/c"),
            ("HOME", "/h"),
            ("XDG_CACHE_HOME", "/x"),
        ];
        assert_eq!(with(&set), Some(PathBuf::from("/c")));
        assert_eq!(with(&[]), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn linux_keeps_caches_below_home() {
        let home = ("HOME", "/h");
        assert_eq!(
            with(&[home]),
            Some(PathBuf::from("/h/.cache/toss-checkout"))
        );
        let both = [home, ("XDG_CACHE_HOME", "/x")];
        assert_eq!(with(&both), Some(PathBuf::from("/x/toss-checkout")));
        let empty = [home, ("XDG_CACHE_HOME", ""), ("TOSS_CHECKOUT_CACHE", "")];
        assert_eq!(with(&empty), Some(PathBuf::from("/h/.cache/toss-checkout")));
    }

    #[test]
    fn a_folder_is_claimed_by_one_at_a_time() {
        let first = claim("claim-of-a-unit-test").unwrap();
        let second = claim("claim-of-a-unit-test").unwrap_err().to_string();
        assert!(second.contains("runs in this clone"), "{second}");
        drop(first);
        let third = claim("claim-of-a-unit-test").unwrap();
        fs::remove_dir_all(&third.folder).unwrap();
    }

    #[test]
    fn the_workspace_is_found() {
        assert!(workspace().join("Cargo.lock").is_file());
    }
}
