//! The browsers and their drivers: found, or installed where that is possible.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use fs_err as fs;
use serde_json::{Value, json};

use crate::{host, process, tools};

/// Flags without which Chromium fails as root or speaks to servers that are none of ours.
pub(crate) const FLAGS: [&str; 6] = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

const CHROMIUM: [&str; 7] = [
    "chromium",
    "google-chrome",
    "google-chrome-stable",
    "chromium-browser",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
];
const FIREFOX: [&str; 4] = [
    "firefox",
    "firefox-esr",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    "C:/Program Files/Mozilla Firefox/firefox.exe",
];

/// Chromium, or Chrome: the browser that Playwright drives, which needs no driver.
pub(crate) fn chromium() -> Result<PathBuf> {
    // Without a Korean font texts show as boxes; Debian has them apart.
    let fonts = process::ask(&mut process::command("fc-list :lang=ko family"));
    if host::is_debian() && fonts.is_none_or(|fonts| fonts.is_empty()) {
        let font = host::install("fonts-noto-cjk", "a Korean font", "");
        if let Err(advice) = font {
            println!("note: no Korean font was found; {advice}");
        }
    }
    ensure("CHROMIUM", &CHROMIUM, "chromium", "--cask google-chrome")
}

/// A browser for wasm-bindgen's test runner.
#[derive(Debug)]
pub(crate) struct Driven {
    /// By which variable the runner finds the driver.
    pub(crate) variable: &'static str,
    pub(crate) driver: PathBuf,
    /// What the driver is asked for; the runner adds `--headless` itself.
    capabilities: Value,
}

impl Driven {
    /// Chromium with its driver.
    pub(crate) fn chromium() -> Result<Self> {
        let variable = "CHROMEDRIVER";
        let names = ["chromedriver", "/usr/lib/chromium/chromedriver"];
        let browser = chromium()?;
        let driver = ensure(variable, &names, "chromium-driver", "chromedriver")?;
        let mut flags = FLAGS.to_vec();
        if host::is_root() {
            flags.push("--no-sandbox");
        }
        let capabilities = json!({"goog:chromeOptions": {"binary": browser, "args": flags}});
        Ok(Self {
            variable,
            driver,
            capabilities,
        })
    }

    /// Firefox, which is installed on Debian as root; None where that is not possible. Its driver comes
    /// from its crate.
    pub(crate) fn firefox() -> Result<Option<Self>> {
        let variable = "GECKODRIVER";
        let Ok(browser) = ensure("FIREFOX", &FIREFOX, "firefox-esr", "--cask firefox") else {
            return Ok(None);
        };
        let driver = match host::find(variable, &["geckodriver"]) {
            Some(driver) => driver,
            None => tools::GECKODRIVER.ensure()?.join("geckodriver"),
        };
        Ok(Some(Self {
            variable,
            driver,
            capabilities: json!({"moz:firefoxOptions": {"binary": browser}}),
        }))
    }

    /// Writes the settings for the runner; answers their file.
    pub(crate) fn settings(&self, folder: &Path) -> Result<PathBuf> {
        let file = folder.join(format!("{}.json", self.variable.to_lowercase()));
        fs::write(&file, self.capabilities.to_string())?;
        Ok(file)
    }
}

/// Finds a program, or installs its package.
fn ensure(variable: &str, names: &[&str], debian: &str, homebrew: &str) -> Result<PathBuf> {
    if let Some(found) = host::find(variable, names) {
        return Ok(found);
    }
    let name = names.first().copied().unwrap_or_default();
    host::install(debian, "runs the tests", homebrew)
        .with_context(|| format!("{name} is missing; if it is installed, set {variable} to it"))?;
    host::find(variable, names).with_context(|| format!("{name} was installed but cannot be found"))
}
