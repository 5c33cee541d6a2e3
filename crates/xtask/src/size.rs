//! Weighs what a buyer downloads: the checkout, and the page of a customer's subscriptions.

use std::{fmt::Display, fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{compress, page};

/// Bytes after brotli that the checkout may weigh.
const LIMIT: usize = 130_000;
/// And the page of a customer's subscriptions, which nobody waits for with a card in hand.
const SUBSCRIPTION_LIMIT: usize = 115_000;

/// What a page loads: how the names begin and end, with a hash between in some. Direct mode, what the
/// developer is told, and what is said where the program cannot start are fetched when they are needed, and
/// not counted.
const LOADED: [(&str, &str); 6] = [
    ("index", ".html"),
    ("icon", ".svg"),
    ("", ".css"),
    ("boot", ".js"),
    ("toss-", ".js"),
    ("toss-", "_bg.wasm"),
];

/// The files of a page.
#[derive(Debug)]
pub(crate) struct Weight {
    limit: usize,
    /// A line for each file.
    lines: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Weighs both built pages, the checkout first.
pub(crate) fn weigh(dist: &Path) -> Result<[Weight; 2]> {
    let subscription = dist.join(page::SUBSCRIPTION);
    Ok([
        weigh_page(dist, LIMIT)?,
        weigh_page(&subscription, SUBSCRIPTION_LIMIT)?,
    ])
}

fn weigh_page(dist: &Path, limit: usize) -> Result<Weight> {
    let mut weight = Weight::new(limit);
    for (begins, ends) in LOADED {
        let files = page::files(dist, begins, ends)?;
        ensure!(
            !files.is_empty(),
            "no {begins}…{ends} in {}: it is no built page",
            dist.display()
        );
        for file in files {
            let path = dist.join(&file);
            let bytes = fs::read(&path).with_context(|| format!("no {}", path.display()))?;
            let gzip = compress::gzip(&bytes)?.len();
            let brotli = compress::brotli(&bytes)?.len();
            weight.add(&file, bytes.len(), gzip, brotli);
        }
    }
    Ok(weight)
}

impl Weight {
    fn new(limit: usize) -> Self {
        Self {
            limit,
            lines: String::new(),
            raw: 0,
            gzip: 0,
            brotli: 0,
        }
    }

    fn add(&mut self, name: &str, raw: usize, gzip: usize, brotli: usize) {
        self.lines.push_str(&line(name, &raw, &gzip, &brotli));
        self.raw += raw;
        self.gzip += gzip;
        self.brotli += brotli;
    }

    /// Whether it is within the limit.
    pub(crate) fn is_light(&self) -> bool {
        self.brotli <= self.limit
    }

    /// What it weighs after brotli, in a sentence.
    pub(crate) fn verdict(&self) -> String {
        let word = if self.is_light() { "within" } else { "ABOVE" };
        let (brotli, limit) = (self.brotli, self.limit);
        format!("{brotli} bytes after brotli, {word} the limit of {limit}")
    }

    /// A table for people.
    pub(crate) fn table(&self) -> String {
        let head = line("file (bytes)", &"raw", &"gzip 9", &"brotli 11");
        let all = line("all", &self.raw, &self.gzip, &self.brotli);
        format!("{head}{}{all}{}\n", self.lines, self.verdict())
    }
}

fn line<T: Display>(name: &str, raw: &T, gzip: &T, brotli: &T) -> String {
    format!("{name:<40} {raw:>9} {gzip:>9} {brotli:>10}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_too_much_is_too_much() {
        let mut weight = Weight::new(LIMIT);
        weight.add("a", 0, 0, LIMIT);
        assert!(weight.is_light());
        weight.add("b", 0, 0, 1);
        let verdict = "130001 bytes after brotli, ABOVE the limit of 130000\n";
        assert!(!weight.is_light() && weight.table().ends_with(verdict));
    }

    #[test]
    fn a_page_without_its_program_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str| fs::write(folder.path().join(name), "x").unwrap();
        for name in ["index.html", "icon.svg", "base-0123.css", "boot.js"] {
            write(name);
        }
        assert!(weigh_page(folder.path(), LIMIT).is_err());
        for name in ["toss-checkout-0.js", "toss-checkout-0_bg.wasm", "direct.js"] {
            write(name);
        }
        assert_eq!(weigh_page(folder.path(), LIMIT).unwrap().raw, LOADED.len());
    }
}
