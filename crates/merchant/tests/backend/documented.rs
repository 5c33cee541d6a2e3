//! What docs/operations.md names is there, and what is there is named.

use clap::CommandFactory;
use toss_merchant::cli::Cli;

const DOCS: &str = include_str!("../../../../docs/operations.md");

/// Every source file of the program, one after the other.
fn sources() -> String {
    fn read(folder: &std::path::Path, all: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                read(&path, all);
            } else {
                all.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut all = String::new();
    read(
        &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut all,
    );
    all
}

#[test]
fn every_setting_is_documented() {
    for setting in Cli::command().get_arguments() {
        if let Some(name) = setting.get_env() {
            let name = format!("`{}`", name.to_str().unwrap());
            assert!(DOCS.contains(&name), "{name} is not in docs/operations.md");
        }
    }
}

#[test]
fn every_metric_is_documented_and_every_documented_one_is_there() {
    let names = |text: &str, quote: char| -> Vec<String> {
        let parts = text.split(quote);
        let names = parts.filter(|part| {
            part.starts_with("toss_checkout_")
                && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        });
        let mut names: Vec<String> = names.map(str::to_owned).collect();
        names.sort();
        names.dedup();
        names
    };
    let telemetry = include_str!("../../src/telemetry.rs");
    assert_eq!(names(DOCS, '`'), names(telemetry, '"'));
}

#[test]
fn the_log_lines_that_are_worth_an_alarm_are_written() {
    let (_, after) = DOCS.split_once("Log lines worth an alarm").unwrap();
    let (lines, _) = after.split_once("\n\n").unwrap();
    let lines: Vec<&str> = lines.split('`').skip(1).step_by(2).collect();
    assert!(lines.len() > 3, "{lines:?}");
    let sources = sources();
    for line in lines {
        assert!(
            line == "ERROR" || sources.contains(line),
            "nothing logs {line:?}"
        );
    }
}
