//! The steps of `cargo xtask test`.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, Result};

use crate::{
    browser::{self, Browser, Use},
    clients,
    count::Count,
    e2e::{self, Journeys},
    examples,
    firefox::{self, Firefox},
    gallery, page,
    places::{self, Claim},
    postgres::{self, Postgres},
    process::Logged,
    programs::{self, Plan, Ports, Running},
    setup, size, target, tools,
};

/// Compiling everything from nothing on two busy cores.
const LIMIT: Duration = Duration::from_mins(40);
/// The driver's own calls have no time limit.
const BROWSER_LIMIT: Duration = Duration::from_mins(25);

/// How many of Playwright's tests run side by side, each worker with programs of its own.
const WORKERS: usize = 2;

const WASM: [&str; 6] = [
    "--package",
    "toss-checkout",
    "--package",
    "toss-payments-sdk",
    "--target",
    "wasm32-unknown-unknown",
];

/// The programs apart from the rest: together, cargo would compile their dependencies a second time
/// with the page's features, and the build that the journeys use a third time.
const SERVERS: [&str; 6] = [
    "--package",
    "toss-merchant",
    "--package",
    "toss-sandbox",
    "--package",
    "demo-shop",
];
/// The page with its gallery here, and without it where it is compiled for the browser.
const OTHERS: [&str; 9] = [
    "--workspace",
    "--exclude",
    "toss-merchant",
    "--exclude",
    "toss-sandbox",
    "--exclude",
    "demo-shop",
    "--features",
    "toss-checkout/gallery",
];

/// A step.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    /// Steps without which it cannot run.
    pub(crate) needs: &'static [&'static str],
    uses: &'static [Uses],
    pub(crate) run: fn(&mut Bench) -> Result<Done>,
}

/// What has to be set up before the first step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Uses {
    Components,
    Page,
    Driver,
    Firefox,
    Browser,
    Playwright,
    Clients,
    Postgres,
}

/// What a step did.
pub(crate) struct Done {
    pub(crate) count: Count,
    /// A few words beside the count; what went wrong, when something did.
    pub(crate) said: String,
}

const STEPS: [Step; 16] = [
    Step {
        name: "fmt",
        needs: &[],
        uses: &[Uses::Components],
        run: fmt,
    },
    Step {
        name: "clippy",
        needs: &[],
        uses: &[Uses::Components],
        run: clippy,
    },
    Step {
        name: "clippy-wasm",
        needs: &[],
        uses: &[Uses::Components, Uses::Page],
        run: clippy_wasm,
    },
    Step {
        name: "host-tests",
        needs: &[],
        uses: &[Uses::Postgres],
        run: host_tests,
    },
    Step {
        name: "docs",
        needs: &[],
        uses: &[],
        run: docs,
    },
    Step {
        name: "browser-tests",
        needs: &[],
        uses: &[Uses::Page, Uses::Driver],
        run: browser_tests,
    },
    Step {
        name: "firefox-tests",
        needs: &[],
        uses: &[Uses::Page, Uses::Firefox],
        run: firefox_tests,
    },
    Step {
        name: "page",
        needs: &[],
        uses: &[Uses::Page],
        run: build_page,
    },
    Step {
        name: "size",
        needs: &["page"],
        uses: &[],
        run: weigh,
    },
    Step {
        name: "e2e-types",
        needs: &[],
        uses: &[Uses::Playwright],
        run: e2e_types,
    },
    Step {
        name: "typings",
        needs: &[],
        uses: &[Uses::Playwright],
        run: typings,
    },
    Step {
        name: "clients",
        needs: &["page"],
        uses: &[Uses::Clients],
        run: clients,
    },
    Step {
        name: "gallery",
        needs: &[],
        uses: &[Uses::Page, Uses::Playwright, Uses::Browser],
        run: walk_gallery,
    },
    Step {
        name: "smoke",
        needs: &["page"],
        uses: &[Uses::Playwright, Uses::Browser],
        run: smoke,
    },
    Step {
        name: "e2e",
        needs: &["page"],
        uses: &[Uses::Playwright, Uses::Browser],
        run: journeys,
    },
    Step {
        name: "embed",
        needs: &["page"],
        uses: &[Uses::Page, Uses::Playwright, Uses::Browser],
        run: embed,
    },
];

