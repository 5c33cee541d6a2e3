//! The secrets of a demo or test, made up once per database.

use std::{io::Write, path::Path};

use anyhow::{Context, Result};
use base64::{Engine, prelude::BASE64_STANDARD};
use fs_err as fs;

/// The keys with which the programs run.
#[derive(Debug)]
pub(crate) struct Keys {
    /// Opens the merchant API.
    pub(crate) api: String,
    /// Seals the billing keys in the database.
    pub(crate) sealing: String,
}

impl Keys {
    /// Those that were made for the database in this folder, or new ones.
    pub(crate) fn of(folder: &Path) -> Result<Self> {
        let file = folder.join("keys");
        if !file.exists() {
            write(&file)?;
        }
        let text = fs::read_to_string(&file)?;
        let keys = text.trim().split_once('\n');
        let (api, sealing) = keys.with_context(|| format!("remove {}", file.display()))?;
        Ok(Self {
            api: api.to_owned(),
            sealing: sealing.to_owned(),
        })
    }
}

fn write(file: &Path) -> Result<()> {
    fs::create_dir_all(file.parent().unwrap_or(file))?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let random = || BASE64_STANDARD.encode(rand::random::<[u8; 32]>());
    let text = format!("{}\ndemo:{}\n", random(), random());
    Ok(options.open(file)?.write_all(text.as_bytes())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_last_as_long_as_their_file() {
        let folder = tempfile::tempdir().unwrap();
        let first = Keys::of(folder.path()).unwrap();
        let again = Keys::of(folder.path()).unwrap();
        assert_eq!((&first.api, first.sealing), (&again.api, again.sealing));
        fs::remove_file(folder.path().join("keys")).unwrap();
        assert_ne!(Keys::of(folder.path()).unwrap().api, first.api);
    }
}
