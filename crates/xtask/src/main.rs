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
mod compress;
mod count;
mod demo;
mod e2e;
mod esbuild;
mod examples;
mod firefox;
mod gallery;
mod host;
mod package;
mod page;
mod places;
mod ports;
mod postgres;
mod process;
mod programs;
mod secrets;
mod setup;
mod shots;
mod size;
mod steps;
mod target;
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
    /// Install what the other commands need, now rather than on the way
    Setup,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = process::catch_signals().and_then(|()| match args.command {
        Command::Demo(args) => demo::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Page => page::run(),
        Command::Package => package::run(),
        Command::Size => size::run(),
        Command::Bench { what } => bench::run(what),
        Command::Audit => audit::run(),
        Command::Shots => shots::run(),
        Command::Gallery(args) => gallery::run(&args),
        Command::Setup => setup::run(),
    });
    match done {
        Ok(code) => code,
        Err(error) if error.is::<process::Stopped>() => ExitCode::from(130),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
