//! How many tests passed and failed, read from what the test programs say.

use std::{
    fmt,
    iter::Sum,
    ops::{Add, AddAssign},
};

use anyhow::{Context, Result};
use serde_json::Value;

/// Tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl Count {
    /// One check that is no test suite.
    pub(crate) fn one(passed: bool) -> Self {
        Self {
            passed: u64::from(passed),
            failed: u64::from(!passed),
            skipped: 0,
        }
    }

    /// How many ran.
    pub(crate) fn ran(self) -> u64 {
        self.passed + self.failed
    }

    /// Sums up the summaries of `cargo test`; the browser's test runner speaks the same words.
    pub(crate) fn of_cargo(output: &str) -> Self {
        output.lines().filter_map(summary).sum()
    }

    /// Reads the report of Playwright's `json` reporter.
    ///
    /// # Errors
    /// It is none.
    pub(crate) fn of_playwright(report: &str) -> Result<Self> {
        let report: Value = serde_json::from_str(report).context("no report of Playwright")?;
        let stats = report.get("stats").context("a report without counts")?;
        let number = |name: &str| {
            stats
                .get(name)
                .and_then(Value::as_u64)
                .context(name.to_owned())
        };
        Ok(Self {
            passed: number("expected")?,
            // A test that passes only sometimes does not pass.
            failed: number("unexpected")? + number("flaky")?,
            skipped: number("skipped")?,
        })
    }
}

/// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; …`
fn summary(line: &str) -> Option<Count> {
    let (_, numbers) = line
        .trim()
        .strip_prefix("test result: ")?
        .split_once(". ")?;
    let mut count = Count::default();
    for part in numbers.split(';') {
        let mut words = part.split_whitespace();
        let (Some(number), Some(what)) = (words.next(), words.next()) else {
            continue;
        };
        let Ok(number) = number.parse() else {
            continue;
        };
        match what {
            "passed" => count.passed = number,
            "failed" => count.failed = number,
            "ignored" => count.skipped = number,
            _ => {}
        }
    }
    Some(count)
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Add::add)
    }
}

/// `3 passed, 0 failed`, and the skipped ones where there are any.
impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_summaries_count() {
        let output = "\
running 2 tests
test a ... ok
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s

     Running tests/web
test result: FAILED. 40 passed; 1 failed; 3 ignored; 0 filtered out; finished in 1.20s
no tests to run!
";
        let count = Count::of_cargo(output);
        assert_eq!(
            count,
            Count {
                passed: 42,
                failed: 1,
                skipped: 3
            }
        );
        assert_eq!(count.to_string(), "42 passed, 1 failed, 3 skipped");
        assert_eq!(Count::of_cargo("error: could not compile").ran(), 0);
    }

    #[test]
    fn an_unsteady_journey_has_failed() {
        let report =
            r#"{"stats":{"expected":5,"unexpected":1,"flaky":2,"skipped":0,"duration":1.5}}"#;
        let count = Count::of_playwright(report).unwrap();
        assert_eq!(count.to_string(), "5 passed, 3 failed");
        assert!(Count::of_playwright("{}").is_err());
    }
}
