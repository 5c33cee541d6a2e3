//! `cargo xtask demo`.

use std::path::Path;

use anyhow::Result;
use fs_err as fs;

use crate::{
    examples, page, paths,
    playwright::{Run, workers},
    ports,
    postgres::{Durability, Postgres},
    process,
    programs::{self, Ports, Running},
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
    /// Keep the backend's records in a PostgreSQL of its own, which begins empty and is removed at the end
    #[arg(long)]
    postgres: bool,
    /// Drive the main journeys in a headless browser, print how many passed, and end
    #[arg(long)]
    check: bool,
}

/// Builds what is needed, starts it and waits.
pub(crate) fn run(args: &Args) -> Result<bool> {
    ports::need([
        (args.port, "--port"),
        (args.pay_port, "--pay-port"),
        (args.sandbox_port, "--sandbox-port"),
    ])?;
    let claim = paths::claim("demo")?;
    let page = page::build()?;
    if args.check {
        examples::build(&page)?;
    }
    let programs = programs::build(&paths::log("programs")?)?;
    let postgres = if args.postgres {
        Some(Postgres::start(Durability::Process)?)
    } else {
        None
    };
    if args.fresh || args.postgres {
        forget(&claim.folder)?;
    }
    let [free] = ports::free()?;
    let ports = Ports {
        shop: args.port,
        pay: args.pay_port,
        sandbox: args.sandbox_port,
        site: if args.check {
            free
        } else {
            programs::SITE_PORT
        },
    };
    let database = postgres.as_ref().map(|server| server.url.clone());
    let running = programs::start(&programs, &page, &claim.folder, database, ports)?;
    println!("logs {}", claim.folder.display());
    println!("page and merchant API {}", running.merchant.origin);
    println!(
        "sandbox {}/sandbox (deposits, webhooks, what was asked of Toss)",
        running.sandbox.origin
    );
    println!("ready {}", running.shop.origin);
    if args.check {
        check(running)
    } else {
        wait(running)
    }
}

/// Removes the databases of earlier runs, and the keys that belong to them.
fn forget(state: &Path) -> Result<()> {
    for entry in fs::read_dir(state)? {
        let path = entry?.path();
        // Our own claim of the folder stays.
        if path.is_file() && !path.ends_with(".lock") {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

fn wait(mut running: Running) -> Result<bool> {
    loop {
        running.check()?;
        if process::pause().is_err() {
            println!("stopping");
            return Ok(true);
        }
    }
}

fn check(running: Running) -> Result<bool> {
    let projects = &["smoke", "desktop", "phone", "embed", "embed-phone"];
    let run = Run::of("journeys", projects).main();
    let running = [running];
    run.show(workers(&running))
}
