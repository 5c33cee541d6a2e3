//! `cargo xtask demo`.

use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::{
    e2e, examples, page, places, ports, process,
    programs::{self, Plan, Running},
    setup,
};

/// What can be chosen.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shop's port
    #[arg(long, default_value_t = 8080, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
    /// The sandbox's port
    #[arg(long, default_value_t = 8090, value_parser = clap::value_parser!(u16).range(1..))]
    sandbox_port: u16,
    /// Begin with an empty database
    #[arg(long)]
    fresh: bool,
    /// Drive all journeys in a headless browser, print how many passed, and end
    #[arg(long)]
    check: bool,
}

/// Builds what is needed, starts it and waits.
///
/// # Errors
/// A port is taken, something is missing, or a program ends.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    ensure!(
        args.port != args.sandbox_port,
        "the shop and the sandbox cannot share port {}; choose another with --sandbox-port",
        args.port
    );
    ports::need(args.port, "--port")?;
    ports::need(args.sandbox_port, "--sandbox-port")?;
    let claim = places::claim("demo")?;
    let page = page::build()?;
    if args.check {
        crate::browser::ensure(crate::browser::Use::BrowserOnly)?;
        e2e::install()?;
        examples::build(&page, &setup::page()?)?;
    }
    println!("building the sandbox and the merchant's backend");
    let programs = programs::build(&places::state("logs")?.join("programs.log"))?;
    if args.fresh {
        programs::forget(&claim.folder)?;
    }
    // Compiling took a while; somebody may have come before us.
    ports::need(args.port, "--port")?;
    ports::need(args.sandbox_port, "--sandbox-port")?;
    let plan = Plan {
        programs,
        page,
        state: claim.folder.clone(),
        port: args.port,
        sandbox_port: args.sandbox_port,
        site_port: if args.check {
            let [free] = ports::free()?;
            free
        } else {
            programs::SITE_PORT
        },
    };
    let mut running = plan.start()?;
    println!("logs {}", plan.state.display());
    println!(
        "sandbox {0}/sandbox (deposits, webhooks, what was asked of Toss)",
        running.sandbox()
    );
    println!("ready {}", running.shop());
    if args.check {
        check(&running)
    } else {
        wait(&mut running)
    }
}

fn wait(running: &mut Running) -> Result<ExitCode> {
    loop {
        running.check()?;
        if process::pause().is_err() {
            println!("stopping");
            return Ok(ExitCode::SUCCESS);
        }
    }
}

fn check(running: &Running) -> Result<ExitCode> {
    let log = places::state("logs")?.join("journeys.log");
    let journeys = e2e::Journeys {
        name: "journeys",
        projects: &["smoke", "desktop", "phone", "embed", "embed-phone"],
        log: &log,
    };
    let count = journeys.run(running)?;
    if count.failed > 0 {
        println!("{}", process::tail(&log, 150));
    }
    println!("{count}");
    Ok(if count.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
