//! The tools that build the page and the tests, at exact versions. Those in Rust are compiled into the
//! cache; those in JavaScript are in `e2e/package.json`. A test holds the versions together that
//! `Cargo.lock` and `Trunk.toml` repeat.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

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
        let tools = paths::cache()?.join("tools");
        let home = tools.join(format!("{}-{}", self.name, self.version));
        if let Some(ready) = self.ready(&home) {
            return Ok(ready);
        }
        // One installation at a time, across all clones; one of them may have done it meanwhile.
        let lock = process::create(&tools.join(".lock"))?;
        paths::wait(&lock)?;
        if let Some(ready) = self.ready(&home) {
            return Ok(ready);
        }
        println!("setting up {} {}", self.name, self.version);
        println!("  compiling it takes minutes, once per machine");
        let build = tools.join(".build");
        let installed = process::show(
            host::cargo(&format!("install {}", self.install))
                .args(["--version", self.version, "--root"])
                .arg(&home)
                .arg("--target-dir")
                .arg(&build)
                .envs(QUICK_BUILD)
                .env_remove("RUSTFLAGS")
                // Cargo advises to put the folder on PATH, which nobody needs to do.
                .env("PATH", path_with(&[home.join("bin")])?),
        )?;
        paths::remove(&build)?;
        ensure!(
            installed,
            "{0} {1} could not be installed (see above). It comes over the network; without one, \
             install exactly this version and put it on PATH",
            self.name,
            self.version
        );
        self.ready(&home)
            .with_context(|| format!("{} was installed but does not answer", self.name))
    }

    /// The folder of the programs in the cache or, of the same version, on PATH.
    fn ready(&self, home: &Path) -> Option<PathBuf> {
        let cached = home.join("bin");
        if which::which_in(self.name, Some(&cached), home).is_ok() {
            return Some(cached);
        }
        let on_path = which::which(self.name).ok()?;
        let said = process::ask(Command::new(&on_path).arg("--version"))?;
        // A longer version does not do, such as 0.21.14-rc.1.
        let same = said.split_whitespace().any(|word| word == self.version);
        on_path.parent().filter(|_| same).map(Path::to_path_buf)
    }
}

/// Installs what comes from npm: Playwright, which brings no browser of its own, compilers and
/// `wasm-opt`. Answers the folder of the programs.
pub(crate) fn npm() -> Result<PathBuf> {
    host::need_node()?;
    let folder = paths::e2e();
    let modules = folder.join("node_modules");
    let lock = fs::read(folder.join("package-lock.json")).context("e2e/package-lock.json")?;
    let stamp = modules.join(".installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(modules.join(".bin"));
    }
    println!("setting up what comes from npm: Playwright, esbuild, wasm-opt, TypeScript");
    let mut npm = host::npm("ci --ignore-scripts");
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    ensure!(
        process::show(npm.current_dir(folder))?,
        "npm could not install it (see above); it comes over the network"
    );
    fs::write(&stamp, lock).context("cannot write into e2e/node_modules")?;
    Ok(modules.join(".bin"))
}

/// PATH with these folders first.
pub(crate) fn path_with(folders: &[PathBuf]) -> Result<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.iter().cloned().chain(env::split_paths(&old)))
        .context("the cache folder's name cannot be on PATH; set TOSS_CHECKOUT_CACHE to another")
}

/// Fails when `Cargo.lock` has another wasm-bindgen than the one that is installed.
pub(crate) fn check_lock_file() -> Result<()> {
    let path = paths::workspace().join("Cargo.lock");
    let text = fs::read_to_string(&path).context("cannot read Cargo.lock")?;
    let locked = locked_version(&text, WASM_BINDGEN.name).context("no wasm-bindgen is locked")?;
    ensure!(
        locked == WASM_BINDGEN.version,
        "Cargo.lock has wasm-bindgen {locked} but crates/xtask/src/tools.rs names {}; change it \
         there and in Trunk.toml",
        WASM_BINDGEN.version
    );
    Ok(())
}

fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let (_, after) = lock.split_once(&format!("\nname = \"{package}\"\nversion = \""))?;
    Some(after.split_once('"')?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_names_the_same_wasm_bindgen() {
        check_lock_file().unwrap();
        let lock = "\nname = \"wasm-bindgen-futures\"\nversion = \"0.4\"\n\nname = \"wasm-bindgen\"\nversion = \"1.2\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("1.2"));
    }

    #[test]
    fn trunk_asks_for_the_same_tools() {
        let read = |file: &str| fs::read_to_string(paths::workspace().join(file)).unwrap();
        let package: serde_json::Value = serde_json::from_str(&read("e2e/package.json")).unwrap();
        let binaryen = package["devDependencies"]["binaryen"].as_str().unwrap();
        let wasm_opt = binaryen.split_once('.').unwrap().0;
        for file in ["Trunk.toml", "assets/gallery/Trunk.toml"] {
            let line = format!("wasm_bindgen = \"{}\"", WASM_BINDGEN.version);
            assert!(
                read(file).lines().any(|found| found == line),
                "{file}: {line}"
            );
        }
        let line = format!("wasm_opt = \"version_{wasm_opt}\"");
        assert!(
            read("Trunk.toml").lines().any(|found| found == line),
            "{line}"
        );
    }
}
