//! What failed, by name and with its words, read from what a step left behind. It is said once more at
//! the end of the output, which is all that many build servers show.

use std::{fs, path::Path};

use anstream::adapter::strip_str;
use serde::Deserialize;

use crate::log;

/// More lines of one failure are in the log.
const LINES: usize = 8;
/// Longer lines are cut.
const LINE: usize = 240;

/// A test that failed; the step itself where no test is named.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) name: String,
    /// The first lines of what it said.
    pub(super) said: Vec<String>,
}

impl Failure {
    fn new<'a>(name: &str, said: impl IntoIterator<Item = &'a str>) -> Self {
        // Without colours: Playwright's workers colour whatever they are told.
        let said = said.into_iter().map(|line| strip_str(line).to_string());
        let said = said.filter(|line| !line.trim().is_empty());
        let cut = |line: String| line.chars().take(LINE).collect();
        Self {
            name: name.to_owned(),
            said: said.take(LINES).map(cut).collect(),
        }
    }
}

/// The failures of a step that said this itself and has this log, and beside it Playwright's report where
/// it ran that.
pub(super) fn read(step: &str, said: &str, log: &Path) -> Vec<Failure> {
    let text = log::text(log);
    let found = match fs::read_to_string(log.with_extension("json")) {
        Ok(report) => of_playwright(&report),
        Err(_) => of_cargo(&text),
    };
    if found.is_empty() {
        return vec![of_any(step, if said.is_empty() { &text } else { said })];
    }
    found
}

/// Reads what `cargo test` and wasm-bindgen's test runner say of tests that failed: first what each
/// printed, then all names. A program that was killed has said neither, only which test was the last.
fn of_cargo(text: &str) -> Vec<Failure> {
    let mut failures: Vec<Failure> = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(name) = printed_by(line) {
            let mut said = Vec::new();
            while let Some(line) = lines.next_if(|line| !ends_printed(line)) {
                said.push(line);
            }
            // What a test printed before it panicked is of less use than why.
            let panic = said.iter().position(|line| line.contains("panicked at"));
            let said = said.split_off(panic.unwrap_or_default());
            failures.push(Failure::new(name, said));
        } else if let Some(name) = failed(line) {
            failures.push(Failure::new(name, None));
        }
    }
    // Those of which more is known come again below.
    let known = failures.iter().filter(|failure| !failure.said.is_empty());
    let known: Vec<String> = known.map(|failure| failure.name.clone()).collect();
    failures.retain(|failure| !failure.said.is_empty() || !known.contains(&failure.name));
    failures
}

/// `---- flow::pays stdout ----`
fn printed_by(line: &str) -> Option<&str> {
    let name = line.trim().strip_prefix("---- ")?.strip_suffix(" ----")?;
    name.strip_suffix(" stdout")
        .or(name.strip_suffix(" output"))
}

fn ends_printed(line: &str) -> bool {
    printed_by(line).is_some() || line == "failures:"
}

/// `test flow::pays ... FAILED`
fn failed(line: &str) -> Option<&str> {
    let test = line.strip_prefix("test ")?;
    let name = test
        .strip_suffix(" ... FAILED")
        .or(test.strip_suffix(" ... FAIL"))?;
    // With `should panic` and the like behind the name.
    name.split(" - should panic").next()
}

/// The report of Playwright's `json` reporter.
#[derive(Debug, Default, Deserialize)]
struct Report {
    #[serde(default)]
    suites: Vec<Suite>,
    /// What kept it from running tests at all.
    #[serde(default)]
    errors: Vec<Words>,
}

#[derive(Debug, Deserialize)]
struct Suite {
    #[serde(default)]
    specs: Vec<Spec>,
    #[serde(default)]
    suites: Vec<Suite>,
}

#[derive(Debug, Deserialize)]
struct Spec {
    title: String,
    file: String,
    line: u32,
    tests: Vec<Test>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    project_name: String,
    status: String,
    results: Vec<Attempt>,
}

#[derive(Debug, Deserialize)]
struct Attempt {
    #[serde(default)]
    errors: Vec<Words>,
}

#[derive(Debug, Deserialize)]
struct Words {
    #[serde(default)]
    message: String,
}

fn of_playwright(report: &str) -> Vec<Failure> {
    let report: Report = serde_json::from_str(report).unwrap_or_default();
    let before = report
        .errors
        .iter()
        .map(|error| Failure::new("before any test", error.message.lines()));
    before
        .chain(report.suites.iter().flat_map(of_suite))
        .collect()
}

