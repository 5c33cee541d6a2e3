//! Whether what the database holds sealed can be opened.

use super::Check;
use crate::{
    crypto::{CryptoError, KeyRing},
    store::{Count, Sealing},
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
    if !sealing.with_others.is_empty() {
        let text = format!(
            "{} are sealed with keys that it does not hold, and cannot be used: put those keys back, behind the newest",
            listed(&sealing.with_others)
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
                format!("{key} still opens {}: keep it", listed(counts)),
            ),
            (_, true) => {
                Check::by_hand(SUBJECT, format!("{key} opens nothing any more: remove it"))
            }
        });
    }
    checks
}

fn listed(counts: &[Count]) -> String {
    let each: Vec<String> = counts
        .iter()
        .map(|(what, rows)| format!("{rows} {what}"))
        .collect();
    each.join(", ")
}