/// The names of all steps, in their order.
pub(crate) fn names() -> [&'static str; STEPS.len()] {
    STEPS.map(|step| step.name)
}

/// The steps of these names and those that they need; all of them for no name.
pub(crate) fn choose(only: &[String]) -> Vec<Step> {
    let wanted = |name: &str| only.is_empty() || only.iter().any(|chosen| chosen == name);
    let needed = |name: &str| {
        STEPS
            .iter()
            .any(|step| wanted(step.name) && step.needs.contains(&name))
    };
    STEPS
        .into_iter()
        .filter(|step| wanted(step.name) || needed(step.name))
        .collect()
}

/// What the steps work with.
pub(crate) struct Bench {
    tools: Vec<PathBuf>,
    browser: Option<Browser>,
    firefox: Option<Firefox>,
    python: Option<PathBuf>,
    postgres: Option<PathBuf>,
    claim: Claim,
    page: Option<PathBuf>,
    running: Vec<Running>,
}

impl Bench {
    /// Sets up what the chosen steps use.
    ///
    /// # Errors
    /// Something is missing that cannot be installed.
    pub(crate) fn prepare(steps: &[Step]) -> Result<Self> {
        let claim = places::claim("test")?;
        let used = |what| steps.iter().any(|step| step.uses.contains(&what));
        if used(Uses::Components) {
            setup::components()?;
        }
        let tools = if used(Uses::Page) {
            setup::page()?
        } else {
            Vec::new()
        };
        let browser = if used(Uses::Driver) {
            Some(browser::ensure(Use::DriverToo)?)
        } else if used(Uses::Browser) {
            Some(browser::ensure(Use::BrowserOnly)?)
        } else {
            None
        };
        let firefox = if used(Uses::Firefox) {
            firefox::ensure()?
        } else {
            None
        };
        if used(Uses::Playwright) {
            e2e::install()?;
        }
        let python = if used(Uses::Clients) {
            clients::python()?
        } else {
            None
        };
        let postgres = if used(Uses::Postgres) {
            Some(postgres::ensure()?)
        } else {
            None
        };
        Ok(Self {
            tools,
            browser,
            firefox,
            python,
            postgres,
            claim,
            page: None,
            running: Vec::new(),
        })
    }

    /// Where a step's output goes.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.claim.folder.join("logs").join(format!("{name}.log"))
    }

    fn logged(&self, name: &'static str, limit: Duration) -> Logged {
        Logged {
            name,
            log: self.log(name),
            limit,
        }
    }

    /// Runs cargo as one check.
    fn check(&self, name: &'static str, args: &[&str]) -> Result<Done> {
        let passed = self.logged(name, LIMIT).run(target::cargo()?.args(args))?;
        Ok(Done {
            count: Count::one(passed),
            said: String::new(),
        })
    }

    /// Runs cargo's tests and counts them.
    fn tests(job: &Logged, command: &mut Command) -> Result<Done> {
        let succeeded = job.run(command)?;
        let output = fs::read(&job.log).context("the log is gone")?;
        Ok(judge(
            succeeded,
            Count::of_cargo(&String::from_utf8_lossy(&output)),
        ))
    }

    /// The programs of every worker, started at the first call on ports that are free, with empty
    /// databases.
    fn programs(&mut self) -> Result<&[Running]> {
        if self.running.is_empty() {
            let page = self.page.clone().context("the page is not built")?;
            let programs = programs::build(&self.log("programs"))?;
            for worker in 0..WORKERS {
                let state = self.claim.folder.join(format!("worker-{worker}"));
                tools::remove(&state)?;
                let plan = Plan {
                    programs: programs.clone(),
                    page: page.clone(),
                    state,
                    ports: Ports::free()?,
                };
                self.running.push(plan.start()?);
            }
        }
        Ok(&self.running)
    }
}

/// A run without any test proves nothing, and one that fails without a failing test did not compile.
fn judge(succeeded: bool, count: Count) -> Done {
    if count.failed > 0 || (succeeded && count.passed > 0) {
        return Done {
            count,
            said: String::new(),
        };
    }
    let said = if succeeded {
        "no test ran"
    } else {
        "the tests did not run to their end"
    };
    Done {
        count: count + Count::one(false),
        said: said.to_owned(),
    }
}

