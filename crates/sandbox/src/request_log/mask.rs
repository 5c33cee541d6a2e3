//! Bodies for the log: nobody finds a secret there.

use axum::body::Bytes;
use serde_json::Value;

/// How much of a body is kept, in characters.
const MAX: usize = 4_000;

/// Fields whose values open something or belong to a person.
const SECRETS: [&str; 10] = [
    "accountNumber",
    "authKey",
    "billingKey",
    "cardExpirationMonth",
    "cardExpirationYear",
    "cardNumber",
    "cardPassword",
    "customerIdentityNumber",
    "customerKey",
    "secret",
];

/// The body as the log may show it; None when there is none. What is no JSON is only counted.
pub(crate) fn masked(body: &Bytes) -> Option<String> {
    if body.is_empty() {
        return None;
    }
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else {
        return Some(format!("({} bytes, no JSON)", body.len()));
    };
    cover(&mut value);
    let text = value.to_string();
    if text.chars().count() <= MAX {
        return Some(text);
    }
    let start: String = text.chars().take(MAX).collect();
    Some(format!("{start}…"))
}

fn cover(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(cover),
        Value::Object(object) => {
            for (name, value) in object.iter_mut() {
                match value {
                    Value::String(text) if SECRETS.contains(&name.as_str()) => {
                        let shown = if text.chars().count() >= 8 { 4 } else { 0 };
                        let start: String = text.chars().take(shown).collect();
                        *text = format!("{start}…");
                    }
                    Value::Number(_) if SECRETS.contains(&name.as_str()) => *value = Value::Null,
                    _ => cover(value),
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        masked(&Bytes::copy_from_slice(text.as_bytes()))
    }

    #[test]
    fn secrets_are_covered_wherever_they_are() {
        let text = of(
            r#"{"cardNumber":"9410001234567890","cardPassword":"12","list":[{"secret":"ps_abcdefgh","cardNumber":1}]}"#,
        );
        let text = text.unwrap();
        for secret in ["1234567890", "\"12\"", "abcdefgh", ":1"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(text.contains("9410…"));
    }

    #[test]
    fn what_is_long_is_cut_and_what_is_no_json_is_counted() {
        assert_eq!(of(""), None);
        assert_eq!(
            of("{\"cardNumber\":").as_deref(),
            Some("(14 bytes, no JSON)")
        );
        let long = format!("{{\"a\":\"{}\"}}", "가".repeat(10_000));
        assert_eq!(of(&long).unwrap().chars().count(), MAX + 1);
    }
}
