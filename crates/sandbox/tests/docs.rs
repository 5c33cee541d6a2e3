//! The pages of documentation name everything that can be chosen, in both languages.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

use toss_model::Rules;

const PAGES: [(&str, &str); 2] = [
    ("sandbox.md", include_str!("../../../docs/sandbox.md")),
    ("sandbox.ko.md", include_str!("../../../docs/sandbox.ko.md")),
];

/// The lines of a page that begin a row of a table with this.
fn row<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    let beginning = format!("| `{name}` |");
    page.lines().find(|line| line.starts_with(&beginning))
}

#[test]
fn every_assumption_stands_in_the_table_with_its_default() {
    for (file, page) in PAGES {
        for (name, value) in Rules::default().list() {
            let row = row(page, name).unwrap_or_else(|| panic!("{name} is not in {file}"));
            assert!(row.contains(&format!("`{value}`")), "{file}: {row}");
        }
    }
}

#[test]
fn every_kind_and_endpoint_of_faults_is_named() {
    let refused = |json: &str| {
        let error = serde_json::from_str::<toss_sandbox::Fault>(json).unwrap_err();
        error.to_string()
    };
    // What serde lists as possible is what there is.
    let kinds = refused(r#"{"endpoint":"confirm","kind":"?"}"#);
    let endpoints = refused(r#"{"endpoint":"?","kind":"error"}"#);
    for said in [kinds, endpoints] {
        let (_, names) = said.split_once("expected one of ").unwrap();
        let mut count = 0;
        for name in names.split('`').skip(1).step_by(2) {
            count += 1;
            for (file, page) in PAGES {
                assert!(
                    page.contains(&format!("`{name}`")),
                    "{name} is not in {file}"
                );
            }
        }
        assert!(count >= 10, "{names}");
    }
}

#[test]
fn both_pages_print_the_same_commands() {
    let commands = |page: &'static str| -> Vec<&str> {
        page.lines()
            .filter(|line| line.trim_start().starts_with("curl ") || line.starts_with("$ curl"))
            .map(|line| line.split(" #").next().unwrap_or_default().trim())
            .collect()
    };
    assert_eq!(commands(PAGES[0].1), commands(PAGES[1].1));
}