fn fmt(bench: &mut Bench) -> Result<Done> {
    bench.check("fmt", &["fmt", "--all", "--check"])
}

fn clippy(bench: &mut Bench) -> Result<Done> {
    let strict = ["--all-targets", "--", "-D", "warnings"];
    let servers = bench.check("clippy", &[&["clippy"], &SERVERS[..], &strict].concat())?;
    if servers.count.failed > 0 {
        return Ok(servers);
    }
    bench.check("clippy", &[&["clippy"], &OTHERS[..], &strict].concat())
}

fn clippy_wasm(bench: &mut Bench) -> Result<Done> {
    let strict = ["--all-targets", "--", "-D", "warnings"];
    bench.check("clippy-wasm", &[&["clippy"], &WASM[..], &strict].concat())
}

fn host_tests(bench: &mut Bench) -> Result<Done> {
    let mut all = Done {
        count: Count::default(),
        said: String::new(),
    };
    let programs = bench.postgres.as_ref().context("there is no PostgreSQL")?;
    let postgres = Postgres::start(programs)?;
    for packages in [&SERVERS[..], &OTHERS[..]] {
        let mut cargo = target::cargo()?;
        cargo.args(["test", "--no-fail-fast"]).args(packages);
        // The backend's tests make databases of their own there.
        cargo.env("TEST_POSTGRES_URL", &postgres.url);
        let done = Bench::tests(&bench.logged("host-tests", LIMIT), &mut cargo)?;
        all.count += done.count;
        all.said += &done.said;
        if all.count.failed > 0 {
            break;
        }
    }
    Ok(all)
}

fn docs(bench: &mut Bench) -> Result<Done> {
    let mut cargo = target::cargo()?;
    cargo
        .args(["doc", "--no-deps", "--workspace"])
        .env("RUSTDOCFLAGS", "-D warnings");
    let passed = bench.logged("docs", LIMIT).run(&mut cargo)?;
    Ok(Done {
        count: Count::one(passed),
        said: String::new(),
    })
}

fn browser_tests(bench: &mut Bench) -> Result<Done> {
    let browser = bench.browser.as_ref().context("there is no browser")?;
    let driver = browser
        .driver
        .as_ref()
        .context("there is no driver for the browser")?;
    let settings = browser::webdriver_json(browser, &bench.claim.folder)?;
    let mut cargo = in_browser(bench, &settings)?;
    cargo.args(WASM).env("CHROMEDRIVER", driver);
    Bench::tests(&bench.logged("browser-tests", BROWSER_LIMIT), &mut cargo)
}

/// The bindings alone: they are what other pages use, in whatever browser.
fn firefox_tests(bench: &mut Bench) -> Result<Done> {
    let Some(firefox) = &bench.firefox else {
        return Ok(Done {
            count: Count::default(),
            said: "not run: there is no Firefox here; install it, and they will be".to_owned(),
        });
    };
    let settings = firefox.webdriver_json(&bench.claim.folder)?;
    let mut cargo = in_browser(bench, &settings)?;
    cargo
        .args(["--package", "toss-payments-sdk", "--test", "web"])
        .args(["--target", "wasm32-unknown-unknown"])
        .env_remove("CHROMEDRIVER")
        .env("GECKODRIVER", &firefox.driver);
    Bench::tests(&bench.logged("firefox-tests", BROWSER_LIMIT), &mut cargo)
}

/// `cargo test` with wasm-bindgen's runner and these settings for the browser.
fn in_browser(bench: &Bench, settings: &Path) -> Result<Command> {
    let tools = bench.tools.first().context("wasm-bindgen is not set up")?;
    let mut cargo = target::cargo()?;
    // Never `--quiet`: the runner refuses it.
    cargo
        .args(["test", "--no-fail-fast"])
        .env(
            "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
            tools.join("wasm-bindgen-test-runner"),
        )
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", settings)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    Ok(cargo)
}

fn build_page(bench: &mut Bench) -> Result<Done> {
    bench.page = Some(page::build_with(&bench.tools, &bench.log("page"))?);
    Ok(Done {
        count: Count::one(true),
        said: String::new(),
    })
}

