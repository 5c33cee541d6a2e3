//! Builds the pages as buyers get them, the checkout and that of a customer's subscriptions: Trunk compiles
//! each and puts it together, esbuild makes its scripts and styles smaller.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, ensure};

use crate::{compress, esbuild, log, paths, process, setup, tools};

/// The folder of the subscriptions' page within that of the checkout.
pub(crate) const SUBSCRIPTION: &str = "subscription";
/// The page's own scripts; what they import becomes part of them.
const SCRIPTS: [&str; 4] = ["boot.js", "fallback.js", "direct.js", "develop.js"];
/// Scripts that others import.
const PARTS: [&str; 4] = [
    "prepare.js",
    "redirect.js",
    "fallback-words.js",
    "direct-order.js",
];
/// These also run in browsers that are too old for the program, to say so: all that have modules.
const OLD_BROWSERS: [&str; 3] = [
    "--target=es2018",
    "--supported:dynamic-import=true",
    "--supported:import-meta=true",
];

/// The variable that cargo joins with the flags of `.cargo/config.toml`.
const RUST_FLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// Builds it and answers its folder.
pub(crate) fn build() -> Result<PathBuf> {
    let tools = setup::page()?;
    println!("building the page");
    let since = Instant::now();
    let dist = build_with(&tools, &paths::log("page")?)?;
    println!("built the page in {}", log::took(since.elapsed()));
    Ok(dist)
}

/// Builds it with these tools; its output goes to `log`.
pub(crate) fn build_with(tools: &[PathBuf], log: &Path) -> Result<PathBuf> {
    let folder = paths::state("page")?;
    let new = folder.join("new");
    paths::remove(&new)?;
    let checkout = "build --release --offline";
    log::must("page", log, &mut trunk(checkout, &new, tools)?)?;
    minify(&new, tools).context("the page was built, but could not be made smaller")?;
    compress::folder(&new)?;
    let within = new.join(SUBSCRIPTION);
    let build = "build --release --offline --config assets/subscription/Trunk.toml";
    log::must("page", log, &mut trunk(build, &within, tools)?)?;
    minify_subscription(&within, tools)
        .context("the subscriptions' page was built, but could not be made smaller")?;
    compress::folder(&within)?;
    // The page of an earlier build is there until this one is complete.
    let dist = folder.join("dist");
    paths::remove(&dist)?;
    fs::rename(&new, &dist).with_context(|| format!("cannot write {}", dist.display()))?;
    Ok(dist)
}

/// Trunk with these arguments, which builds into a folder.
pub(crate) fn trunk(args: &str, dist: &Path, tools: &[PathBuf]) -> Result<Command> {
    let mut trunk = process::command(&format!("trunk {args}"));
    trunk
        .arg("--dist")
        .arg(dist)
        .current_dir(paths::workspace())
        .env("PATH", tools::path_with(tools)?)
        .env(RUST_FLAGS, rust_flags())
        // Trunk takes the usual `NO_COLOR=1` for a flag with a wrong value.
        .env_remove("NO_COLOR");
    Ok(trunk)
}

/// The compiler's messages name source files, and a buyer is not to be told where the builder's home
/// folder is.
fn rust_flags() -> String {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let sources = home.unwrap_or_default().join("registry").join("src");
    format!("--remap-path-prefix={}=src", sources.display())
}

/// Replaces scripts and styles by smaller ones of the same names.
fn minify(dist: &Path, tools: &[PathBuf]) -> Result<()> {
    let minify = |file: &str, args: &[&str], module: &str| {
        let out = format!("--outfile={file}");
        let all = [args, &["--allow-overwrite", &out]].concat();
        esbuild::bundle(tools, dist, &all, module)
    };
    let glue = glue(dist)?;
    minify(&glue, &[], &exports(dist, &glue)?)?;
    // They are part of the glue now.
    paths::remove(&dist.join("snippets"))?;
    for script in SCRIPTS {
        minify(script, &[&OLD_BROWSERS[..], &[script]].concat(), "")?;
    }
    for part in PARTS {
        fs::remove_file(dist.join(part)).with_context(|| format!("Trunk left no {part}"))?;
    }
    for sheet in files(dist, "", ".css")? {
        minify(&sheet, &[&sheet], "")?;
    }
    Ok(())
}

/// The same for the subscriptions' page, which has one script and nothing of Toss's.
fn minify_subscription(dist: &Path, tools: &[PathBuf]) -> Result<()> {
    let minify = |file: &str, args: &[&str], module: &str| {
        let out = format!("--outfile={file}");
        let all = [args, &["--allow-overwrite", &out]].concat();
        esbuild::bundle(tools, dist, &all, module)
    };
    let glue = subscription_glue(dist)?;
    let exports = format!("export {{ default, startSubscription }} from './{glue}';");
    minify(&glue, &[], &exports)?;
    paths::remove(&dist.join("snippets"))?;
    minify("boot.js", &[&OLD_BROWSERS[..], &["boot.js"]].concat(), "")?;
    fs::remove_file(dist.join("link.js")).context("Trunk left no link.js")?;
    for sheet in files(dist, "", ".css")? {
        minify(&sheet, &[&sheet], "")?;
    }
    Ok(())
}

/// What is used of the compiled program's JavaScript; esbuild drops the rest of it. `boot.js` lets
/// the bindings' loader bring Toss's script in before the program runs, so both share that module.
fn exports(dist: &Path, glue: &str) -> Result<String> {
    let text = fs::read_to_string(dist.join(glue)).context("cannot read the glue")?;
    let loader = text
        .lines()
        .filter_map(|line| line.split_once(" from '")?.1.split_once('\''))
        .map(|(path, _)| path)
        .find(|path| path.ends_with("/src/loader.js"))
        .context("the glue imports no loader.js")?;
    Ok(format!(
        "export {{ default, start }} from './{glue}'; export {{ load }} from '{loader}';"
    ))
}

/// The name of the JavaScript that wasm-bindgen wrote: `toss-checkout-1f2e3d4c5b6a7980.js`. The
/// compiled program beside it ends with `_bg.wasm`.
pub(crate) fn glue(dist: &Path) -> Result<String> {
    only(dist, "toss-checkout-")
}

/// The same of the subscriptions' page, in its folder.
pub(crate) fn subscription_glue(dist: &Path) -> Result<String> {
    only(dist, "toss-subscription-")
}

fn only(dist: &Path, begins: &str) -> Result<String> {
    let found = files(dist, begins, ".js")?;
    ensure!(found.len() == 1, "no built page in {}", dist.display());
    Ok(found.concat())
}

/// The names of the files in a folder that begin and end so.
pub(crate) fn files(folder: &Path, begins: &str, ends: &str) -> Result<Vec<String>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let names = entries.flatten().map(|entry| entry.file_name());
    let mut found: Vec<String> = names
        .filter_map(|name| name.into_string().ok())
        .filter(|name| name.starts_with(begins) && name.ends_with(ends))
        .collect();
    found.sort();
    Ok(found)
}
