//! Weighs what a buyer downloads.

use std::{fs, path::Path, process::ExitCode};

use anyhow::{Context, Result, ensure};

use crate::{compress, page};

/// Bytes after brotli that the page may weigh.
const LIMIT: usize = 130_000;

/// What the page loads, by the endings of the names; the hashes in them are left out. `ko` is the
/// language that most buyers read. The rest of its sentences, direct mode and what the developer is
/// told are fetched when they are needed, and not counted.
const LOADED: [&str; 7] = [
    "index.html",
    "icon.svg",
    ".css",
    "boot.mjs",
    "toss-checkout.js",
    "toss-checkout_bg.wasm",
    "ko.txt",
];

/// `cargo xtask size`.
///
/// # Errors
/// The page cannot be built.
pub(crate) fn run() -> Result<ExitCode> {
    let weight = weigh(&page::build()?)?;
    print!("{}", weight.table());
    Ok(if weight.is_light() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The files of a page.
#[derive(Debug)]
pub(crate) struct Weight(Vec<Weighed>);

#[derive(Debug)]
struct Weighed {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Weighs a built page.
///
/// # Errors
/// It cannot be read, or a file that the page loads is missing.
pub(crate) fn weigh(dist: &Path) -> Result<Weight> {
    let mut files = Vec::new();
    let entries = fs::read_dir(dist).with_context(|| format!("cannot read {}", dist.display()))?;
    for entry in entries {
        let path = entry.context("cannot read the built page")?.path();
        let name = without_hash(&path.file_name().unwrap_or_default().to_string_lossy());
        if !LOADED.iter().any(|ending| name.ends_with(ending)) {
            continue;
        }
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        files.push(Weighed {
            name,
            raw: bytes.len(),
            gzip: compress::gzip(&bytes)?.len(),
            brotli: compress::brotli(&bytes)?.len(),
        });
    }
    for ending in LOADED {
        ensure!(
            files.iter().any(|file| file.name.ends_with(ending)),
            "no {ending} in {}: it is no built page",
            dist.display()
        );
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Weight(files))
}

impl Weight {
    /// Whether it is within the limit.
    pub(crate) fn is_light(&self) -> bool {
        self.sum(|file| file.brotli) <= LIMIT
    }

    /// What it weighs after brotli, in a sentence.
    pub(crate) fn verdict(&self) -> String {
        let word = if self.is_light() { "within" } else { "ABOVE" };
        let brotli = self.sum(|file| file.brotli);
        format!("{brotli} bytes after brotli, {word} the limit of {LIMIT}")
    }

    /// A table for people.
    pub(crate) fn table(&self) -> String {
        let line = |name: &str, raw: &str, gzip: &str, brotli: &str| {
            format!("{name:<28} {raw:>9} {gzip:>9} {brotli:>9}\n")
        };
        let mut table = line("file (bytes)", "raw", "gzip 9", "brotli 11");
        for file in &self.0 {
            let [raw, gzip, brotli] = [file.raw, file.gzip, file.brotli].map(|n| n.to_string());
            table += &line(&file.name, &raw, &gzip, &brotli);
        }
        let [raw, gzip] = [self.sum(|f| f.raw), self.sum(|f| f.gzip)].map(|n| n.to_string());
        table += &line("all", &raw, &gzip, &self.sum(|f| f.brotli).to_string());
        table + &self.verdict() + "\n"
    }

    fn sum(&self, part: impl Fn(&Weighed) -> usize) -> usize {
        self.0.iter().map(part).sum()
    }
}

/// `toss-checkout-1f2e3d4c5b6a7980_bg.wasm` is `toss-checkout_bg.wasm` in every build.
fn without_hash(name: &str) -> String {
    match name.rsplit_once('-') {
        Some((before, after)) => {
            let hash = after.chars().take_while(char::is_ascii_hexdigit).count();
            if hash >= 12 {
                before.to_owned() + after.get(hash..).unwrap_or_default()
            } else {
                name.to_owned()
            }
        }
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, brotli: usize) -> Weighed {
        Weighed {
            name: name.to_owned(),
            raw: 0,
            gzip: 0,
            brotli,
        }
    }

    #[test]
    fn one_byte_too_much_is_too_much() {
        assert!(Weight(vec![file("a", LIMIT - 1), file("b", 1)]).is_light());
        let heavy = Weight(vec![file("a", LIMIT), file("b", 1)]);
        assert!(!heavy.is_light());
        assert!(
            heavy
                .table()
                .ends_with("130001 bytes after brotli, ABOVE the limit of 130000\n")
        );
    }

    #[test]
    fn a_page_without_its_program_is_none() {
        let folder = std::env::temp_dir().join(format!("xtask-size-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let present = |names: &[&str]| {
            for name in names {
                fs::write(folder.join(name), "x").unwrap();
            }
            weigh(&folder)
        };
        let names = ["index.html", "icon.svg", "base-0123456789abcdef.css"];
        assert!(present(&names).is_err());
        let more = ["boot.mjs", "toss-checkout-0123456789abcdef.js", "ko.txt"];
        assert!(present(&more).is_err());
        let program = [
            "toss-checkout-0123456789abcdef_bg.wasm",
            "direct.js",
            "en.txt",
        ];
        let weight = present(&program).unwrap();
        assert!(weight.0.iter().all(|file| file.name != "en.txt"));
        assert_eq!(weight.0.len(), LOADED.len());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn names_lose_their_hash() {
        assert_eq!(
            without_hash("toss-checkout-1f2e3d4c5b6a7980_bg.wasm"),
            "toss-checkout_bg.wasm"
        );
        assert_eq!(without_hash("some-cafe.js"), "some-cafe.js");
        assert_eq!(without_hash("boot.mjs"), "boot.mjs");
    }
}
