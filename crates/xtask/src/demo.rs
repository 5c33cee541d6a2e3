//! `cargo xtask demo`.

use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::{
    e2e, examples, page, places, ports, process,
    programs::{self, Plan, Ports, Running},
    setup,
};

/// What can be chosen.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shop's port
    #[arg(long, default_value_t = 8080, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
    /// The port of the merchant's backend, which hosts the page
    #[arg(long, default_value_t = 8070, value_parser = clap::value_parser!(u16).range(1..))]
    pay_port: u16,
    /// The sandbox's port
    #[arg(long, default_value_t = 8090, value_parser = clap::value_parser!(u16).range(1..))]
    sandbox_port: u16,
    /// Begin with an empty database
    #[arg(long)]
    fresh: bool,
    /// Drive the main journeys in a headless browser, print how many passed, and end
    #[arg(long)]
    check: bool,
}

/// Builds what is needed, starts it and waits.
///
/// # Errors
/// A port is taken, something is missing, or a program ends.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    args.need_ports()?;
    let claim = places::claim("demo")?;
    let page = page::build()?;
    if args.check {
        crate::browser::ensure(crate::browser::Use::BrowserOnly)?;
        e2e::install()?;
        examples::build(&page, &setup::page()?)?;
    }
    println!("building the shop, the merchant's backend and the sandbox");
    let programs = programs::build(&places::state("logs")?.join("programs.log"))?;
    if args.fresh {
        programs::forget(&claim.folder)?;
    }
    // Compiling took a while; somebody may have come before us.
    args.need_ports()?;
    let plan = Plan {
        programs,
        page,
        state: claim.folder.clone(),
        ports: Ports {
            shop: args.port,
            pay: args.pay_port,
            sandbox: args.sandbox_port,
            site: if args.check {
                let [free] = ports::free()?;
                free
            } else {
                programs::SITE_PORT
            },
        },
    };
    let mut running = plan.start()?;
    println!("logs {}", plan.state.display());
    println!("page and merchant API {}", running.pay());
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

impl Args {
    /// # Errors
    /// Two are to share a port, or one is taken.
    fn need_ports(&self) -> Result<()> {
        let all = [
            (self.port, "--port"),
            (self.pay_port, "--pay-port"),
            (self.sandbox_port, "--sandbox-port"),
        ];
        for (at, (port, flag)) in all.iter().enumerate() {
            ensure!(
                all.iter().skip(at + 1).all(|(other, _)| other != port),
                "two programs cannot share port {port}; choose another with {flag}"
            );
            ports::need(*port, flag)?;
        }
        Ok(())
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
        tag: Some("@main"),
        log: &log,
    };
    let count = journeys.run(std::slice::from_ref(running))?;
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
