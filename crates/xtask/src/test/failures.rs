//! What failed, by name and with its words, read from what a step left behind. It is said once more at
//! the end of the output, which is all that many build servers show.

use std::path::Path;

use anstream::adapter::strip_str;

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

/// The failures of a step that said this itself and has this log.
pub(super) fn read(step: &str, said: &str, log: &Path) -> Vec<Failure> {
    let text = log::text(log);
    let found = of_tests(&text);
    if found.is_empty() {
        return vec![of_any(step, if said.is_empty() { &text } else { said })];
    }
    found
}

/// Reads what `cargo test`, wasm-bindgen's test runner and our reporter in Playwright say of tests that
/// failed. A program that was killed does not come to say what they printed.
fn of_tests(text: &str) -> Vec<Failure> {
    let names = text.lines().filter_map(failed);
    names
        .map(|name| Failure::new(name, printed(text, name)))
        .collect()
}

/// What a test printed, from its panic on.
fn printed<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let title = ["stdout", "output"].map(|kind| format!("---- {name} {kind} ----"));
    let lines = text
        .lines()
        .skip_while(|line| !title.iter().any(|title| title == line));
    let ends = |line: &&str| line.starts_with("---- ") || *line == "failures:";
    let mut said: Vec<_> = lines.skip(1).take_while(|line| !ends(line)).collect();
    let panic = said.iter().position(|line| line.contains("panicked at"));
    said.split_off(panic.unwrap_or_default())
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
        let found = of_tests(output);
        let [panics, killed] = &*found else {
            panic!("{found:?}")
        };
        assert_eq!(panics.name, "a::panics");
        assert!(panics.said[0].contains("panicked at src/a.rs:5:9"));
        assert_eq!(panics.said.len(), 5);
        assert_eq!(killed, &failure("a::is_killed", &[]));
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
        assert_eq!(of_tests(output), [failure("web::pays", &said)]);
    }

    #[test]
    fn what_playwright_colours_is_read() {
        let output = "\
test [phone] journeys/card.spec.ts:9 pays ... FAILED
---- [phone] journeys/card.spec.ts:9 pays output ----
Error: \u{1b}[31mno\u{1b}[39m

button
failures:
test result: FAILED. 3 passed; 1 failed; 0 ignored
";
        let name = "[phone] journeys/card.spec.ts:9 pays";
        assert_eq!(of_tests(output), [failure(name, &["Error: no", "button"])]);
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
