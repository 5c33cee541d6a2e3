//! Secrets of a demo or test, made up once per database.

use std::{fs, io::Write, path::Path};

use anyhow::{Context, Result};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};

/// Where they are kept.
pub(crate) const FILE: &str = "keys";

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
    ///
    /// # Errors
    /// The folder cannot be read or written, or the system has no random numbers.
    pub(crate) fn of(folder: &Path) -> Result<Self> {
        let file = folder.join(FILE);
        if let Ok(text) = fs::read_to_string(&file)
            && let Some((api, sealing)) = text.trim().split_once('\n')
        {
            return Ok(Self {
                api: api.to_owned(),
                sealing: sealing.to_owned(),
            });
        }
        let keys = Self {
            api: random()?,
            sealing: format!("demo:{}", random()?),
        };
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(&file)
            .and_then(|mut file| writeln!(file, "{}\n{}", keys.api, keys.sealing))
            .with_context(|| format!("cannot write {}", file.display()))?;
        Ok(keys)
    }
}

/// 256 bits that nobody can guess, in base64.
fn random() -> Result<String> {
    Ok(BASE64_STANDARD.encode(bytes()?))
}

/// 256 bits that nobody can guess, in characters that may stand in an address.
///
/// # Errors
/// The system has no random numbers.
pub(crate) fn password() -> Result<String> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes()?))
}

fn bytes() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow::anyhow!("the system has no random numbers: {error}"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_last_as_long_as_their_file() {
        let folder = std::env::temp_dir().join(format!("xtask-keys-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let first = Keys::of(&folder).unwrap();
        let again = Keys::of(&folder).unwrap();
        assert_eq!(first.api, again.api);
        assert_eq!(first.sealing, again.sealing);
        fs::remove_file(folder.join(FILE)).unwrap();
        assert_ne!(Keys::of(&folder).unwrap().api, first.api);
        fs::remove_dir_all(folder).unwrap();
    }
}
