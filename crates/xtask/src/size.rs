//! Weighs what a buyer downloads.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, Result};

use crate::{pack, page};

/// Bytes after brotli that the page may weigh. Toss's own React sample weighs 63.6 KB, one KB being
/// 1 000 bytes.
const LIMIT: usize = 63_000;

/// What the page loads. The icon is loaded too; of the sentences (`txt`) at most one language's first
/// file is.
const ENDINGS: [&str; 7] = ["html", "css", "js", "mjs", "wasm", "svg", "txt"];

/// Words that the bindings send for what the page never asks for: were one of them in the compiled
/// page, the buyer would download code that is never called.
const NEVER_SENT: [&str; 9] = [
    "MOBILE_PHONE",
    "GIFT_CERTIFICATE",
    "FOREIGN_EASY_PAY",
    "freeInstallmentPlans",
    "selectableCardTypes",
    "escrowProducts",
    "taxFreeAmount",
    "metadata",
    "@@ANONYMOUS",
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
pub(crate) struct Weight {
    files: Vec<Weighed>,
    /// What of [`NEVER_SENT`] was found.
    ballast: Vec<&'static str>,
}

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
/// It cannot be read, or has no compiled page in it.
pub(crate) fn weigh(dist: &Path) -> Result<Weight> {
    let mut files = Vec::new();
    collect(dist, &mut files)?;
    files.sort();
    let mut weighed = Vec::new();
    let mut ballast = Vec::new();
    for file in files {
        let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        if file.extension().is_some_and(|ending| ending == "wasm") {
            let has = |word: &str| bytes.windows(word.len()).any(|it| it == word.as_bytes());
            ballast.extend(NEVER_SENT.into_iter().filter(|word| has(word)));
        }
        weighed.push(Weighed {
            name: short_name(file.strip_prefix(dist).unwrap_or(&file)),
            raw: bytes.len(),
            gzip: pack::gzip(&bytes)?.len(),
            brotli: pack::brotli(&bytes)?.len(),
        });
    }
    keep_what_is_loaded(&mut weighed);
    for ending in ["html", "css", "js", "wasm", "txt"] {
        let found = weighed
            .iter()
            .any(|file| file.name.ends_with(&format!(".{ending}")));
        anyhow::ensure!(
            found,
            "no .{ending} file in {}: it is no built page",
            dist.display()
        );
    }
    Ok(Weight {
        files: weighed,
        ballast,
    })
}

/// Korean comes with `boot.mjs`; a buyer of another language loads that one too, so the heaviest one
/// counts. The rest of its sentences, direct mode and what the developer is told are fetched when they
/// are needed.
fn keep_what_is_loaded(files: &mut Vec<Weighed>) {
    let language = |file: &Weighed| file.name.strip_suffix(".txt").map(str::to_owned);
    files.retain(|file| {
        let is_more = language(file).is_some_and(|name| name.ends_with("-more"));
        !is_more && !["direct.js", "develop.js", "ko.txt"].contains(&&*file.name)
    });
    let languages = files.iter().filter(|file| language(file).is_some());
    let heaviest = languages.map(|file| file.brotli).max().unwrap_or_default();
    files.retain(|file| language(file).is_none() || file.brotli == heaviest);
}

impl Weight {
    /// Whether it is within the limit, and holds nothing that is never used.
    pub(crate) fn is_light(&self) -> bool {
        self.is_within() && self.ballast.is_empty()
    }

    fn is_within(&self) -> bool {
        self.sum(|file| file.brotli) <= LIMIT
    }

    /// What it weighs after brotli, in a sentence.
    pub(crate) fn verdict(&self) -> String {
        let brotli = self.sum(|file| file.brotli);
        let word = if self.is_within() { "within" } else { "ABOVE" };
        let ballast = match self.ballast.join(", ") {
            words if words.is_empty() => words,
            words => format!("; HOLDS code of the bindings that is never called: {words}"),
        };
        format!("{brotli} bytes after brotli, {word} the limit of {LIMIT}{ballast}")
    }

    /// A table for people.
    pub(crate) fn table(&self) -> String {
        let line = |name: &str, raw: &str, gzip: &str, brotli: &str| {
            format!("{name:<28} {raw:>9} {gzip:>9} {brotli:>9}\n")
        };
        let mut table = line("file (bytes)", "raw", "gzip 9", "brotli 11");
        for file in &self.files {
            let [raw, gzip, brotli] = [file.raw, file.gzip, file.brotli].map(|n| n.to_string());
            table += &line(&file.name, &raw, &gzip, &brotli);
        }
        let [raw, gzip] = [self.sum(|f| f.raw), self.sum(|f| f.gzip)].map(|n| n.to_string());
        table += &line("all", &raw, &gzip, &self.sum(|f| f.brotli).to_string());
        table + &self.verdict() + "\n"
    }

    fn sum(&self, part: impl Fn(&Weighed) -> usize) -> usize {
        self.files.iter().map(part).sum()
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry.context("cannot read the built page")?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if ENDINGS
            .iter()
            .any(|e| path.extension().is_some_and(|found| found == *e))
        {
            files.push(path);
        }
    }
    Ok(())
}

/// `toss-checkout-1f2e3d4c5b6a7980_bg.wasm` is `toss-checkout_bg.wasm` in every build.
fn short_name(path: &Path) -> String {
    let name = path.to_string_lossy().replace('\\', "/");
    match name.rsplit_once('-') {
        Some((before, after)) => {
            let hash = after.chars().take_while(char::is_ascii_hexdigit).count();
            if hash >= 12 {
                before.to_owned() + after.get(hash..).unwrap_or_default()
            } else {
                name
            }
        }
        None => name,
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

    fn weight(files: Vec<Weighed>, ballast: Vec<&'static str>) -> Weight {
        Weight { files, ballast }
    }

    #[test]
    fn what_is_never_called_is_too_much() {
        let weight = weight(vec![file("a", 1)], vec!["metadata"]);
        assert!(!weight.is_light());
        assert!(weight.verdict().ends_with("never called: metadata"));
    }

    #[test]
    fn one_byte_too_much_is_too_much() {
        assert!(weight(vec![file("a", LIMIT - 1), file("b", 1)], Vec::new()).is_light());
        let heavy = weight(vec![file("a", LIMIT), file("b", 1)], Vec::new());
        assert!(!heavy.is_light());
        assert!(
            heavy
                .table()
                .ends_with("63001 bytes after brotli, ABOVE the limit of 63000\n")
        );
    }

    #[test]
    fn only_the_heaviest_language_counts() {
        let mut files = vec![file("en.txt", 10), file("a.js", 5), file("fr.txt", 20)];
        files.extend([file("fr-more.txt", 30), file("direct.js", 9)]);
        // It is in boot.mjs.
        files.push(file("ko.txt", 40));
        keep_what_is_loaded(&mut files);
        let names: Vec<&str> = files.iter().map(|file| &*file.name).collect();
        assert_eq!(names, ["a.js", "fr.txt"]);
    }

    #[test]
    fn names_lose_their_hash() {
        let short = |name: &str| short_name(Path::new(name));
        assert_eq!(
            short("toss-checkout-1f2e3d4c5b6a7980_bg.wasm"),
            "toss-checkout_bg.wasm"
        );
        assert_eq!(
            short("snippets/x-0123456789abcdef/inline0.js"),
            "snippets/x/inline0.js"
        );
        assert_eq!(short("some-cafe.js"), "some-cafe.js");
        assert_eq!(short("boot.mjs"), "boot.mjs");
    }
}
