//! What failed, by name and with its first words, read from the log of a step. It is said once more at the end
//! of the output, which is all that many build servers show.

use anstream::adapter::strip_str;

use crate::log::last;

/// More lines of one failure are in the log.
const LINES: usize = 8;
/// Longer lines are cut.
const LINE: usize = 240;

/// A test that failed; the step itself where no test is named.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) name: String,
    pub(super) said: Vec<String>,
}

impl Failure {
    fn new<'a>(name: &str, said: impl IntoIterator<Item = &'a str>) -> Self {
        let said = said.into_iter().filter(|line| !line.trim().is_empty());
        let cut = |line: &str| line.chars().take(LINE).collect();
        Self {
            name: name.to_owned(),
            said: said.take(LINES).map(cut).collect(),
        }
    }
}

/// Reads what `cargo test`, wasm-bindgen's test runner and our reporter in Playwright say of tests that failed;
/// of a step that names none, such as a compiler, the lines with an error, or the last ones.
pub(super) fn read(step: &str, log: &str) -> Vec<Failure> {
    // Playwright's workers colour whatever they are told.
    let text = strip_str(log).to_string();
    let failed = |line: &'_ str| {
        Some(
            line.strip_prefix("test ")?
                .split_once(" ... FAIL")?
                .0
                .to_owned(),
        )
    };
    let named = text.lines().filter_map(failed);
    let named: Vec<_> = named
        .map(|name| Failure::new(&name, printed(&text, &name)))
        .collect();
    if !named.is_empty() {
        return named;
    }
    let is_error = |line: &&str| line.contains("error") || line.contains("Error: ");
    let errors: Vec<&str> = text.lines().filter(is_error).collect();
    if errors.is_empty() {
        vec![Failure::new(step, last(&text, LINES).lines())]
    } else {
        vec![Failure::new(step, errors)]
    }
}

/// What a test printed, from its panic on. A program that was killed does not come to say it.
fn printed<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let title = format!("---- {name} ");
    let lines = text.lines().skip_while(|line| !line.starts_with(&title));
    let ends = |line: &&str| line.starts_with("---- ") || *line == "failures:";
    let mut said: Vec<_> = lines.skip(1).take_while(|line| !ends(line)).collect();
    let panic = said.iter().position(|line| line.contains("panicked at"));
    said.split_off(panic.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_are_named_with_why_they_failed() {
        let log = "\
test a::passes ... ok
test a::panics ... FAILED
test a::is_killed ... FAILED
test web::pays ... FAIL
test [phone] card.spec.ts:9 pays ... FAILED

failures:

---- a::panics stdout ----
a word before

thread 'a::panics' (7) panicked at src/a.rs:5:9:
  left: 1

---- web::pays output ----
    error output:
        panicked at tests/web/pays.rs:3:5:
---- [phone] card.spec.ts:9 pays output ----
Error: \u{1b}[31mno\u{1b}[39m

failures:
    a::panics

test result: FAILED. 1 passed; 4 failed; 0 ignored
";
        let failed = [
            Failure::new(
                "a::panics",
                [
                    "thread 'a::panics' (7) panicked at src/a.rs:5:9:",
                    "  left: 1",
                ],
            ),
            Failure::new("a::is_killed", []),
            Failure::new("web::pays", ["        panicked at tests/web/pays.rs:3:5:"]),
            Failure::new("[phone] card.spec.ts:9 pays", ["Error: no"]),
        ];
        assert_eq!(read("step", log), failed);
    }

    #[test]
    fn other_steps_say_their_errors_or_their_end() {
        let compiler = "   Compiling a\nerror[E0308]: mismatched types\n";
        let errors = Failure::new("clippy", ["error[E0308]: mismatched types"]);
        assert_eq!(read("clippy", compiler), [errors]);
        let long = format!(
            "first\n{}",
            format!("{}\n", "x".repeat(LINE + 1)).repeat(LINES)
        );
        assert_eq!(read("size", &long)[0].said, vec!["x".repeat(LINE); LINES]);
    }
}
