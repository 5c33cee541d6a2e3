//! The tools that build the page, at exact versions. The versions are named here and nowhere else
//! but in `Cargo.lock` and `Trunk.toml`; tests hold the three together.

use std::{
    env,
    ffi::OsString,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail, ensure};

use crate::{host, places, process};

/// Where a tool comes from.
#[derive(Debug, Clone, Copy)]
enum Source {
    /// `cargo install`, with these flags.
    Cargo {
        package: &'static str,
        flags: &'static [&'static str],
        minutes: &'static str,
    },
    /// `npm install`.
    Npm {
        package: &'static str,
        version: &'static str,
    },
}

/// A tool.
#[derive(Debug)]
pub(crate) struct Tool {
    /// Its name, and that of its first program's package folder.
    name: &'static str,
    version: &'static str,
    /// Its programs; the first one is asked for its version.
    programs: &'static [&'static str],
    /// What it is for.
    purpose: &'static str,
    source: Source,
}

/// Turns the compiled page into what a browser loads. Exactly as old as the library, so its version
/// follows `Cargo.lock`. Without `--locked`: its own lock file may name withdrawn releases.
pub(crate) const WASM_BINDGEN: Tool = Tool {
    name: "wasm-bindgen",
    version: "0.2.130",
    programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
    purpose: "connects the compiled page with the browser",
    source: Source::Cargo {
        package: "wasm-bindgen-cli",
        flags: &[],
        minutes: "about 2 minutes",
    },
};

/// Builds the page. 0.22 needs a newer compiler.
pub(crate) const TRUNK: Tool = Tool {
    name: "trunk",
    version: "0.21.14",
    programs: &["trunk"],
    purpose: "puts the page together",
    source: Source::Cargo {
        package: "trunk",
        flags: &["--locked", "--no-default-features"],
        minutes: "about 3 minutes",
    },
};

/// Makes the page smaller. Distributions ship versions that are too old.
pub(crate) const WASM_OPT: Tool = Tool {
    name: "binaryen",
    version: "132",
    programs: &["wasm-opt"],
    purpose: "makes the compiled page smaller",
    source: Source::Npm {
        package: "binaryen",
        version: "132.0.0",
    },
};

/// Makes the page's JavaScript and styles smaller.
pub(crate) const ESBUILD: Tool = Tool {
    name: "esbuild",
    version: "0.28.2",
    programs: &["esbuild"],
    purpose: "makes the page's JavaScript and styles smaller",
    source: Source::Npm {
        package: "esbuild",
        version: "0.28.2",
    },
};

/// Reads licences and sources of all dependencies.
pub(crate) const CARGO_DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
    programs: &["cargo-deny"],
    purpose: "checks licences and sources of dependencies",
    source: Source::Cargo {
        package: "cargo-deny",
        flags: &["--locked"],
        minutes: "about 5 minutes",
    },
};

/// Drives Firefox.
pub(crate) const GECKODRIVER: Tool = Tool {
    name: "geckodriver",
    version: "0.37.1",
    programs: &["geckodriver"],
    purpose: "drives Firefox through the tests",
    source: Source::Cargo {
        package: "geckodriver",
        flags: &["--locked"],
        minutes: "about 2 minutes",
    },
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
    ///
    /// # Errors
    /// It cannot be installed.
    pub(crate) fn ensure(&self) -> Result<PathBuf> {
        let home = self.home()?;
        if let Some(ready) = self.ready(&home) {
            return Ok(ready);
        }
        let _lock = lock()?;
        // Another clone may have installed it while we waited.
        if let Some(ready) = self.ready(&home) {
            return Ok(ready);
        }
        self.install(&home)?;
        self.ready(&home).with_context(|| {
            format!(
                "{} {} was installed but does not answer",
                self.name, self.version
            )
        })
    }

    fn ready(&self, home: &Path) -> Option<PathBuf> {
        let cached = home.join(self.source.programs());
        let complete = |folder: &Path| {
            self.programs.iter().all(|name| {
                host::is_program(&folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
                    || host::is_program(&folder.join(format!("{name}.cmd")))
            })
        };
        if complete(&cached) {
            return Some(cached);
        }
        let on_path = host::which(self.programs.first()?)?;
        let said = process::ask(Command::new(&on_path).arg("--version"))?;
        let folder = on_path.parent()?.to_path_buf();
        (says_version(&said, self.version) && complete(&folder)).then_some(folder)
    }

    fn home(&self) -> Result<PathBuf> {
        Ok(places::cache()?
            .join("tools")
            .join(format!("{}-{}", self.name, self.version)))
    }

    /// Installs beside its place and moves it there when it is complete, so that an interrupted
    /// installation is never taken for a tool.
    fn install(&self, home: &Path) -> Result<()> {
        let tools = places::cache()?.join("tools");
        let partial = tools.join(format!(".partial-{}", self.name));
        remove(&partial)?;
        remove(home)?;
        println!(
            "setting up {} {}: {}",
            self.name, self.version, self.purpose
        );
        let mut command = self.source.command(self.version, &partial, &tools)?;
        if !process::show(&mut command)? {
            bail!(
                "{} {} could not be installed (see above). It comes over the network; without one, \
                 install exactly this version and put it on PATH",
                self.name,
                self.version
            );
        }
        fs::rename(&partial, home)
            .with_context(|| format!("cannot move {} to {}", partial.display(), home.display()))
    }
}

impl Source {
    /// The folder of the programs below the tool's.
    fn programs(self) -> &'static str {
        match self {
            Self::Cargo { .. } => "bin",
            Self::Npm { .. } => "node_modules/.bin",
        }
    }

    fn command(self, version: &str, partial: &Path, tools: &Path) -> Result<Command> {
        match self {
            Self::Cargo {
                package,
                flags,
                minutes,
            } => {
                println!("  compiling it takes {minutes} on two cores, once per machine");
                let mut command = host::cargo();
                command
                    .args(["install", package, "--version", version])
                    .args(flags);
                command.arg("--root").arg(partial);
                // Tools share dependencies; the folder goes when set-up is done.
                command.arg("--target-dir").arg(build_folder(tools));
                command.envs(QUICK_BUILD).env_remove("RUSTFLAGS");
                // Cargo advises to put the folder on PATH, which nobody needs to do.
                command.env("PATH", path_with(&[partial.join("bin")])?);
                Ok(command)
            }
            Self::Npm { package, version } => {
                need_node()?;
                let mut command = host::npm();
                command.args(["install", "--no-save", "--no-audit", "--no-fund"]);
                command.args(["--ignore-scripts", "--loglevel=error", "--prefix"]);
                command.arg(partial).arg(format!("{package}@{version}"));
                Ok(command)
            }
        }
    }
}

