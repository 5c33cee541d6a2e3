//! `cargo xtask test`.

mod failures;
mod steps;

use std::{io::Write, mem, path::Path, time::Instant};

use anyhow::Result;
use clap::builder::PossibleValuesParser;

use self::{
    failures::Failure,
    steps::{STEPS, Shared, Step},
};
use crate::{
    count::Count,
    log,
    process::{self, Stopped},
    setup,
};

/// What can be chosen.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Run only this step. May be repeated
    #[arg(long, value_name = "STEP", value_parser = PossibleValuesParser::new(STEPS.map(|step| step.name)))]
    only: Vec<String>,
}

/// Runs the steps one after another; one that fails does not keep the others from running. True when
/// all succeeded.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let since = Instant::now();
    if args.only.is_empty() {
        // What is missing and cannot be installed is told now and not after half an hour.
        setup::run()?;
    }
    let chosen = |step: &&Step| args.only.is_empty() || args.only.iter().any(|it| it == step.name);
    let mut shared = Shared::new()?;
    let mut count = Count::default();
    let mut failures = Vec::new();
    for step in STEPS.iter().filter(chosen) {
        let log = shared.log(step.name);
        let done = run_step(step, &mut shared, &log)?;
        if done.failed > 0 {
            failures.extend(failures::read(step.name, &log::text(&log)));
        }
        count += done;
    }
    println!("took {}", log::took(since.elapsed()));
    say_once_more(
        "failed beside other tests and passed alone",
        &shared.unsteady,
    );
    say_once_more("failed", &failures);
    println!("{count}");
    Ok(count.failed == 0)
}

/// Why the first of them failed, and then the names alone, so that the end of the output has them.
fn say_once_more(what: &str, failures: &[Failure]) {
    const EXPLAINED: usize = 10;
    const NAMED: usize = 40;
    for Failure { name, said } in failures.iter().take(EXPLAINED) {
        println!("\n{name}");
        for line in said {
            println!("    {line}");
        }
    }
    if !failures.is_empty() {
        println!("\n{what}:");
    }
    for failure in failures.iter().take(NAMED) {
        println!("  {}", failure.name);
    }
    if failures.len() > NAMED {
        println!("  and {} more", failures.len() - NAMED);
    }
}

/// Runs a step with a log of its own and says how it went.
fn run_step(step: &Step, shared: &mut Shared, log: &Path) -> Result<Count> {
    let since = Instant::now();
    // What an earlier run said is not to be taken for this one's.
    let mut words = process::create(log)?;
    let count = match (step.run)(shared, log) {
        Err(error) if error.is::<Stopped>() => return Err(error),
        Err(error) => {
            writeln!(words, "{error:#}")?;
            Count::one(false)
        }
        Ok(count) => count,
    };
    let word = if count.failed > 0 { "FAILED" } else { "ok" };
    let time = log::took(since.elapsed());
    println!(
        "  {word:<7}  {:<14} {time:>12}  {count} {}",
        step.name,
        mem::take(&mut shared.note)
    );
    if count.failed > 0 {
        println!("{}", log::tail(log, 150));
    }
    Ok(count)
}
