//! Builds the page as buyers get it: Trunk compiles it and puts it together, esbuild makes its
//! scripts and styles smaller.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use crate::{
    compress, esbuild, places,
    process::{self, Logged},
    setup, target, tools,
};

const LIMIT: Duration = Duration::from_mins(40);
/// The page's own scripts; what they import becomes part of them.
const SCRIPTS: [&str; 3] = ["boot.mjs", "direct.js", "develop.js"];

/// `cargo xtask page`.
///
/// # Errors
/// Something is missing, or it does not compile.
pub(crate) fn run() -> Result<ExitCode> {
    println!("{}", build()?.display());
    Ok(ExitCode::SUCCESS)
}

/// Builds it and answers its folder.
///
/// # Errors
/// Something is missing, or it does not compile.
pub(crate) fn build() -> Result<PathBuf> {
    let tools = setup::page()?;
    println!("building the page");
    let since = Instant::now();
    let log = places::state("logs")?.join("page.log");
    let dist = build_with(&tools, &log)?;
    println!("built the page in {}", process::took(since.elapsed()));
    Ok(dist)
}

/// Builds it with these tools; its output goes to `log`.
///
/// # Errors
/// It does not compile.
pub(crate) fn build_with(tools: &[PathBuf], log: &Path) -> Result<PathBuf> {
    let build = places::wait_for("page")?;
    let new = build.folder.join("new");
    tools::remove(&new)?;
    let mut trunk = Command::new("trunk");
    trunk
        .args(["build", "--release", "--offline", "--dist"])
        .arg(&new)
        .current_dir(places::workspace())
        .env("PATH", tools::path_with(tools)?)
        .env("CARGO_TARGET_DIR", target::folder()?)
        .env("CARGO_ENCODED_RUSTFLAGS", target::flags_of_the_page())
        // Trunk takes the usual `NO_COLOR=1` for a flag with a wrong value.
        .env_remove("NO_COLOR");
    let job = Logged {
        name: "page",
        log: log.to_path_buf(),
        limit: LIMIT,
    };
    if !job.run(&mut trunk)? {
        bail!("the page could not be built:\n{}", process::tail(log, 60));
    }
    minify(&new, tools).context("the page was built, but could not be made smaller")?;
    compress::folder(&new)?;
    // The page of an earlier build is there until this one is complete.
    let dist = build.folder.join("dist");
    tools::remove(&dist)?;
    fs::rename(&new, &dist).with_context(|| format!("cannot write {}", dist.display()))?;
    Ok(dist)
}

/// Replaces scripts and styles by smaller ones of the same names.
fn minify(dist: &Path, tools: &[PathBuf]) -> Result<()> {
    let minify = |file: &Path, args: &[&Path], module: &str| {
        let out = format!("--outfile={}", file.display());
        let mut all = vec![Path::new(&out), Path::new("--allow-overwrite")];
        all.extend(args);
        esbuild::bundle(tools, dist, &all, module)
    };
    let glue = glue(dist)?;
    minify(&glue, &[], &exports(dist, &glue)?)?;
    // They are part of the glue now.
    tools::remove(&dist.join("snippets"))?;
    for script in SCRIPTS.map(Path::new) {
        minify(script, &[script], "")?;
    }
    // It is part of `boot.mjs` now.
    fs::remove_file(dist.join("prepare.mjs")).context("Trunk left no prepare.mjs")?;
    for sheet in files(dist, "", ".css")? {
        minify(&sheet, &[&sheet], "")?;
    }
    Ok(())
}

/// What is used of the compiled program's JavaScript; esbuild drops the rest of it. `boot.mjs` lets
/// the bindings' loader bring Toss's script in before the program runs, so both share that module.
fn exports(dist: &Path, glue: &Path) -> Result<String> {
    let text = fs::read_to_string(dist.join(glue)).context("cannot read the glue")?;
    let loader = text
        .lines()
        .filter_map(|line| line.split_once(" from '")?.1.split_once('\''))
        .map(|(path, _)| path)
        .find(|path| path.ends_with("/src/loader.js"))
        .context("the glue imports no loader.js")?;
    Ok(format!(
        "export {{ default, start }} from \"./{}\";\nexport {{ load }} from \"{loader}\";\n",
        glue.display()
    ))
}

/// The JavaScript that wasm-bindgen wrote: `toss-checkout-1f2e3d4c5b6a7980.js`.
///
/// # Errors
/// The folder holds no built page.
pub(crate) fn glue(dist: &Path) -> Result<PathBuf> {
    only(dist, "toss-checkout-", ".js")
}

/// The compiled program: `toss-checkout-1f2e3d4c5b6a7980_bg.wasm`.
///
/// # Errors
/// The folder holds no built page.
pub(crate) fn program(dist: &Path) -> Result<PathBuf> {
    only(dist, "toss-checkout-", "_bg.wasm")
}

fn only(dist: &Path, begins: &str, ends: &str) -> Result<PathBuf> {
    match &files(dist, begins, ends)?[..] {
        [one] => Ok(one.clone()),
        found => bail!(
            "{} holds {} files of the name {begins}…{ends}, and not one",
            dist.display(),
            found.len()
        ),
    }
}

/// The names of the files in a folder that begin and end so.
fn files(folder: &Path, begins: &str, ends: &str) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut found = Vec::new();
    for entry in entries {
        let name = entry.context("cannot read the built page")?.file_name();
        let text = name.to_string_lossy();
        if text.starts_with(begins) && text.ends_with(ends) {
            found.push(PathBuf::from(name));
        }
    }
    Ok(found)
}
