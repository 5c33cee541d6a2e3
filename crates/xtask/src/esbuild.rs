//! esbuild: bundles and minifies JavaScript and CSS.

use std::{
    ffi::OsStr,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use crate::tools;

/// The browsers that run the page at all (reference types in WebAssembly) know this JavaScript.
const FLAGS: [&str; 5] = [
    "--bundle",
    "--minify",
    "--format=esm",
    "--target=es2022",
    "--log-level=warning",
];

/// Bundles in `folder` by these arguments. Without an entry point among them, `module` is the text
/// of one.
///
/// # Errors
/// esbuild cannot be started, or finds a mistake.
pub(crate) fn bundle<S: AsRef<OsStr>>(
    tools: &[PathBuf],
    folder: &Path,
    args: &[S],
    module: &str,
) -> Result<()> {
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
