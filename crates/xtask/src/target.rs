//! The folder of compiled crates that all clones share, so that a fresh clone compiles only its own.

use std::{
    env, fs,
    fs::File,
    path::{Path, PathBuf},
    process::Command,
    time::SystemTime,
};

use anyhow::{Context, Result};

use crate::{host, places};

/// The user's `CARGO_TARGET_DIR`, or the shared folder.
///
/// # Errors
/// The shared folder cannot be prepared.
pub(crate) fn folder() -> Result<PathBuf> {
    if let Some(own) = env::var_os("CARGO_TARGET_DIR") {
        return Ok(places::workspace().join(own));
    }
    let shared = places::cache()?.join("target");
    take_over(&shared, &places::workspace())?;
    Ok(shared)
}

/// A cargo command that uses the folder, in the workspace.
///
/// # Errors
/// As [`folder`].
pub(crate) fn cargo() -> Result<Command> {
    let mut command = host::cargo();
    command
        .env("CARGO_TARGET_DIR", folder()?)
        .current_dir(places::workspace());
    Ok(command)
}

/// What the compiler is told for the page: its messages name source files, and a buyer is not to be
/// told where the builder's home folder is. The same for all clones, whose own files it names as in
/// `src/main.rs`: another flag would compile all dependencies again.
pub(crate) fn flags_of_the_page() -> String {
    let home = env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
        .unwrap_or_default();
    let sources = home.join("registry").join("src");
    format!("--remap-path-prefix={}=src", sources.display())
}

/// Cargo tells by time stamps whether something is to be compiled again, and two clones have the
/// same crates: the files of this clone may be older than what another clone compiled. So whoever
/// comes after another clone makes its own files new.
fn take_over(shared: &Path, workspace: &Path) -> Result<()> {
    let owner = shared.join("toss-checkout-owner");
    let me = workspace.to_string_lossy();
    match fs::read_to_string(&owner) {
        Ok(last) if last == me => return Ok(()),
        Ok(_) => touch_all(workspace)?,
        Err(_) if shared.exists() => touch_all(workspace)?,
        Err(_) => {}
    }
    fs::create_dir_all(shared).with_context(|| format!("cannot create {}", shared.display()))?;
    fs::write(&owner, me.as_bytes()).with_context(|| format!("cannot write {}", owner.display()))
}

fn touch_all(workspace: &Path) -> Result<()> {
    let mut packages = vec![workspace.to_path_buf()];
    let crates = workspace.join("crates");
    packages.extend(
        fs::read_dir(&crates)
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path()),
    );
    let now = SystemTime::now();
    for package in packages {
        for folder in ["src", "tests", "examples", "benches"] {
            touch_rust(&package.join(folder), now)?;
        }
    }
    Ok(())
}

fn touch_rust(folder: &Path, now: SystemTime) -> Result<()> {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            touch_rust(&path, now)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            File::options()
                .append(true)
                .open(&path)
                .and_then(|file| file.set_modified(now))
                .with_context(|| format!("cannot update the time of {}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clone_that_comes_after_another_is_compiled_again() {
        let home = env::temp_dir().join(format!("xtask-target-{}", std::process::id()));
        let (shared, first, second) = (home.join("target"), home.join("a"), home.join("b"));
        let long_ago = SystemTime::now() - Duration::from_hours(1);
        let file = |clone: &Path| clone.join("crates/x/src/lib.rs");
        for clone in [&first, &second] {
            fs::create_dir_all(clone.join("crates/x/src")).unwrap();
            File::create(file(clone))
                .unwrap()
                .set_modified(long_ago)
                .unwrap();
        }
        let is_new = |clone: &Path| file(clone).metadata().unwrap().modified().unwrap() > long_ago;

        take_over(&shared, &first).unwrap();
        assert!(!is_new(&first), "nothing was compiled before");
        take_over(&shared, &first).unwrap();
        assert!(!is_new(&first), "the same clone again");
        take_over(&shared, &second).unwrap();
        assert!(is_new(&second));
        assert!(!is_new(&first));
        take_over(&shared, &first).unwrap();
        assert!(is_new(&first));
        fs::remove_dir_all(home).unwrap();
    }
}
