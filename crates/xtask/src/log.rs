//! Long commands, whose output goes to a file and is shown when they fail.

use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};
use fs_err as fs;

use crate::process::{self, Group};

/// A command that takes longer hangs: compiling everything from nothing takes half of it on two busy
/// cores.
const LIMIT: Duration = Duration::from_mins(40);
/// How often a long one says that it is alive.
const HEARTBEAT: Duration = Duration::from_mins(1);

/// Runs a command to its end with its output in a new file, and says now and then that it is alive;
/// true when it succeeded.
pub(crate) fn run(name: &str, log: &Path, command: &mut Command) -> Result<bool> {
    process::create(log)?;
    let mut group = Group::start_logged(command, log)?;
    let since = Instant::now();
    let mut heartbeat = HEARTBEAT;
    loop {
        if let Some(status) = group.ended()? {
            return Ok(status.success());
        }
        process::pause()?;
        let elapsed = since.elapsed();
        if elapsed > heartbeat {
            heartbeat += HEARTBEAT;
            let words: String = tail(log, 1).trim().chars().take(60).collect();
            println!("  …    {name} ({}) {words}", took(elapsed));
        }
        if elapsed > LIMIT {
            let (time, log) = (took(LIMIT), log.display());
            bail!("{name} was stopped after {time}; its output is in {log}");
        }
    }
}

/// As [`run`], for what has to succeed: the error shows the end of the output.
pub(crate) fn must(name: &str, log: &Path, command: &mut Command) -> Result<()> {
    if !run(name, log, command)? {
        bail!("{name} failed:\n{}", tail(log, 60));
    }
    Ok(())
}

/// A duration for people.
pub(crate) fn took(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        return format!("{:.1} s", time.as_secs_f32());
    }
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

/// The text of a log; empty when there is none.
pub(crate) fn text(log: &Path) -> String {
    String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned()
}

/// The last lines of a log.
pub(crate) fn tail(log: &Path, lines: usize) -> String {
    last(&text(log), lines)
}

/// The last lines of a text that say something.
pub(crate) fn last(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let first = all.len().saturating_sub(lines);
    all.get(first..).unwrap_or_default().join("\n")
}
