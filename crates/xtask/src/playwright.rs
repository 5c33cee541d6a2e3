//! Runs Playwright, and the compiler of its tests.

use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::json;

use crate::{browser, count::Count, host, log, paths, process, programs::Running, tools};

/// Where `crates/sdk/tests/typings` writes to.
pub(crate) fn generated() -> PathBuf {
    paths::e2e().join("typings/sdk/generated")
}

/// Runs a script of `e2e/package.json`, as one check.
pub(crate) fn check(script: &str, log: &Path) -> Result<Count> {
    tools::npm()?;
    let mut npm = host::npm(&format!("run --silent {script}"));
    Ok(Count::one(log::run(
        script,
        log,
        npm.current_dir(paths::e2e()),
    )?))
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
        let mut node = process::node("node_modules/@playwright/test/cli.js test");
        for project in self.projects {
            node.args(["--project", project]);
        }
        if let Some(tag) = self.tag {
            node.args(["--grep", tag]);
        }
        node.envs(variables.iter().copied())
            .env("CHROMIUM", browser::chromium()?)
            .env("CHROMIUM_FLAGS", browser::FLAGS.join(" "))
            .env("FORCE_COLOR", "0");
        Count::of(self.name, log, &mut node)
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
