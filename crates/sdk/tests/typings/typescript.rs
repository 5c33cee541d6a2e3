//! Writes cases as TypeScript.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fmt::Write,
};

use serde_json::Value;

use crate::requests::{Call, Case};

const HEAD: &str = "// Written by crates/sdk/tests/typings.\n\
import type { TossPaymentsPayment } from \"@tosspayments/tosspayments-sdk\";\n\n\
declare const payment: TossPaymentsPayment;\n\n\
export const calls: (() => Promise<unknown>)[] = [\n";

/// JSON is TypeScript; each call stands on one line, so that `@ts-expect-error` covers all of it.
fn call(call: Call, argument: &Value) -> String {
    let method = match call {
        Call::Payment => "requestPayment",
        Call::BillingAuth => "requestBillingAuth",
    };
    format!("() => payment.{method}({argument}),")
}

/// What must be taken.
pub(crate) fn right(cases: &[Case]) -> String {
    let mut text = HEAD.to_owned();
    for case in cases {
        // Writing to a string does not fail.
        let _ = writeln!(text, "  {}", call(case.call, &case.argument));
    }
    text + "];\n"
}

/// What must be refused: each complete case with one fault.
///
/// # Errors
/// A case of which nothing can be made wrong proves nothing.
pub(crate) fn wrong(cases: &[Case]) -> Result<String, Box<dyn Error>> {
    let mut text = HEAD.to_owned();
    for case in cases.iter().filter(|case| case.is_complete) {
        let mut faults = Vec::new();
        spoil(&case.argument, &mut |fault| faults.push(fault));
        for name in case.call.required() {
            let mut fault = case.argument.clone();
            let fields = fault.as_object_mut().ok_or("a request is an object")?;
            fields.remove(*name).ok_or("a required field is missing")?;
            faults.push(fault);
        }
        if faults.len() < 10 {
            return Err(format!("only {} faults in {}", faults.len(), case.argument).into());
        }
        for fault in faults {
            let line = call(case.call, &fault);
            let _ = writeln!(text, "  // @ts-expect-error\n  {line}");
        }
    }
    Ok(text + "];\n")
}

/// Hands out copies of `value` with one fault each: a field under a wrong name, or of a wrong type.
fn spoil(value: &Value, found: &mut dyn FnMut(Value)) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                // What these hold is the merchant's business, or PayPal's.
                if matches!(name.as_str(), "metadata" | "setTransactionContext") {
                    continue;
                }
                let mut renamed = fields.clone();
                renamed.remove(name);
                renamed.insert(format!("{name}X"), field.clone());
                found(Value::Object(renamed));
                spoil(field, &mut |fault| {
                    let mut spoiled = fields.clone();
                    spoiled.insert(name.clone(), fault);
                    found(Value::Object(spoiled));
                });
            }
        }
        Value::Array(items) => {
            found(Value::Bool(true));
            if let Some((first, rest)) = items.split_first() {
                spoil(first, &mut |fault| {
                    found(Value::Array([&[fault], rest].concat()));
                });
            }
        }
        Value::String(_) => found(Value::from(1)),
        Value::Number(_) => found(Value::from("1")),
        Value::Bool(_) => found(Value::from("true")),
        Value::Null => {}
    }
}

/// Every path that some case has, and every short word that stands there, by method.
pub(crate) fn fields(cases: &[Case]) -> String {
    let mut methods: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for case in cases.iter().filter(|case| !case.is_random) {
        let method = case.argument.get("method").and_then(Value::as_str);
        let name = match (case.call, method) {
            (Call::BillingAuth, method) => format!("billing {}", method.unwrap_or_default()),
            (Call::Payment, method) => method.unwrap_or_default().to_owned(),
        };
        walk(&case.argument, "", methods.entry(name).or_default());
    }
    let mut text =
        String::from("// Written by crates/sdk/tests/typings.\nexport type Fields = {\n");
    for (method, paths) in methods {
        // Writing to a string does not fail.
        let _ = writeln!(text, "  {method:?}:");
        for path in paths {
            let _ = writeln!(text, "    | {}", Value::from(path));
        }
        text += "    ;\n";
    }
    text + "};\n"
}

fn walk(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) if path.ends_with("metadata") || path.ends_with("Context") => {
            // A record of anything is one field.
            assert!(!fields.is_empty(), "{path}");
            found.insert(path.to_owned());
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                walk(field, &format!("{path}{dot}{name}"), found);
            }
        }
        Value::Array(items) => {
            for item in items {
                walk(item, &format!("{path}[]"), found);
            }
        }
        Value::String(word) => {
            found.insert(path.to_owned());
            if word.chars().count() <= 30 {
                found.insert(format!("{path}={word}"));
            }
        }
        Value::Number(_) | Value::Bool(_) | Value::Null => {
            found.insert(path.to_owned());
        }
    }
}
