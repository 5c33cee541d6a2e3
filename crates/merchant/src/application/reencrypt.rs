//! Seals what is stored anew with the newest key, so that an older one need not be kept.
//!
//! Each value is replaced only as it was read, so that the server may run meanwhile; what was done stays
//! done, so that it may be ended and begun again at any moment.

use std::fmt;

use async_trait::async_trait;

use super::{error::UseCaseError, ports::RecordsError};
use crate::{
    crypto::{CryptoError, KeyRing, key_id},
    domain::sealed::SealedColumn,
};

/// Values that are replaced in one transaction: some milliseconds of it.
const BATCH: u64 = 100;

/// A value as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedValue {
    /// Its row.
    pub id: String,
    /// The text: sealed, or a JSON list of sealed ones.
    pub stored: String,
    /// What it is bound to.
    pub context: String,
}

/// Where sealed values are.
#[async_trait]
pub trait SealedValues: fmt::Debug + Send + Sync {
    /// What is sealed with one of these keys, in the order of the rows' ids and behind `after`.
    async fn sealed_with(
        &self,
        column: SealedColumn,
        keys: &[&str],
        after: &str,
        limit: u64,
    ) -> Result<Vec<SealedValue>, RecordsError>;
    /// Puts a text in the place of each value that is as it was read. How many were.
    async fn replace_sealed(
        &self,
        column: SealedColumn,
        values: Vec<(SealedValue, String)>,
    ) -> Result<u64, RecordsError>;
}

/// What came of a column.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reencrypted {
    /// So many rows were sealed anew.
    pub sealed: u64,
    /// So many rows could not be opened; the log names them.
    pub refused: u64,
}

/// Seals what a column holds under older keys anew with the newest.
///
/// # Errors
/// The records fail.
pub async fn reencrypt(
    values: &dyn SealedValues,
    keys: &KeyRing,
    column: SealedColumn,
) -> Result<Reencrypted, UseCaseError> {
    let ids = keys.ids();
    let mut done = Reencrypted::default();
    let [_, older @ ..] = ids.as_slice() else {
        return Ok(done);
    };
    let mut after = String::new();
    while !older.is_empty() {
        let found = values.sealed_with(column, older, &after, BATCH).await?;
        let Some(last) = found.last() else { break };
        after.clone_from(&last.id);
        let mut new = Vec::with_capacity(found.len());
        for value in found {
            match anew(keys, &value) {
                Ok(text) => new.push((value, text)),
                Err(error) => {
                    done.refused += 1;
                    tracing::error!(of = column.as_str(), row = value.id, %error, "it stays as it is");
                }
            }
        }
        done.sealed += values.replace_sealed(column, new).await?;
    }
    Ok(done)
}

/// The sealed texts of a stored value.
pub fn texts(stored: &str) -> Vec<String> {
    serde_json::from_str(stored).unwrap_or_else(|_| vec![stored.to_owned()])
}

fn anew(keys: &KeyRing, value: &SealedValue) -> Result<String, CryptoError> {
    let newest = keys.ids().first().copied();
    let seal = |sealed: &str| {
        if key_id(sealed) == newest {
            return Ok(sealed.to_owned());
        }
        keys.seal(&keys.open(sealed, &value.context)?, &value.context)
    };
    if !value.stored.starts_with('[') {
        return seal(&value.stored);
    }
    let sealed: Vec<String> = texts(&value.stored)
        .iter()
        .map(|text| seal(text))
        .collect::<Result<_, _>>()?;
    serde_json::to_string(&sealed).map_err(|_| CryptoError::Malformed)
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::*;

    fn ring(ids: &[&str]) -> KeyRing {
        let key = |id: &&str| {
            let byte = id.as_bytes().last().copied().unwrap_or_default();
            format!("{id}:{}", STANDARD.encode([byte; 32]))
        };
        let keys: Vec<String> = ids.iter().map(key).collect();
        KeyRing::parse(&keys.join(",")).unwrap()
    }

    fn value(stored: String) -> SealedValue {
        SealedValue {
            id: "row".to_owned(),
            stored,
            context: "endpoint we_1".to_owned(),
        }
    }

    #[test]
    fn of_a_list_only_what_is_older_is_sealed_anew() {
        let (old, both) = (ring(&["k1"]), ring(&["k2", "k1"]));
        let older = old.seal("whsec_1", "endpoint we_1").unwrap();
        let newer = both.seal("whsec_2", "endpoint we_1").unwrap();
        let stored = serde_json::to_string(&[&newer, &older]).unwrap();
        let anew = texts(&super::anew(&both, &value(stored)).unwrap());
        assert_eq!(anew[0], newer);
        assert_eq!(key_id(&anew[1]), Some("k2"));
        assert_eq!(&*both.open(&anew[1], "endpoint we_1").unwrap(), "whsec_1");
    }

    #[test]
    fn what_does_not_open_is_not_replaced() {
        let sealed = ring(&["k1"]).seal("x", "of another row").unwrap();
        assert!(anew(&ring(&["k2", "k1"]), &value(sealed)).is_err());
    }
}
