//! `cargo xtask package`: the checkout for other people's pages, as an npm package.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};

use crate::{esbuild, host, page, paths};

/// What the package takes as it is.
const AS_THEY_ARE: [&str; 8] = [
    "src/embed/package.json",
    "src/embed/index.d.ts",
    "src/embed/generated.d.ts",
    "src/embed/define.d.ts",
    "src/embed/subscription.d.ts",
    "src/embed/README.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
];
/// The elements. Their programs lie beside them.
const ELEMENTS: [&str; 7] = [
    "index.mjs",
    "define.mjs",
    "subscription.mjs",
    "--splitting",
    "--loader:.css=text",
    "--external:./toss-checkout.js",
    "--external:./toss-subscription.js",
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
    let subscription = dist.join(page::SUBSCRIPTION);
    for (dist, glue, name) in [
        (dist, page::glue(dist)?, "toss-checkout"),
        (
            &*subscription,
            page::subscription_glue(&subscription)?,
            "toss-subscription",
        ),
    ] {
        let program = glue.replace(".js", "_bg.wasm");
        paths::copy(&dist.join(glue), &package.join([name, ".js"].concat()))?;
        paths::copy(
            &dist.join(program),
            &package.join([name, "_bg.wasm"].concat()),
        )?;
    }
    let bundle = |folder: &str, args: &[&str]| {
        let out = format!("--outdir={}", package.display());
        let all = [args, &[&*out]].concat();
        esbuild::bundle(tools, &root.join(folder), &all, "")
    };
    // The elements take the built styles in as text.
    let mut all = ELEMENTS.map(str::to_owned).to_vec();
    for sheet in ["page.css", "subscription.css"] {
        bundle("src/embed", &[sheet])?;
        let styles = package.join(sheet);
        all.push(format!(
            "--alias:toss-checkout/{sheet}={}",
            styles.display()
        ));
    }
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    bundle("src/embed", &all)?;

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