fn weigh(bench: &mut Bench) -> Result<Done> {
    let page = bench.page.as_ref().context("the page is not built")?;
    let weight = size::weigh(page)?;
    let passed = weight.is_light();
    let said = if passed {
        weight.verdict()
    } else {
        weight.table()
    };
    Ok(Done {
        count: Count::one(passed),
        said,
    })
}

fn e2e_types(bench: &mut Bench) -> Result<Done> {
    let passed = e2e::check_types(&bench.log("e2e-types"))?;
    Ok(Done {
        count: Count::one(passed),
        said: String::new(),
    })
}

fn typings(bench: &mut Bench) -> Result<Done> {
    let mut cargo = target::cargo()?;
    cargo
        .args([
            "test",
            "--package",
            "toss-payments-sdk",
            "--test",
            "typings",
        ])
        .env("TYPINGS_DIR", e2e::generated());
    let mut done = Bench::tests(&bench.logged("typings", LIMIT), &mut cargo)?;
    if done.count.failed == 0 {
        done.count += e2e::check_typings(&bench.log("typings"))?;
    }
    Ok(done)
}

fn clients(bench: &mut Bench) -> Result<Done> {
    let (log, python) = (bench.log("clients"), bench.python.clone());
    let sandbox = bench.programs()?.first().context("nothing runs")?.sandbox();
    let count = clients::run(python.as_deref(), sandbox, &log)?;
    let said = match python {
        Some(_) => String::new(),
        None => "without the Python client: there is no Python with venv here".to_owned(),
    };
    Ok(Done { count, said })
}

fn walk_gallery(bench: &mut Bench) -> Result<Done> {
    let log = bench.log("gallery");
    let dist = gallery::build_with(&bench.tools, &bench.log("gallery-build"))?;
    let gallery = gallery::serve(dist, 0)?;
    Ok(Done {
        count: gallery.walk("gallery", &["gallery"], &log)?,
        said: String::new(),
    })
}

fn smoke(bench: &mut Bench) -> Result<Done> {
    play(bench, "smoke", &["smoke"])
}

fn journeys(bench: &mut Bench) -> Result<Done> {
    play(bench, "e2e", &["desktop", "phone"])
}

fn embed(bench: &mut Bench) -> Result<Done> {
    let page = bench.page.clone().context("the page was not built")?;
    examples::build(&page, &bench.tools)?;
    play(bench, "embed", &["embed", "embed-phone"])
}

fn play(bench: &mut Bench, name: &'static str, projects: &'static [&'static str]) -> Result<Done> {
    let log = bench.log(name);
    let count = Journeys {
        name,
        projects,
        tag: None,
        log: &log,
    }
    .run(bench.programs()?)?;
    Ok(Done {
        count,
        said: String::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(only: &[&str]) -> Vec<&'static str> {
        let only: Vec<String> = only.iter().map(|&name| name.to_owned()).collect();
        choose(&only).iter().map(|step| step.name).collect()
    }

    #[test]
    fn a_chosen_step_brings_what_it_needs() {
        assert_eq!(chosen(&["e2e"]), ["page", "e2e"]);
        assert_eq!(chosen(&["fmt", "docs"]), ["fmt", "docs"]);
        assert_eq!(chosen(&[]), names());
    }

    #[test]
    fn needs_come_before_their_steps() {
        for (at, step) in STEPS.iter().enumerate() {
            for needed in step.needs {
                assert!(
                    STEPS.iter().take(at).any(|before| before.name == *needed),
                    "{needed}"
                );
            }
        }
    }

    #[test]
    fn nothing_run_is_a_failure() {
        assert_eq!(judge(true, Count::default()).count, Count::one(false));
        assert_eq!(
            judge(
                false,
                Count {
                    passed: 3,
                    ..Count::default()
                }
            )
            .count
            .failed,
            1
        );
        assert_eq!(
            judge(
                true,
                Count {
                    passed: 3,
                    ..Count::default()
                }
            )
            .count
            .failed,
            0
        );
        assert_eq!(
            judge(
                false,
                Count {
                    failed: 2,
                    ..Count::default()
                }
            )
            .count
            .failed,
            2
        );
    }
}
