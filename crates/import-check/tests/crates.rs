//! Whole crates, made for the purpose.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::{fs, path::PathBuf};

use import_check::Crate;

/// A crate of these files, in a folder of its own.
fn made(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&home);
    for (path, text) in files {
        let path = home.join("src").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    home
}

#[test]
fn arrows_that_point_inward_are_fine() {
    let home = made(
        "fine",
        &[
            ("lib.rs", "mod domain; mod http;"),
            ("domain.rs", "pub struct Money;"),
            ("http/mod.rs", "mod page; use crate::domain::Money;"),
            (
                "http/page.rs",
                "use super::Answer; use crate::domain::Money;",
            ),
        ],
    );
    let faults = Crate::at(home).layers(&[&["domain"], &["http"]]).check();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn an_arrow_that_points_outward_is_named() {
    let home = made(
        "outward",
        &[
            ("lib.rs", ""),
            ("domain.rs", "fn f(page: crate::http::Page) {}"),
            ("http.rs", ""),
            ("stray.rs", ""),
        ],
    );
    let faults = Crate::at(home).layers(&[&["domain"], &["http"]]).check();
    assert_eq!(
        faults,
        [
            "domain imports http, which lies further out",
            "stray is in no layer"
        ]
    );
}

#[test]
fn a_circle_is_shown_at_every_depth() {
    let home = made(
        "circle",
        &[
            ("lib.rs", "pub use a::A;"),
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "use crate::c::{D, e::E};"),
            ("c/mod.rs", "mod d; mod e;"),
            ("c/d.rs", "use super::e::E; use crate::A;"),
            ("c/e.rs", "use crate::{a, c::d::D};"),
        ],
    );
    let faults = Crate::at(home).check();
    assert_eq!(
        faults,
        [
            "modules of crate import each other in a circle: a -> b -> c -> a",
            "modules of c import each other in a circle: d -> e -> d",
            "c imports crate::A, which is no module: name the module that it is in",
        ]
    );
}

#[test]
fn what_stands_outside_imports_everything_and_is_imported_by_nobody() {
    let files = [
        ("main.rs", "mod cli;"),
        ("cli.rs", "use crate::http::Page;"),
        ("http.rs", ""),
    ];
    let home = made("outside", &files);
    let check = |home| {
        Crate::at(home)
            .layers(&[&["http"]])
            .outside(&["cli"])
            .check()
    };
    assert_eq!(check(home), Vec::<String>::new());
    let home = made(
        "inside",
        &[("http.rs", "use crate::cli::Args;"), ("cli.rs", "")],
    );
    assert_eq!(check(home), ["http imports cli, which nobody may import"]);
}
