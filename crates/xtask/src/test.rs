//! `cargo xtask test`.

use std::{process::ExitCode, time::Instant};

use anyhow::Result;
use clap::builder::PossibleValuesParser;

use crate::{
    count::Count,
    process::{self, Stopped},
    steps::{self, Bench, Step},
};

/// What can be chosen.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Run only this step, and what it needs. May be repeated
    #[arg(long, value_name = "STEP", value_parser = PossibleValuesParser::new(steps::names()))]
    only: Vec<String>,
}

/// Runs the steps one after another; one that fails does not keep the others from running.
///
/// # Errors
/// Something is missing that cannot be installed.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let chosen = steps::choose(&args.only);
    let since = Instant::now();
    let mut bench = Bench::prepare(&chosen)?;
    let mut all = Count::default();
    let mut broken: Vec<&str> = Vec::new();
    for step in &chosen {
        if let Some(needed) = step.needs.iter().find(|name| broken.contains(name)) {
            println!("  not run  {}: it needs {needed}", step.name);
            broken.push(step.name);
            continue;
        }
        let count = run_step(step, &mut bench)?;
        if count.failed > 0 {
            broken.push(step.name);
        }
        all += count;
    }
    println!("took {}", process::took(since.elapsed()));
    println!("{all}");
    Ok(if broken.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn run_step(step: &Step, bench: &mut Bench) -> Result<Count> {
    let since = Instant::now();
    let done = match (step.run)(bench) {
        Ok(done) => done,
        Err(error) if error.is::<Stopped>() => return Err(error),
        Err(error) => steps::Done {
            count: Count::one(false),
            said: format!("{error:#}"),
        },
    };
    let failed = done.count.failed > 0;
    let word = if failed { "FAILED" } else { "ok" };
    let time = process::took(since.elapsed());
    let note = if failed { "" } else { done.said.as_str() };
    println!(
        "  {word:<7}  {:<14} {time:>12}  {} {note}",
        step.name, done.count
    );
    if failed {
        println!(
            "{}\n{}",
            done.said,
            process::tail(&bench.log(step.name), 150)
        );
    }
    Ok(done.count)
}
