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
pub(crate) struct Run {
    /// What it is, for people.
    name: &'static str,
    /// Projects of `playwright.config.ts`.
    projects: &'static [&'static str],
    /// Only those with this tag.
    tag: Option<&'static str>,
}

impl Run {
    pub(crate) const fn of(name: &'static str, projects: &'static [&'static str]) -> Self {
        Self {
            name,
            projects,
            tag: None,
        }
    }

    /// Only the main journeys.
    pub(crate) const fn main(mut self) -> Self {
        self.tag = Some("@main");
        self
    }
}

/// A variable that says to Playwright where what it drives is.
pub(crate) type Target = (&'static str, String);

/// A worker for each of these sets of programs.
pub(crate) fn workers(programs: &[Running]) -> Target {
    let sets = programs.iter().map(|set| {
        json!({
            "shop": set.shop.origin,
            "pay": set.merchant.origin,
            "sandbox": set.sandbox.origin,
            "sitePort": set.site_port,
            "key": set.api_key,
        })
    });
    ("PROGRAMS", sets.collect::<serde_json::Value>().to_string())
}

impl Run {
    /// Runs it, its output in `log`.
    pub(crate) fn against(self, (variable, value): Target, log: &Path) -> Result<Count> {
        tools::npm()?;
        let mut node = process::node("node_modules/@playwright/test/cli.js test");
        for project in self.projects {
            node.args(["--project", project]);
        }
        if let Some(tag) = self.tag {
            node.args(["--grep", tag]);
        }
        node.env(variable, value)
            .env("CHROMIUM", browser::chromium()?)
            .env("CHROMIUM_FLAGS", browser::FLAGS.join(" "))
            .env("FORCE_COLOR", "0");
        Count::of(self.name, log, &mut node)
    }

    /// Runs it as a command of its own: what failed is shown. True when nothing did.
    pub(crate) fn show(self, target: Target) -> Result<bool> {
        let log = paths::log(self.name)?;
        let count = self.against(target, &log)?;
        if count.failed > 0 {
            println!("{}", log::tail(&log, 150));
        }
        println!("{count}");
        Ok(count.failed == 0)
    }
}