fn of_suite(suite: &Suite) -> Vec<Failure> {
    let mut failures: Vec<Failure> = suite.specs.iter().flat_map(of_spec).collect();
    failures.extend(suite.suites.iter().flat_map(of_suite));
    failures
}

fn of_spec(spec: &Spec) -> impl Iterator<Item = Failure> {
    let bad = |test: &&Test| ["unexpected", "flaky"].contains(&&*test.status);
    spec.tests.iter().filter(bad).map(|test| {
        let Spec {
            title, file, line, ..
        } = spec;
        let name = format!("[{}] {file}:{line} {title}", test.project_name);
        let errors = test.results.iter().flat_map(|attempt| &attempt.errors);
        Failure::new(&name, errors.flat_map(|error| error.message.lines()))
    })
}

/// Of a step that names no tests, such as a compiler: the lines that say error; the last lines where
/// none does.
fn of_any(step: &str, text: &str) -> Failure {
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let telling = |line: &&&str| {
        ["error", "Error", "FAILED", "-->"]
            .iter()
            .any(|word| line.contains(word))
    };
    let errors: Vec<&str> = lines.iter().filter(telling).copied().collect();
    if errors.is_empty() {
        let first = lines.len().saturating_sub(LINES);
        return Failure::new(step, lines.into_iter().skip(first));
    }
    Failure::new(step, errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(name: &str, said: &[&str]) -> Failure {
        Failure::new(name, said.iter().copied())
    }

    #[test]
    fn cargo_names_tests_and_why_they_panicked() {
        let output = "\
running 3 tests
test a::passes ... ok
test a::panics ... FAILED
test a::is_killed ... FAILED

failures:

---- a::panics stdout ----
a word before

thread 'a::panics' (7) panicked at src/a.rs:5:9:
assertion `left == right` failed
  left: 1
 right: 2
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace


failures:
    a::panics

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out
";
        let found = of_cargo(output);
        let [killed, panics] = &*found else {
            panic!("{found:?}")
        };
        assert_eq!(killed, &failure("a::is_killed", &[]));
        assert_eq!(panics.name, "a::panics");
        assert!(panics.said[0].contains("panicked at src/a.rs:5:9"));
        assert_eq!(panics.said.len(), 5);
    }

    #[test]
    fn the_browsers_test_runner_is_understood() {
        let output = "\
test web::pays ... FAIL
failures:

---- web::pays output ----
    error output:
        panicked at tests/web/pays.rs:3:5:
        no button

failures:

    web::pays

test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 filtered out; finished in 0.1s
";
        let said = [
            "        panicked at tests/web/pays.rs:3:5:",
            "        no button",
        ];
        assert_eq!(of_cargo(output), [failure("web::pays", &said)]);
    }

    #[test]
    fn journeys_are_named_with_their_place() {
        let report = r#"{"errors": [], "suites": [{"specs": [], "suites": [{"specs": [
            {"title": "pays", "file": "journeys/card.spec.ts", "line": 9, "tests": [
                {"projectName": "phone", "status": "unexpected", "results": [{"errors": [{"message": "Error: \u001b[31mno\u001b[39m\n\nbutton"}]}]},
                {"projectName": "desktop", "status": "expected", "results": [{"errors": []}]}]}]}]}]}"#;
        let name = "[phone] journeys/card.spec.ts:9 pays";
        assert_eq!(
            of_playwright(report),
            [failure(name, &["Error: no", "button"])]
        );
        let report = r#"{"errors": [{"message": "no such project"}], "suites": []}"#;
        assert_eq!(
            of_playwright(report),
            [failure("before any test", &["no such project"])]
        );
    }

    #[test]
    fn other_steps_say_their_errors_or_their_end() {
        let compiler = "   Compiling a\nerror[E0308]: mismatched types\n --> src/a.rs:1:2\n";
        let said = ["error[E0308]: mismatched types", " --> src/a.rs:1:2"];
        assert_eq!(of_any("clippy", compiler), failure("clippy", &said));
        assert_eq!(of_any("size", "a\n\nb\n"), failure("size", &["a", "b"]));
    }

    #[test]
    fn a_failure_stays_short() {
        let long = "x".repeat(LINE + 1);
        let short = failure("a", &[&*long; LINES + 1]);
        assert_eq!(short.said, vec!["x".repeat(LINE); LINES]);
    }
}
