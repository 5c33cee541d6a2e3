//! `cargo xtask test`.

mod failures;
mod steps;

use std::time::Instant;

use anyhow::Result;
use clap::builder::PossibleValuesParser;

use self::{
    failures::Failure,
    steps::{Done, STEPS, Shared, Step},
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
    /// Run only this step, and what it needs. May be repeated
    #[arg(long, value_name = "STEP", value_parser = PossibleValuesParser::new(STEPS.map(|step| step.name)))]
    only: Vec<String>,
}

/// Runs the steps one after another; one that fails does not keep the others from running. True when
/// all succeeded.
pub(crate) fn run(args: &Args) -> Result<bool> {
    let chosen = choose(&args.only);
    let since = Instant::now();
    if args.only.is_empty() {
        // What is missing and cannot be installed is told now and not after half an hour.
        setup::run()?;
    }
    let mut shared = Shared::new()?;
    let mut all = Count::default();
    let mut broken: Vec<&str> = Vec::new();
    let (mut failures, mut unsteady) = (Vec::new(), Vec::new());
    for step in &chosen {
        if let Some(needed) = step.needs.iter().find(|name| broken.contains(name)) {
            println!("  not run  {}: it needs {needed}", step.name);
            broken.push(step.name);
            continue;
        }
        let (done, failed) = run_step(step, &mut shared)?;
        if done.count.failed > 0 {
            broken.push(step.name);
        }
        failures.extend(failed);
        unsteady.extend(done.unsteady);
        all += done.count;
    }
    println!("took {}", log::took(since.elapsed()));
    say_once_more("failed beside other tests and passed alone", &unsteady);
    say_once_more("failed", &failures);
    println!("{all}");
    Ok(broken.is_empty())
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

/// The steps of these names and those that they need; all of them for no name.
fn choose(only: &[String]) -> Vec<Step> {
    let wanted = |name: &str| only.is_empty() || only.iter().any(|chosen| chosen == name);
    let needed = |name| {
        let mut users = STEPS.iter().filter(|step| step.needs.contains(&name));
        users.any(|user| wanted(user.name))
    };
    let chosen = |step: &Step| wanted(step.name) || needed(step.name);
    STEPS.into_iter().filter(chosen).collect()
}

fn run_step(step: &Step, shared: &mut Shared) -> Result<(Done, Vec<Failure>)> {
    let since = Instant::now();
    let log = shared.log(step.name);
    // What an earlier run said is not to be taken for this one's.
    process::create(&log)?;
    let done = match (step.run)(shared, &log) {
        Err(error) if error.is::<Stopped>() => return Err(error),
        Err(error) => Done {
            said: format!("{error:#}"),
            ..Count::one(false).into()
        },
        Ok(done) => done,
    };
    let Done { count, said, .. } = &done;
    let failed = count.failed > 0;
    let word = if failed { "FAILED" } else { "ok" };
    let time = log::took(since.elapsed());
    let note = if failed { "" } else { said };
    println!("  {word:<7}  {:<14} {time:>12}  {count} {note}", step.name);
    if !failed {
        return Ok((done, Vec::new()));
    }
    println!("{said}\n{}", log::tail(&log, 150));
    let failures = failures::read(step.name, said, &log);
    Ok((done, failures))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_step_brings_what_it_needs() {
        let chosen = |only: &[&str]| {
            let only: Vec<String> = only.iter().map(|&name| name.to_owned()).collect();
            let names = choose(&only).into_iter().map(|step| step.name);
            names.collect::<Vec<_>>()
        };
        assert_eq!(chosen(&["e2e"]), ["page", "e2e"]);
        assert_eq!(chosen(&["fmt", "docs"]), ["fmt", "docs"]);
        assert_eq!(chosen(&[]), STEPS.map(|step| step.name));
    }

    #[test]
    fn needs_come_before_their_steps() {
        for (at, step) in STEPS.iter().enumerate() {
            for needed in step.needs {
                let mut before = STEPS.iter().take(at);
                assert!(before.any(|before| before.name == *needed), "{needed}");
            }
        }
    }
}
