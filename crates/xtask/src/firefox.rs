//! Firefox and its driver, for the tests of what other pages embed. Where there is no Firefox they are
//! not run, and the step says so.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    browser::program,
    host::{self, Packages},
    tools,
};

/// Firefox, and what drives it.
#[derive(Debug)]
pub(crate) struct Firefox {
    firefox: PathBuf,
    /// geckodriver.
    pub(crate) driver: PathBuf,
}

const NAMES: [&str; 2] = ["firefox", "firefox-esr"];
const PLACES: [&str; 2] = [
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    "C:/Program Files/Mozilla Firefox/firefox.exe",
];

/// Finds Firefox, or installs it on Debian as root; None where that is not possible. Its driver comes
/// from its crate.
///
/// # Errors
/// Firefox is there, and its driver cannot be installed.
pub(crate) fn ensure() -> Result<Option<Firefox>> {
    let find = || program("FIREFOX", &NAMES, &PLACES);
    if find().is_none() && host::packages() == Packages::AptAsRoot {
        host::apt(&["firefox-esr"], "the other browser that runs the tests")?;
    }
    let Some(firefox) = find() else {
        return Ok(None);
    };
    let driver = match program("GECKODRIVER", &["geckodriver"], &[]) {
        Some(driver) => driver,
        None => tools::GECKODRIVER.ensure()?.join("geckodriver"),
    };
    Ok(Some(Firefox { firefox, driver }))
}

impl Firefox {
    /// Writes the settings for wasm-bindgen's test runner, which adds `--headless` itself.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn webdriver_json(&self, folder: &Path) -> Result<PathBuf> {
        let options = serde_json::json!({ "moz:firefoxOptions": { "binary": self.firefox } });
        let file = folder.join("firefox.json");
        fs::write(&file, options.to_string())
            .with_context(|| format!("cannot write {}", file.display()))?;
        Ok(file)
    }
}
