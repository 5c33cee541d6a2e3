//! Runs Playwright against running programs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{
    browser::{self, Use},
    count::Count,
    places,
    process::{self, Logged},
    programs::Running,
    tools,
};

const LIMIT: Duration = Duration::from_mins(30);

fn folder() -> PathBuf {
    places::workspace().join("e2e")
}

/// Installs Playwright, which brings no browser of its own.
///
/// # Errors
/// Node is missing, or there is no network.
pub(crate) fn install() -> Result<()> {
    tools::need_node()?;
    let lock = fs::read(folder().join("package-lock.json")).context("e2e/package-lock.json")?;
    let stamp = folder().join("node_modules/.installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("setting up Playwright: it drives the browser through the journeys");
    let mut npm = crate::host::npm();
    npm.args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .current_dir(folder());
    if !process::show(&mut npm)? {
        bail!("npm could not install Playwright (see above); it comes over the network");
    }
    fs::write(&stamp, lock).context("cannot write into e2e/node_modules")
}

/// Checks the types of the tests themselves; true when they are right.
///
/// # Errors
/// The compiler cannot be started.
pub(crate) fn check_types(log: &Path) -> Result<bool> {
    node("e2e-types", log, &[TSC])
}

/// Where `crates/sdk/tests/typings` writes to.
pub(crate) fn generated() -> PathBuf {
    folder().join("typings/sdk/generated")
}

/// Holds our requests and the sandbox's script against the typings of Toss's own package, one check
/// after the other.
///
/// # Errors
/// The compiler cannot be started.
pub(crate) fn check_typings(log: &Path) -> Result<Count> {
    const CHECKS: [&[&str]; 3] = [
        &["typings/sdk/ignored.mjs"],
        &[TSC, "-p", "typings/sdk"],
        &[TSC, "-p", "typings/sandbox"],
    ];
    let mut count = Count::default();
    for check in CHECKS {
        count += Count::one(node("typings", log, check)?);
        if count.failed > 0 {
            // The log is the failed one's.
            break;
        }
    }
    Ok(count)
}

const TSC: &str = "node_modules/typescript/bin/tsc";

fn node(name: &'static str, log: &Path, args: &[&str]) -> Result<bool> {
    let mut node = Command::new("node");
    node.args(args).current_dir(folder());
    Logged {
        name,
        log: log.to_path_buf(),
        limit: LIMIT,
    }
    .run(&mut node)
}

/// Which tests, and where their words go.
#[derive(Debug)]
pub(crate) struct Journeys<'a> {
    /// What it is, for people.
    pub(crate) name: &'static str,
    /// Projects of `playwright.config.ts`.
    pub(crate) projects: &'static [&'static str],
    /// Only those with this tag.
    pub(crate) tag: Option<&'static str>,
    /// Replaced by the output.
    pub(crate) log: &'a Path,
}

impl Journeys<'_> {
    /// Runs them, with a worker for each of these sets of programs. A test run that says nothing has
    /// failed.
    ///
    /// # Errors
    /// Playwright cannot be started or took too long.
    pub(crate) fn run(&self, programs: &[Running]) -> Result<Count> {
        let sets: Vec<_> = programs
            .iter()
            .map(|set| {
                serde_json::json!({
                    "shop": set.shop(),
                    "pay": set.pay(),
                    "sandbox": set.sandbox(),
                    "sitePort": set.site_port,
                    "key": set.api_key,
                })
            })
            .collect();
        self.run_with(&[("PROGRAMS", &serde_json::to_string(&sets)?)])
    }

    /// Runs them with these variables set.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub(crate) fn run_with(&self, variables: &[(&str, &str)]) -> Result<Count> {
        let browser = browser::ensure(Use::BrowserOnly)?;
        let report = self.log.with_extension("json");
        // A report of an earlier run must not be counted.
        let _ = fs::remove_file(&report);
        let mut node = Command::new("node");
        node.arg(folder().join("node_modules/@playwright/test/cli.js"))
            .arg("test");
        for project in self.projects {
            node.args(["--project", project]);
        }
        if let Some(tag) = self.tag {
            node.args(["--grep", tag]);
        }
        node.current_dir(folder())
            .envs(variables.iter().copied())
            .env("CHROMIUM", &browser.chromium)
            .env("CHROMIUM_FLAGS", browser::FLAGS.join(" "))
            .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
            .env("FORCE_COLOR", "0");
        let job = Logged {
            name: self.name,
            log: self.log.to_path_buf(),
            limit: LIMIT,
        };
        let succeeded = job.run(&mut node)?;
        let count = fs::read_to_string(&report)
            .context("no report")
            .and_then(|report| Count::of_playwright(&report))
            .unwrap_or_default();
        if succeeded && count.ran() > 0 || count.failed > 0 {
            return Ok(count);
        }
        Ok(count + Count::one(false))
    }
}
