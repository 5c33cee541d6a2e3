//! The steps of `cargo xtask test`.

mod built;
mod cargo;

use std::path::{Path, PathBuf};

use anyhow::Result;

use self::{
    built::{
        build_page, drive_clients, embed, journeys, journeys_on_postgres, smoke, walk_gallery,
        weigh,
    },
    cargo::{
        browser_tests, clippy, clippy_wasm, docs, e2e_types, firefox_tests, fmt, host_tests,
        typings,
    },
};
use super::failures::Failure;
use crate::{
    count::Count,
    page,
    paths::{self, Claim},
    playwright::{Run, workers},
    programs::{self, Running},
    setup,
};

/// How many of Playwright's tests run side by side, each worker with programs of its own.
const WORKERS: usize = 2;

/// A step.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) name: &'static str,
    /// Runs it with what steps share, and a log of its own.
    pub(super) run: fn(&mut Shared, &Path) -> Result<Count>,
}

const fn step(name: &'static str, run: fn(&mut Shared, &Path) -> Result<Count>) -> Step {
    Step { name, run }
}

pub(super) const STEPS: [Step; 17] = [
    step("fmt", fmt),
    step("clippy", clippy),
    step("clippy-wasm", clippy_wasm),
    step("host-tests", host_tests),
    step("docs", docs),
    step("browser-tests", browser_tests),
    step("firefox-tests", firefox_tests),
    step("page", build_page),
    step("size", weigh),
    step("e2e-types", e2e_types),
    step("typings", typings),
    step("clients", drive_clients),
    step("gallery", walk_gallery),
    step("smoke", smoke),
    step("e2e", journeys),
    step("embed", embed),
    step("e2e-postgres", journeys_on_postgres),
];

/// What one step leaves for others.
#[derive(Debug)]
pub(super) struct Shared {
    claim: Claim,
    page: Option<PathBuf>,
    running: Vec<Running>,
    /// A few words beside the count of the step that runs.
    pub(super) note: String,
    /// Tests that failed beside others and passed alone.
    pub(super) unsteady: Vec<Failure>,
}

impl Shared {
    /// Claims the folder of the test command.
    pub(super) fn new() -> Result<Self> {
        Ok(Self {
            claim: paths::claim("test")?,
            page: None,
            running: Vec::new(),
            note: String::new(),
            unsteady: Vec::new(),
        })
    }

    /// Where a step's output goes.
    pub(super) fn log(&self, name: &str) -> PathBuf {
        self.claim.folder.join("logs").join(format!("{name}.log"))
    }

    /// The folder of the page, built at the first call.
    fn page(&mut self) -> Result<PathBuf> {
        if let Some(built) = &self.page {
            return Ok(built.clone());
        }
        let built = page::build_with(&setup::page()?, &self.log("page"))?;
        Ok(self.page.insert(built).clone())
    }

    /// The programs of every worker, started at the first call.
    fn programs(&mut self) -> Result<&[Running]> {
        if self.running.is_empty() {
            self.running = self.start("sqlite", |_| Ok(None))?;
        }
        Ok(&self.running)
    }

    /// Starts programs for every worker, each with a name and with the database of that name, where it is
    /// not to be a file.
    fn start(
        &mut self,
        kind: &str,
        database: impl Fn(&str) -> Result<Option<String>>,
    ) -> Result<Vec<Running>> {
        let page = self.page()?;
        let programs = programs::build(&self.log("programs"))?;
        let start = |worker| {
            let name = format!("{kind}-{worker}");
            let state = self.claim.folder.join(&name);
            programs::start_afresh(&programs, &page, &state, database(&name)?)
        };
        (0..WORKERS).map(start).collect()
    }

    fn play(&mut self, run: Run, log: &Path) -> Result<Count> {
        run.against(workers(self.programs()?), log)
    }
}