fn build_folder(tools: &Path) -> PathBuf {
    tools.join(".build")
}

/// Removes what compiling tools left behind.
///
/// # Errors
/// It cannot be removed.
pub(crate) fn tidy() -> Result<()> {
    let build = build_folder(&places::cache()?.join("tools"));
    if !build.exists() {
        return Ok(());
    }
    let _lock = lock()?;
    remove(&build)
}

/// Removes a folder that may not be there.
///
/// # Errors
/// It cannot be removed.
pub(crate) fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// One installation at a time, across all clones. Ends when dropped.
fn lock() -> Result<File> {
    let tools = places::cache()?.join("tools");
    let file = process::create(&tools.join(".lock"))?;
    places::wait(&file)?;
    Ok(file)
}

/// Whether a program's `--version` names this version and no longer one.
fn says_version(said: &str, version: &str) -> bool {
    said.split_whitespace().any(|word| word == version)
}

/// # Errors
/// Node is missing or too old.
pub(crate) fn need_node() -> Result<()> {
    const FIX: &str = "install Node 20 or newer with npm (https://nodejs.org) and run this again";
    let said = process::ask(Command::new("node").arg("--version"))
        .with_context(|| format!("Node is missing; {FIX}"))?;
    let major = said
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|n| n.parse::<u32>().ok());
    ensure!(
        major.is_some_and(|major| major >= 20),
        "Node {said} is too old; {FIX}"
    );
    ensure!(
        process::ask(host::npm().arg("--version")).is_some(),
        "npm is missing; {FIX}"
    );
    Ok(())
}

/// PATH with these folders first.
///
/// # Errors
/// A folder's name cannot be on PATH.
pub(crate) fn path_with(folders: &[PathBuf]) -> Result<OsString> {
    let old = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.iter().cloned().chain(env::split_paths(&old)))
        .context("the cache folder's name cannot be on PATH; set TOSS_CHECKOUT_CACHE to another")
}

/// # Errors
/// `Cargo.lock` has another wasm-bindgen than the one that is installed.
pub(crate) fn check_lock_file() -> Result<()> {
    let path = places::workspace().join("Cargo.lock");
    let text = fs::read_to_string(&path).context("cannot read Cargo.lock")?;
    let locked =
        locked_version(&text, WASM_BINDGEN.name).context("Cargo.lock lacks wasm-bindgen")?;
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
        let text = fs::read_to_string(places::workspace().join("Trunk.toml")).unwrap();
        for line in [
            format!("wasm_bindgen = \"{}\"", WASM_BINDGEN.version),
            format!("wasm_opt = \"version_{}\"", WASM_OPT.version),
        ] {
            assert!(
                text.lines().any(|found| found == line),
                "Trunk.toml lacks {line}"
            );
        }
    }

    #[test]
    fn only_the_exact_version_will_do() {
        assert!(says_version("trunk 0.21.14", "0.21.14"));
        assert!(says_version("wasm-opt version 132 (version_132)", "132"));
        assert!(!says_version("trunk 0.21.14-rc.1", "0.21.14"));
        assert!(!says_version("wasm-bindgen 0.2.1301", "0.2.130"));
    }
}
