//! `cargo xtask`: every command that people and machines run on this project, and the set-up that
//! these commands need, so that nobody installs anything by hand.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool talks to its terminal"
)]

mod audit;
mod bench;
mod browser;
mod clients;
mod count;
mod demo;
mod examples;
mod gallery;
mod host;
mod log;
mod page;
mod paths;
mod playwright;
mod ports;
mod postgres;
mod process;
mod programs;
mod secrets;
mod setup;
mod shots;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Runs, tests and measures toss-checkout. Missing tools are set up on the way.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the sandbox, the merchant's backend with a small shop, and the page
    ///
    /// Prints `ready http://…` when the shop can be opened, and runs until Ctrl-C.
    Demo(demo::Args),
    /// Run every check and test; the last line counts them
    Test(test::Args),
    /// Build the page as buyers get it, without starting anything
    Page,
    /// Pack the custom element and mount() for npm; prints the path of the .tgz
    Package,
    /// Weigh what a buyer downloads, and fail when it is too much
    Size,
    /// Measure; for what must hold there are tests
    Bench {
        #[command(subcommand)]
        what: bench::What,
    },
    /// Check licences, banned and duplicate crates, sources, and known vulnerabilities
    Audit,
    /// Write screenshots of what a buyer lives through to e2e/shots
    Shots,
    /// Show every screen that the page has, in both languages, light and dark
    ///
    /// Prints `ready http://…` when it can be opened, and runs until Ctrl-C.
    Gallery(gallery::Args),
    /// Start an empty PostgreSQL for the backend's tests
    ///
    /// Prints `ready postgres://…`, which `TEST_POSTGRES_URL` takes, and runs until Ctrl-C.
    Postgres,
    /// Install what the other commands need, now rather than on the way
    Setup,
}

fn main() -> ExitCode {
    match run(Args::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) if error.is::<process::Stopped>() => ExitCode::from(130),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// True when everything is as it should be.
fn run(command: Command) -> anyhow::Result<bool> {
    process::catch_signals()?;
    match command {
        Command::Demo(args) => demo::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Page => {
            println!("{}", page::build()?.display());
            Ok(true)
        }
        Command::Package => {
            let package = page::package(&page::build()?)?;
            println!("{}", package.display());
            Ok(true)
        }
        Command::Size => {
            let page = page::build()?;
            process::show(process::node("build/size.mjs").arg(page))
        }
        Command::Bench { what } => bench::run(what),
        Command::Audit => audit::run(),
        Command::Shots => shots::run(),
        Command::Gallery(args) => gallery::run(&args),
        Command::Postgres => {
            let postgres = postgres::Postgres::start(postgres::Durability::Process)?;
            println!("ready {}", postgres.url);
            while process::pause().is_ok() {}
            Ok(true)
        }
        Command::Setup => {
            setup::run()?;
            println!("everything is there");
            Ok(true)
        }
    }
}
