//! Reads what a newer backend may send: one word that this version does not know is left out, and the
//! rest is read.

use serde::{Deserialize, Deserializer};

use crate::{
    card_options::CardFlow,
    method::Method,
    payment_options::{CashReceipt, CashReceiptType},
    session::Locale,
    timestamp::Timestamp,
};

/// A type whose values have words on the wire.
pub(crate) trait Word: Sized {
    /// The value of a word; `None` for one that this version does not know.
    fn of_word(word: String) -> Option<Self>;
}

impl Word for Method {
    fn of_word(word: String) -> Option<Self> {
        Self::from_name(&word)
    }
}

impl Word for CardFlow {
    fn of_word(word: String) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|flow| flow.as_str() == word)
    }
}

impl Word for Locale {
    fn of_word(word: String) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|locale| locale.as_str() == word)
    }
}

impl Word for Timestamp {
    fn of_word(word: String) -> Option<Self> {
        Self::new(word).ok()
    }
}

/// A field that is absent when it holds a word that this version does not know.
pub(crate) fn word<'de, T: Word, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    Ok(Option::<String>::deserialize(from)?.and_then(T::of_word))
}

/// A list without the words that this version does not know.
pub(crate) fn words<'de, T: Word, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    let words = Vec::<String>::deserialize(from)?;
    Ok(words.into_iter().filter_map(T::of_word).collect())
}

/// A cash receipt of a known type.
pub(crate) fn cash_receipt<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<CashReceipt>, D::Error> {
    #[derive(Deserialize)]
    struct Raw {
        #[serde(rename = "type")]
        kind: String,
    }
    let raw = Option::<Raw>::deserialize(from)?;
    Ok(raw.and_then(|raw| {
        let mut all = CashReceiptType::ALL.into_iter();
        let kind = all.find(|kind| kind.as_str() == raw.kind)?;
        Some(CashReceipt { kind })
    }))
}
