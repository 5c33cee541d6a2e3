//! Whether a body has the JSON types that the description of the API names.
//!
//! serde takes more: an array for an object's fields in their order, an object with one field for a word.
//! Whoever sends these has made a mistake, and is told where.

use serde_json::Value;

use super::shown;

/// The first value that is of another type than described, in words. `schema`: of the body; `schemas`: those
/// that it refers to, by their names.
pub(super) fn problem(schemas: &Value, schema: &Value, body: &Value) -> Option<String> {
    Described { schemas }.problem(schema, body, "")
}

struct Described<'a> {
    schemas: &'a Value,
}

impl<'a> Described<'a> {
    fn problem(&self, schema: &'a Value, value: &Value, place: &str) -> Option<String> {
        let parts = self.parts(schema);
        let wanted: Vec<&str> = parts.iter().flat_map(|part| types(part)).collect();
        // Whatever it is, it is described as any value.
        if wanted.is_empty() {
            return None;
        }
        if !wanted.iter().any(|wanted| is(value, wanted)) {
            let wanted = wanted.into_iter().find(|wanted| *wanted != "null");
            let wanted = needed(wanted.unwrap_or("null"), &parts);
            let is = found(value, self.are_secret(&parts));
            return Some(format!("{place} is {is}; {wanted} is needed"));
        }
        match value {
            Value::String(text) if text.contains('\0') => Some(format!(
                "{place} holds the character U+0000, which cannot be stored"
            )),
            Value::Object(fields) => fields.iter().find_map(|(name, value)| {
                let field = parts.iter().map(|part| &part["properties"][name]);
                let field = field.into_iter().find(|field| !field.is_null())?;
                let dot = if place.is_empty() { "" } else { "." };
                self.problem(field, value, &format!("{place}{dot}{name}"))
            }),
            Value::Array(items) => items.iter().enumerate().find_map(|(no, value)| {
                let item = parts.iter().map(|part| &part["items"]);
                let item = item.into_iter().find(|item| !item.is_null())?;
                self.problem(item, value, &format!("{place}[{no}]"))
            }),
            _ => None,
        }
    }

    /// Whether what belongs here is a secret, or an object with one: nothing of it is repeated.
    fn are_secret(&self, parts: &[&Value]) -> bool {
        parts.iter().any(|part| {
            let mut fields = part["properties"].as_object().into_iter().flatten();
            part["format"] == "password"
                || fields.any(|(_, field)| {
                    let mut parts = self.parts(field).into_iter();
                    parts.any(|part| part["format"] == "password")
                })
        })
    }

    /// The schemas of which one is made: alternatives, or parts of an object.
    fn parts(&self, schema: &'a Value) -> Vec<&'a Value> {
        if let Some(name) = schema["$ref"].as_str() {
            let name = name.rsplit('/').next().unwrap_or_default();
            return self.parts(&self.schemas[name]);
        }
        let several = ["allOf", "oneOf"]
            .iter()
            .find_map(|it| schema[it].as_array());
        match several {
            Some(parts) => parts.iter().flat_map(|part| self.parts(part)).collect(),
            None => vec![schema],
        }
    }
}

/// One name, or several.
fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Whether a number is whole is told by whoever reads it.
fn is(value: &Value, kind: &str) -> bool {
    match value {
        Value::Null => kind == "null",
        Value::Bool(_) => kind == "boolean",
        Value::Number(_) => matches!(kind, "number" | "integer"),
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
    }
}

fn needed(kind: &str, parts: &[&Value]) -> String {
    let needed = match kind {
        "boolean" => "true or false",
        "number" => "a number",
        "integer" => "a whole number",
        "string" => "a text in quotes",
        "array" => "an array",
        "object" => {
            let fields = parts.iter().filter_map(|part| part["required"].as_array());
            let fields: Vec<&str> = fields.flatten().filter_map(Value::as_str).collect();
            return match fields.as_slice() {
                [] => "an object".to_owned(),
                fields => format!("an object with {}", fields.join(", ")),
            };
        }
        other => other,
    };
    needed.to_owned()
}

/// The value, or what it is.
fn found(value: &Value, is_secret: bool) -> String {
    let kind = match value {
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
        Value::Null => "null",
        scalar if !is_secret => return shown(&scalar.to_string()),
        Value::String(_) => "a text",
        Value::Number(_) => "a number",
        Value::Bool(_) => "true or false",
    };
    kind.to_owned()
}
