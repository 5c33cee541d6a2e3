//! The tools that build the page and the tests, at exact versions. Those in Rust are compiled into the
//! cache; those in JavaScript are in `e2e/package.json`.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use fs_err as fs;

use crate::{host, paths, process};

/// A tool that `cargo install` compiles, named as its program.
#[derive(Debug)]
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
    /// Its package, and flags to install it.
    install: &'static str,
}

/// Exactly as old as the library, so its version follows `Cargo.lock`. Without `--locked`: its own
/// lock file may name withdrawn releases.
pub(crate) const WASM_BINDGEN: Tool = Tool {
    name: "wasm-bindgen",
    version: "0.2.130",
    install: "wasm-bindgen-cli",
};

/// 0.22 needs a newer compiler.
pub(crate) const TRUNK: Tool = Tool {
    name: "trunk",
    version: "0.21.14",
    install: "trunk --locked --no-default-features",
};

/// Licences and sources of dependencies.
pub(crate) const CARGO_DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
    install: "cargo-deny --locked",
};

/// Drives Firefox.
pub(crate) const GECKODRIVER: Tool = Tool {
    name: "geckodriver",
    version: "0.37.1",
    install: "geckodriver --locked",
};

/// Optimising tools that run for seconds costs minutes.
const QUICK_BUILD: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "0"),
];

impl Tool {
    /// The folder of its programs; it is installed when it is not there.
    pub(crate) fn ensure(&self) -> Result<PathBuf> {
        let Self {
            name,
            version,
            install,
        } = self;
        if let Some(folder) = self.on_path() {
            return Ok(folder);
        }
        let home = paths::cache()?.join(format!("tools/{name}-{version}"));
        let folder = home.join("bin");
        if which::which_in(name, Some(&folder), &home).is_ok() {
            return Ok(folder);
        }
        println!("setting up {name} {version}: compiling it takes minutes, once per machine");
        let mut cargo = host::cargo(&format!("install {install} --version {version} --root"));
        // Cargo advises to put the folder on PATH, which nobody needs to do.
        let path = path_with(std::slice::from_ref(&folder))?;
        cargo.arg(&home).envs(QUICK_BUILD).env_remove("RUSTFLAGS");
        ensure!(
            process::show(cargo.env("PATH", path))?,
            "{name} {version} could not be installed (see above). It comes over the network; without \
             one, install exactly this version and put it on PATH"
        );
        Ok(folder)
    }

    /// The folder of the programs of the same version on PATH.
    fn on_path(&self) -> Option<PathBuf> {
        let path = which::which(self.name).ok()?;
        let said = process::ask(Command::new(&path).arg("--version"))?;
        // A longer version does not do, such as 0.21.14-rc.1.
        let same = said.split_whitespace().any(|word| word == self.version);
        path.parent().filter(|_| same).map(Path::to_path_buf)
    }
}

/// Installs what comes from npm: Playwright, which brings no browser of its own, compilers and
/// `wasm-opt`. Answers the folder of the programs.
pub(crate) fn npm() -> Result<PathBuf> {
    let folder = paths::e2e();
    npm_ci(&folder)?;
    Ok(folder.join("node_modules/.bin"))
}

/// Installs what a folder's `package-lock.json` names, unless that is there.
pub(crate) fn npm_ci(folder: &Path) -> Result<()> {
    host::need_node()?;
    let lock = fs::read(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!(
        "installing what {} names",
        folder.join("package.json").display()
    );
    let mut npm = host::npm("ci --ignore-scripts");
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    ensure!(
        process::show(npm.current_dir(folder))?,
        "npm could not install it (see above); it comes over the network"
    );
    Ok(fs::write(&stamp, lock)?)
}

/// PATH with these folders first.
pub(crate) fn path_with(folders: &[PathBuf]) -> Result<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.iter().cloned().chain(env::split_paths(&old)))
        .context("the cache folder's name cannot be on PATH; set TOSS_CHECKOUT_CACHE to another")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_names_the_same_wasm_bindgen() {
        let lock = fs::read_to_string(paths::workspace().join("Cargo.lock")).unwrap();
        let version = WASM_BINDGEN.version;
        let locked = format!("\nname = \"wasm-bindgen\"\nversion = \"{version}\"\n");
        assert!(lock.contains(&locked), "{version}");
    }
}
