//! How many tests passed and failed, read from what the test programs say.

use std::{fmt, ops::AddAssign, path::Path, process::Command};

use anyhow::Result;

use crate::log;

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

    /// A run without any test proves nothing, and one that fails without a failing test did not come to
    /// its end: both count as a failure more.
    fn judged(mut self, succeeded: bool) -> Self {
        if self.failed == 0 && !(succeeded && self.passed > 0) {
            self.failed = 1;
        }
        self
    }

    /// Runs tests to their end and counts them.
    pub(crate) fn of(name: &str, log: &Path, command: &mut Command) -> Result<Self> {
        let succeeded = log::run(name, log, command)?;
        Ok(Self::of_cargo(&log::text(log)).judged(succeeded))
    }

    /// Sums up the summaries of `cargo test`; all other test programs here speak the same words:
    /// `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; …`
    fn of_cargo(output: &str) -> Self {
        let mut count = Self::default();
        for line in output.lines().map(str::trim) {
            let parts = line.strip_prefix("test result: ").unwrap_or_default();
            for part in parts.split([';', '.']) {
                match part.trim().split_once(' ') {
                    Some((number, "passed")) => count.passed += number.parse().unwrap_or(0),
                    Some((number, "failed")) => count.failed += number.parse().unwrap_or(0),
                    Some((number, "ignored")) => count.skipped += number.parse().unwrap_or(0),
                    _ => {}
                }
            }
        }
        count
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
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
        assert_eq!(count.to_string(), "42 passed, 1 failed, 3 skipped");
    }

    #[test]
    fn nothing_run_is_a_failure() {
        let nothing = Count::of_cargo("error: could not compile");
        assert_eq!(nothing.judged(true), Count::one(false));
        let passed = Count::one(true);
        assert_eq!(
            (passed.judged(false).failed, passed.judged(true).failed),
            (1, 0)
        );
    }
}
