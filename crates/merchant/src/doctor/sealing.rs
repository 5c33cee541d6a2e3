//! Whether what the database holds sealed can be opened.

use super::Check;
use crate::{
    crypto::{CryptoError, KeyRing},
    store::{Sealing, listed},
};

const SUBJECT: &str = "BILLING_KEY_ENCRYPTION_KEYS";

pub(super) fn examine(keys: &KeyRing, sealing: &Sealing) -> Vec<Check> {
    let mut checks = Vec::new();
    for sample in &sealing.samples {
        if let Err(CryptoError::Refused { key }) = keys.open(&sample.sealed, &sample.context) {
            let text = format!(
                "the key {key} does not open {}, which was sealed with a key of this name: it is another one; put the right one back, or give the new one another name",
                sample.of
            );
            checks.push(Check::fail(SUBJECT, text));
        }
    }
    for (key, counts) in &sealing.missing {
        let text = format!(
            "{} are sealed with the key {key}, which it does not hold, and cannot be used: put that key back, behind the newest",
            listed(counts)
        );
        checks.push(Check::fail(SUBJECT, text));
    }
    for (place, (key, counts)) in sealing.with.iter().enumerate() {
        checks.push(match (place, counts.is_empty()) {
            (0, true) => Check::pass(SUBJECT, format!("{key} seals what is new")),
            (0, false) => Check::pass(
                SUBJECT,
                format!("{key} seals what is new, and opens {}", listed(counts)),
            ),
            (_, false) => Check::pass(
                SUBJECT,
                format!(
                    "{key} still opens {}: keep it, or have them sealed anew: toss-merchant encryption-keys reencrypt",
                    listed(counts)
                ),
            ),
            (_, true) => {
                Check::by_hand(SUBJECT, format!("{key} opens nothing any more: remove it"))
            }
        });
    }
    checks
}
