//! Whether an answer contains what a row expects.

use serde_json::Value;

/// Objects may hold more than expected; everything else must be the same. Texts in angle brackets stand for
/// kinds: `<text>` (not empty), `<number>`, `<absent>`, `<moment>` (Korean, with offset), `<micros>` (without),
/// `<any>`, `<begins X>`, `<length N>`, `<list N>` (so many elements).
pub(super) fn contains(actual: &Value, expected: &Value) -> Result<(), String> {
    at(actual, expected, "")
}

fn at(actual: &Value, expected: &Value, path: &str) -> Result<(), String> {
    match expected {
        Value::Object(fields) => {
            let Value::Object(object) = actual else {
                return Err(format!("{path} is {actual}"));
            };
            for (name, expected) in fields {
                let path = format!("{path}.{name}");
                match (object.get(name), expected.as_str()) {
                    (None, Some("<absent>")) => {}
                    (Some(found), Some("<absent>")) => return Err(format!("{path} is {found}")),
                    (None, _) => return Err(format!("{path} is missing")),
                    (Some(found), _) => at(found, expected, &path)?,
                }
            }
            Ok(())
        }
        Value::Array(list) => {
            let found = actual
                .as_array()
                .ok_or_else(|| format!("{path} is {actual}"))?;
            if found.len() != list.len() {
                return Err(format!("{path} has {} elements: {actual}", found.len()));
            }
            let mut pairs = found.iter().zip(list).enumerate();
            pairs.try_for_each(|(index, (found, expected))| {
                at(found, expected, &format!("{path}[{index}]"))
            })
        }
        Value::String(text) if text.starts_with('<') && text.ends_with('>') => {
            if is_kind(actual, &text[1..text.len() - 1]) {
                Ok(())
            } else {
                Err(format!("{path} is {actual}, not {text}"))
            }
        }
        same if same == actual => Ok(()),
        other => Err(format!("{path} is {actual}, not {other}")),
    }
}

fn is_kind(actual: &Value, kind: &str) -> bool {
    let text = actual.as_str();
    match kind.split_once(' ').unwrap_or((kind, "")) {
        ("any", _) => true,
        ("text", _) => text.is_some_and(|text| !text.is_empty()),
        ("number", _) => actual.is_number(),
        ("moment", _) => text.is_some_and(|text| shaped(text, "0000-00-00T00:00:00+09:00")),
        ("micros", _) => text.is_some_and(|text| shaped(text, "0000-00-00T00:00:00.000000")),
        ("begins", start) => text.is_some_and(|text| text.starts_with(start)),
        ("length", count) => text.is_some_and(|text| text.chars().count().to_string() == count),
        ("list", count) => actual
            .as_array()
            .is_some_and(|list| list.len().to_string() == count),
        _ => panic!("no such kind: {kind}"),
    }
}

/// Digits where the pattern has `0`, the same elsewhere.
fn shaped(text: &str, pattern: &str) -> bool {
    let fits = |(found, wanted): (char, char)| match wanted {
        '0' => found.is_ascii_digit(),
        other => found == other || other == '9' && found == '9',
    };
    text.chars().count() == pattern.chars().count() && text.chars().zip(pattern.chars()).all(fits)
}

#[test]
fn kinds_and_parts_are_told_apart() {
    use serde_json::json;
    let answer = json!({"a": 1, "b": {"c": "2026-11-21T09:00:00+09:00"}, "d": [1, 2]});
    for good in [
        json!({"a": "<number>", "b": {"c": "<moment>"}, "d": "<list 2>", "e": "<absent>"}),
        json!({"b": {"c": "<begins 2026>"}, "d": [1, "<any>"]}),
    ] {
        assert_eq!(contains(&answer, &good), Ok(()));
    }
    for bad in [
        json!({"a": 2}),
        json!({"a": "<absent>"}),
        json!({"e": null}),
        json!({"b": {"c": "<micros>"}}),
        json!({"d": [1]}),
        json!({"a": "<text>"}),
    ] {
        assert!(contains(&answer, &bad).is_err(), "{bad}");
    }
}
