//! Runs Playwright, and the compiler of its tests.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::json;

use crate::{browser, count::Count, log, paths, process, programs::Running, tools};

const TSC: &str = "node node_modules/typescript/bin/tsc";
/// Our requests and the sandbox's script, held against the typings of Toss's own package.
const TYPINGS: [&str; 3] = [
    "node typings/sdk/ignored.mjs",
    "node node_modules/typescript/bin/tsc -p typings/sdk",
    "node node_modules/typescript/bin/tsc -p typings/sandbox",
];

/// Where `crates/sdk/tests/typings` writes to.
pub(crate) fn generated() -> PathBuf {
    paths::e2e().join("typings/sdk/generated")
}

/// Checks the types of the tests themselves.
pub(crate) fn check_types(log: &Path) -> Result<Count> {
    tools::npm()?;
    let mut tsc = process::command(TSC);
    let right = log::run("e2e-types", log, tsc.current_dir(paths::e2e()))?;
    Ok(Count::one(right))
}

/// Holds the typings together, one check after the other until one fails: the log is its own.
pub(crate) fn check_typings(log: &Path) -> Result<Count> {
    tools::npm()?;
    let mut count = Count::default();
    for check in TYPINGS {
        let mut node = process::command(check);
        count += Count::one(log::run("typings", log, node.current_dir(paths::e2e()))?);
        if count.failed > 0 {
            break;
        }
    }
    Ok(count)
}

/// What Playwright runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run<'a> {
    /// What it is, for people.
    pub(crate) name: &'a str,
    /// Projects of `playwright.config.ts`.
    pub(crate) projects: &'a [&'a str],
    /// Only those with this tag.
    pub(crate) tag: Option<&'a str>,
}

impl Run<'_> {
    /// Runs it with a worker for each of these sets of programs.
    pub(crate) fn against(self, programs: &[Running], log: &Path) -> Result<Count> {
        let sets = programs.iter().map(|set| {
            json!({
                "shop": set.shop.origin,
                "pay": set.merchant.origin,
                "sandbox": set.sandbox.origin,
                "sitePort": set.site_port,
                "key": set.api_key,
            })
        });
        let sets = sets.collect::<serde_json::Value>().to_string();
        self.with(&[("PROGRAMS", &sets)], log)
    }

    /// Runs it with these variables set.
    pub(crate) fn with(self, variables: &[(&str, &str)], log: &Path) -> Result<Count> {
        tools::npm()?;
        let report = log.with_extension("json");
        // A report of an earlier run must not be counted.
        let _ = fs::remove_file(&report);
        let mut node = process::command("node node_modules/@playwright/test/cli.js test");
        for project in self.projects {
            node.args(["--project", project]);
        }
        if let Some(tag) = self.tag {
            node.args(["--grep", tag]);
        }
        node.current_dir(paths::e2e())
            .envs(variables.iter().copied())
            .env("CHROMIUM", browser::chromium()?)
            .env("CHROMIUM_FLAGS", browser::FLAGS.join(" "))
            .env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report)
            .env("FORCE_COLOR", "0");
        let succeeded = log::run(self.name, log, &mut node)?;
        let count = fs::read_to_string(&report).context("no report");
        let count = count.and_then(|report| Count::of_playwright(&report));
        Ok(count.unwrap_or_default().judged(succeeded))
    }

    /// Runs it as a command of its own: what failed is shown.
    pub(crate) fn show(self, programs: &[Running]) -> Result<Count> {
        let log = paths::log(self.name)?;
        let count = self.against(programs, &log)?;
        if count.failed > 0 {
            println!("{}", log::tail(&log, 150));
        }
        Ok(count)
    }
}
