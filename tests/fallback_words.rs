//! What is said where the program cannot start, beside what the program says.
#![cfg(not(target_arch = "wasm32"))]
#![allow(missing_docs, reason = "a test")]

use toss_checkout::i18n::KO;

#[test]
fn the_fallback_names_the_same_banks() {
    let words = include_str!("../assets/fallback-words.js");
    let (_, banks) = words.split_once("const BANKS = {").unwrap_or_default();
    let (banks, _) = banks.split_once("};").unwrap_or_default();
    let named = banks.lines().filter_map(|line| {
        let (code, name) = line.trim().split_once(": ")?;
        Some((code.trim_matches('"'), name.trim_matches(['"', ','])))
    });
    let mut named: Vec<(&str, &str)> = named.collect();
    named.sort_unstable();
    assert_eq!(named, KO.banks);
}
