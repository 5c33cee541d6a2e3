//! `cargo xtask package`: the checkout for other people's pages, as an npm package.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::{esbuild, host, page, paths};

/// What the package takes as it is.
const AS_THEY_ARE: [&str; 7] = [
    "src/embed/package.json",
    "src/embed/index.d.ts",
    "src/embed/generated.d.ts",
    "src/embed/define.d.ts",
    "src/embed/README.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
];
/// The element. The program lies beside it.
const ELEMENT: [&str; 5] = [
    "index.mjs",
    "define.mjs",
    "--splitting",
    "--loader:.css=text",
    "--external:./toss-checkout.js",
];

/// Makes the package of a built page and answers the `.tgz`.
pub(crate) fn build(dist: &Path, tools: &[PathBuf]) -> Result<PathBuf> {
    let root = paths::workspace();
    let target = root.join("target/xtask/package");
    paths::remove(&target)?;
    let package = target.join("toss-checkout");
    fs::create_dir_all(&package).with_context(|| format!("cannot create {}", package.display()))?;
    for file in AS_THEY_ARE.map(|file| root.join(file)) {
        paths::copy(&file, &package.join(file.file_name().unwrap_or_default()))?;
    }
    let glue = page::glue(dist)?;
    let program = glue.replace(".js", "_bg.wasm");
    paths::copy(&dist.join(glue), &package.join("toss-checkout.js"))?;
    paths::copy(&dist.join(program), &package.join("toss-checkout_bg.wasm"))?;
    let bundle = |folder: &str, args: &[&str]| {
        let out = format!("--outdir={}", package.display());
        let all = [args, &[&*out]].concat();
        esbuild::bundle(tools, &root.join(folder), &all, "")
    };
    bundle("src/embed", &["page.css"])?;
    // The element takes the built styles in as text.
    let styles = package.join("page.css");
    let alias = format!("--alias:toss-checkout/page.css={}", styles.display());
    bundle("src/embed", &[&ELEMENT[..], &[&*alias]].concat())?;

    let packed = host::npm("pack --silent --pack-destination . ./toss-checkout")
        .current_dir(&target)
        .output()
        .context("cannot start npm: install Node 20 or newer")?;
    ensure!(
        packed.status.success(),
        "npm pack failed:\n{}",
        String::from_utf8_lossy(&packed.stderr)
    );
    let name = String::from_utf8(packed.stdout).context("npm answered something odd")?;
    Ok(target.join(name.trim()))
}
