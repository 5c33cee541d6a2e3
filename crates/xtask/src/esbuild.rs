//! esbuild: bundles and minifies JavaScript and CSS.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use crate::tools;

/// The browsers that run the page at all (reference types in WebAssembly) know this JavaScript.
const FLAGS: [&str; 8] = [
    "--bundle",
    "--minify",
    "--format=esm",
    "--target=es2022",
    "--charset=utf8",
    "--log-level=warning",
    // wasm-bindgen's classes register themselves, which would keep those that nobody uses.
    "--pure:FinalizationRegistry",
    "--define:Symbol.dispose=false",
];

/// Bundles in `folder` by these arguments. Without an entry point among them, `module` is the text
/// of one.
pub(crate) fn bundle(tools: &[PathBuf], folder: &Path, args: &[&str], module: &str) -> Result<()> {
    let mut child = Command::new("esbuild")
        .args(FLAGS)
        .args(args)
        .current_dir(folder)
        .env("PATH", tools::path_with(tools)?)
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start esbuild")?;
    if let Some(mut stdin) = child.stdin.take() {
        // One that has entry points does not read, and may have ended.
        let _ = stdin.write_all(module.as_bytes());
    }
    let done = child.wait_with_output().context("esbuild did not end")?;
    ensure!(
        done.status.success(),
        "esbuild failed:\n{}",
        String::from_utf8_lossy(&done.stderr)
    );
    Ok(())
}
