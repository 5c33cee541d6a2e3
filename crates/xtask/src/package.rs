//! `cargo xtask package`: the checkout for other people's pages, as an npm package.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, Result, bail};

use crate::{esbuild, page, places, setup, tools};

/// What the package takes from `src/embed` as it is.
const AS_THEY_ARE: [&str; 4] = ["package.json", "index.d.ts", "define.d.ts", "README.md"];
const LICENCES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// Builds the package and prints where it is.
///
/// # Errors
/// The page cannot be built, or npm refuses the package.
pub(crate) fn run() -> Result<ExitCode> {
    let tools = setup::page()?;
    println!("{}", build(&page::build()?, &tools)?.display());
    Ok(ExitCode::SUCCESS)
}

/// Makes the package of a built page and answers the `.tgz`.
///
/// # Errors
/// A file of the page is not where it usually is, or npm refuses the package.
pub(crate) fn build(dist: &Path, tools: &[PathBuf]) -> Result<PathBuf> {
    let target = places::workspace().join("target/xtask/package");
    tools::remove(&target)?;
    let package = target.join("toss-checkout");
    fs::create_dir_all(&package).with_context(|| format!("cannot create {}", package.display()))?;
    let embed = places::workspace().join("src/embed");
    for (folder, names) in [
        (&embed, &AS_THEY_ARE[..]),
        (&places::workspace(), &LICENCES),
    ] {
        for name in names {
            copy(&folder.join(name), &package.join(name))?;
        }
    }
    copy(
        &dist.join(page::glue(dist)?),
        &package.join("toss-checkout.js"),
    )?;
    copy(
        &dist.join(page::program(dist)?),
        &package.join("toss-checkout_bg.wasm"),
    )?;
    // With their names, by which a merchant replaces them; as text to be looked up, as modules to be imported.
    for name in ["ko", "ko-more", "en", "en-more"] {
        let file = places::workspace().join(format!("src/text/{name}.txt"));
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        fs::write(package.join(format!("{name}.txt")), &text)
            .with_context(|| format!("cannot write {name}.txt"))?;
        let module = format!("export default {};\n", serde_json::to_string(&text)?);
        fs::write(package.join(format!("{name}.js")), module)
            .with_context(|| format!("cannot write {name}.js"))?;
    }

    let styles = package.join("page.css");
    let out = format!("--outfile={}", styles.display());
    esbuild::bundle(tools, &embed, &["page.css", &out], "")?;
    let out = format!("--outdir={}", package.display());
    // The element takes the built styles in as text.
    let alias = format!("--alias:toss-checkout/page.css={}", styles.display());
    let mut args = vec!["index.mjs", "define.mjs", "--splitting", &out, &alias];
    args.push("--loader:.css=text");
    // Only these lie beside it; `*` would also stand for `../../assets/direct`.
    args.extend([
        "--external:./toss-checkout.js",
        "--external:./ko.js",
        "--external:./ko-more.js",
        "--external:./en.js",
        "--external:./en-more.js",
    ]);
    esbuild::bundle(tools, &embed, &args, "")?;
    pack(&package, &target)
}

fn pack(package: &Path, target: &Path) -> Result<PathBuf> {
    let mut npm = Command::new("npm");
    npm.current_dir(target)
        .args(["pack", "--silent", "--pack-destination"])
        .arg(target)
        .arg(package);
    let done = npm
        .output()
        .context("cannot start npm: install Node 20 or newer")?;
    if !done.status.success() {
        bail!(
            "npm pack failed:\n{}",
            String::from_utf8_lossy(&done.stderr)
        );
    }
    let name = String::from_utf8(done.stdout).context("npm answered something odd")?;
    Ok(target.join(name.trim()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .map(drop)
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}
