//! `cargo xtask package`: the checkout for other people's pages, as an npm package.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{page, places, setup, tools};

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
    for (stem, ending, name) in [
        ("toss-checkout", ".js", "toss-checkout.js"),
        ("toss-checkout", "_bg.wasm", "toss-checkout_bg.wasm"),
        ("page", ".css", "page.css"),
    ] {
        copy(&hashed(dist, stem, ending)?, &package.join(name))?;
    }
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

    // The element takes its styles in as text, from beside it.
    let work = target.join("work/src/embed");
    fs::create_dir_all(&work).context("cannot create a folder to work in")?;
    for name in ["index.mjs", "define.mjs", "element.mjs", "options.mjs"] {
        copy(&embed.join(name), &work.join(name))?;
    }
    copy(&package.join("page.css"), &work.join("page.css"))?;
    let assets = target.join("work/assets");
    fs::create_dir_all(&assets).context("cannot create a folder to work in")?;
    for name in ["prepare.mjs", "direct.js", "develop.js"] {
        let script = places::workspace().join("assets").join(name);
        copy(&script, &assets.join(name))?;
    }
    // Only these lie beside it; `*` would also stand for `../../assets/direct`.
    let beside = ["toss-checkout", "ko", "ko-more", "en", "en-more"];
    let beside = beside.map(|name| format!("--external:./{name}.js"));
    bundle(&work, &package, "index", &beside, tools)?;
    // It shares the module with those who import it.
    bundle(
        &work,
        &package,
        "define",
        &["--external:./index.mjs".to_owned()],
        tools,
    )?;
    let define = package.join("define.js");
    let text = fs::read_to_string(&define).context("cannot read define.js")?;
    fs::write(&define, text.replace("./index.mjs", "./index.js"))
        .context("cannot write define.js")?;
    tools::remove(&target.join("work"))?;
    pack(&package, &target)
}

fn bundle(
    work: &Path,
    package: &Path,
    name: &str,
    flags: &[String],
    tools: &[PathBuf],
) -> Result<()> {
    let mut esbuild = Command::new("esbuild");
    esbuild.env("PATH", tools::path_with(tools)?);
    esbuild
        .arg(work.join(format!("{name}.mjs")))
        .args(["--bundle", "--minify", "--format=esm", "--target=es2022"])
        .args(["--loader:.css=text", "--log-level=warning"])
        .args(flags)
        .arg(format!(
            "--outfile={}",
            package.join(format!("{name}.js")).display()
        ));
    let done = esbuild.output().context("cannot start esbuild")?;
    ensure!(
        done.status.success(),
        "esbuild failed:\n{}",
        String::from_utf8_lossy(&done.stderr)
    );
    Ok(())
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

/// `ko-more-1f2e….txt` for `ko-more` and `.txt`.
fn hashed(dist: &Path, stem: &str, ending: &str) -> Result<PathBuf> {
    let entries = fs::read_dir(dist).with_context(|| format!("cannot read {}", dist.display()))?;
    for entry in entries {
        let path = entry.context("cannot read the built page")?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let hash = name
            .strip_prefix(stem)
            .and_then(|rest| rest.strip_prefix('-'))
            .and_then(|rest| rest.strip_suffix(ending));
        if hash.is_some_and(|hash| hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()))
        {
            return Ok(path);
        }
    }
    bail!("the built page has no {stem}-….{ending}")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to)
        .map(drop)
        .with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}
