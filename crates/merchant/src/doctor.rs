//! `toss-merchant doctor`: whether this can take money, and what is left to do before it does.

mod database;
mod network;
mod sealing;
mod settings;

use std::fmt;

use crate::config::{Args, Config};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is as it has to be.
    Pass,
    /// It works; whether it is meant so, the operator knows.
    Warn,
    /// It cannot work.
    Fail,
    /// This program cannot see it.
    ByHand,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was looked at: a setting, or a part of the world.
    pub subject: &'static str,
    /// How it ended.
    pub verdict: Verdict,
    /// What was found, and what to do about it.
    pub text: String,
}

impl Check {
    fn new(subject: &'static str, verdict: Verdict, text: impl Into<String>) -> Self {
        Self {
            subject,
            verdict,
            text: text.into(),
        }
    }

    fn pass(subject: &'static str, text: impl Into<String>) -> Self {
        Self::new(subject, Verdict::Pass, text)
    }

    fn warn(subject: &'static str, text: impl Into<String>) -> Self {
        Self::new(subject, Verdict::Warn, text)
    }

    fn fail(subject: &'static str, text: impl Into<String>) -> Self {
        Self::new(subject, Verdict::Fail, text)
    }

    fn by_hand(subject: &'static str, text: impl Into<String>) -> Self {
        Self::new(subject, Verdict::ByHand, text)
    }
}

/// Everything that was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report(pub Vec<Check>);

impl Report {
    /// Whether nothing stands in the way.
    pub fn is_good(&self) -> bool {
        self.0.iter().all(|check| check.verdict != Verdict::Fail)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for check in &self.0 {
            let verdict = match check.verdict {
                Verdict::Pass => "pass",
                Verdict::Warn => "warn",
                Verdict::Fail => "FAIL",
                Verdict::ByHand => "todo",
            };
            writeln!(f, "{verdict}  {:<28}  {}", check.subject, check.text)?;
        }
        let failed = self.0.iter().filter(|c| c.verdict == Verdict::Fail).count();
        match failed {
            0 => writeln!(f, "Nothing stands in the way."),
            1 => writeln!(f, "1 thing cannot work as it is."),
            more => writeln!(f, "{more} things cannot work as they are."),
        }
    }
}

/// Checks everything. `order`: an order that was paid with these keys.
pub async fn examine(args: Args, order: Option<&str>) -> Report {
    let config = match Config::check(args) {
        Ok(config) => config,
        Err(wrong) => {
            let all = std::iter::once(wrong.first).chain(wrong.others);
            return Report(all.map(|e| Check::fail(e.name, e.problem)).collect());
        }
    };
    let mut checks = settings::examine(&config);
    let (database, paid) = database::examine(&config).await;
    checks.extend(database);
    checks.extend(network::examine(&config, order, &paid).await);
    Report(checks)
}

#[cfg(test)]
mod tests;
