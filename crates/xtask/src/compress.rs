//! Writes what a server may send instead of a file: `NAME.br` and `NAME.gz`.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};

/// What becomes smaller. `index.html` is not here: a server writes into it.
const ENDINGS: [&str; 5] = ["css", "js", "mjs", "svg", "wasm"];

/// Packs the files of a folder, not those in folders below.
pub(crate) fn folder(folder: &Path) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let file = entry.context("cannot read the built page")?.path();
        if !file
            .extension()
            .is_some_and(|found| ENDINGS.iter().any(|ending| found == *ending))
        {
            continue;
        }
        let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
        for (ending, packed) in [("br", brotli(&bytes)?), ("gz", gzip(&bytes)?)] {
            // One that is not smaller would only cost the browser time.
            if packed.len() < bytes.len() {
                let beside = with_ending(&file, ending);
                fs::write(&beside, packed)
                    .with_context(|| format!("cannot write {}", beside.display()))?;
            }
        }
    }
    Ok(())
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// The best that gzip can.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).context("gzip failed")?;
    encoder.finish().context("gzip failed")
}

/// The best that brotli can.
pub(crate) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut packed, &params).context("brotli failed")?;
    Ok(packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_becomes_smaller_gets_two_siblings() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let text = "checkout ".repeat(1_000);
        for (name, content) in [("a.js", &*text), ("index.html", &*text), ("b.css", "a")] {
            fs::write(folder.join(name), content).unwrap();
        }
        super::folder(folder).unwrap();
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["a.js", "a.js.br", "a.js.gz", "b.css", "index.html"]);
    }
}
