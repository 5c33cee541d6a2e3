//! Chromium and its driver: found, or installed where that is possible.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};

use crate::{
    host::{self, Packages},
    process,
};

/// A browser that tests can drive.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    /// Chromium, or Chrome.
    pub(crate) chromium: PathBuf,
    /// Its driver, when it was asked for.
    pub(crate) driver: Option<PathBuf>,
}

/// Who drives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Playwright, which speaks to the browser itself.
    BrowserOnly,
    /// wasm-bindgen's test runner, which needs the driver.
    DriverToo,
}

const APT: [&str; 3] = ["chromium", "chromium-driver", "fonts-noto-cjk"];

/// Flags without which Chromium fails as root or speaks to servers that are none of ours.
pub(crate) const FLAGS: [&str; 6] = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Finds or installs the browser.
///
/// # Errors
/// It is missing and cannot be installed here; says what to install.
pub(crate) fn ensure(wanted: Use) -> Result<Browser> {
    if let (Some(found), true) = (find(wanted), fonts()) {
        return Ok(found);
    }
    let fix = match host::packages() {
        Packages::AptAsRoot => {
            host::apt(&APT, "the browser that runs the tests")?;
            return find(wanted).context("Chromium was installed but cannot be found");
        }
        Packages::Apt => "run: sudo apt-get install chromium chromium-driver fonts-noto-cjk",
        Packages::Homebrew => "run: brew install --cask google-chrome chromedriver",
        Packages::Unknown => {
            "install Chromium and the chromedriver of the same version with your system's packages"
        }
    };
    if let Some(found) = find(wanted) {
        println!("note: no Korean font was found; texts show as boxes. To add one, {fix}");
        return Ok(found);
    }
    bail!(
        "Chromium or its driver is missing; {fix}. If they are installed, set CHROMIUM and \
         CHROMEDRIVER to the two programs"
    );
}

fn find(wanted: Use) -> Option<Browser> {
    let chromium = program("CHROMIUM", &CHROMIUM_NAMES, &CHROMIUM_PLACES)?;
    let driver = program(
        "CHROMEDRIVER",
        &["chromedriver"],
        &["/usr/lib/chromium/chromedriver"],
    );
    (wanted == Use::BrowserOnly || driver.is_some()).then_some(Browser { chromium, driver })
}

const CHROMIUM_NAMES: [&str; 4] = [
    "chromium",
    "google-chrome",
    "google-chrome-stable",
    "chromium-browser",
];
const CHROMIUM_PLACES: [&str; 4] = [
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
];

/// A program that a variable names, or that is on PATH, or in one of these places.
pub(crate) fn program(variable: &str, names: &[&str], places: &[&str]) -> Option<PathBuf> {
    let set = env::var_os(variable).map(PathBuf::from);
    set.into_iter()
        .chain(names.iter().filter_map(|name| host::which(name)))
        .chain(places.iter().map(PathBuf::from))
        .find(|path| host::is_program(path))
}

/// Whether Korean texts can be shown. Only asked on Debian, where we would install a font.
fn fonts() -> bool {
    if !matches!(host::packages(), Packages::Apt | Packages::AptAsRoot) {
        return true;
    }
    process::ask(Command::new("fc-list").args([":lang=ko", "family"]))
        .is_some_and(|fonts| !fonts.is_empty())
}

/// Writes the settings for wasm-bindgen's test runner, which adds `--headless` itself.
///
/// # Errors
/// The file cannot be written.
pub(crate) fn webdriver_json(browser: &Browser, folder: &Path) -> Result<PathBuf> {
    let mut flags = FLAGS.to_vec();
    if host::is_root() {
        flags.push("--no-sandbox");
    }
    let options = serde_json::json!({
        "goog:chromeOptions": { "binary": browser.chromium, "args": flags }
    });
    let file = folder.join("webdriver.json");
    fs::write(&file, options.to_string())
        .with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}
