//! What `/openapi.json` does not describe, tried on every call of it: fields of other JSON types, parameters
//! that no call has, and names that no database can look for.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{CUSTOMER, Shop, text};

/// One value of each type.
fn values() -> [(&'static str, Value); 6] {
    [
        ("null", Value::Null),
        ("boolean", json!(true)),
        ("number", json!(5000)),
        ("string", json!("\u{0}")),
        ("array", json!([["a"], 1])),
        ("object", json!({"now": null})),
    ]
}

/// A field as the description tells of it, and where it stands.
struct Field {
    place: Vec<String>,
    types: Vec<String>,
}

struct Document(Value);

impl Document {
    /// Method, path and description of every call.
    fn calls(&self) -> impl Iterator<Item = (Method, &str, &Value)> {
        let paths = self.0["paths"].as_object().unwrap();
        paths.iter().flat_map(|(path, item)| {
            let operations = item.as_object().unwrap().iter();
            operations.map(|(method, operation)| {
                let method = method.to_uppercase().parse().unwrap();
                (method, path.as_str(), operation)
            })
        })
    }

    fn parts<'a>(&'a self, schema: &'a Value) -> Vec<&'a Value> {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap();
            return self.parts(&self.0["components"]["schemas"][name]);
        }
        for several in ["allOf", "oneOf"] {
            if let Some(all) = schema[several].as_array() {
                return all.iter().flat_map(|part| self.parts(part)).collect();
            }
        }
        vec![schema]
    }

    /// The fields of a schema, and of those in it.
    fn fields(&self, schema: &Value, place: &[String], found: &mut Vec<Field>) {
        for part in self.parts(schema) {
            for (name, schema) in part["properties"].as_object().into_iter().flatten() {
                let mut place = place.to_vec();
                place.push(name.clone());
                let types = self.parts(schema).into_iter();
                let types = types.flat_map(|part| match &part["type"] {
                    Value::Array(all) => all.iter().map(text).collect(),
                    one => vec![text(one)],
                });
                found.push(Field {
                    place: place.clone(),
                    types: types.collect(),
                });
                self.fields(schema, &place, found);
            }
            if part["items"].is_object() {
                let mut place = place.to_vec();
                place.push("0".to_owned());
                self.fields(&part["items"], &place, found);
            }
        }
    }
}

/// A body with this value at that place and nothing else.
fn body(place: &[String], value: &Value) -> Value {
    place.iter().rev().fold(value.clone(), |value, step| {
        if step == "0" {
            json!([value])
        } else {
            json!({step.as_str(): value})
        }
    })
}

fn address(path: &str, name: &str) -> String {
    path.replace("{id}", name)
        .replace("{customerKey}", if name == "x" { CUSTOMER } else { name })
}

/// The place as an error names it: `phases[0].amount`.
fn named(place: &[String]) -> String {
    place.join(".").replace(".0", "[0]")
}

#[tokio::test]
async fn every_field_of_every_call_refuses_other_types_and_is_named() {
    let shop = Shop::with(
        &["--key-in-enabled"],
        toss_merchant::clock::Clock::running(),
        crate::support::quick(),
    )
    .await;
    let document = Document(shop.read("/openapi.json").await.body);
    let mut count = 0;
    for (method, path, operation) in document.calls() {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if !schema.is_object() || path == "/webhooks/toss" {
            continue;
        }
        let mut fields = Vec::new();
        document.fields(schema, &[], &mut fields);
        // Each link has a limit of its own.
        let link = json!({"customerKey": CUSTOMER});
        let link = shop.post_once("/api/customer-links", path, link).await;
        for field in &fields {
            for (kind, value) in values() {
                let is = |it: &String| it == kind || (it == "integer" && kind == "number");
                let is_taken = field.types.iter().any(is);
                if is_taken && kind != "string" {
                    continue;
                }
                let mut call = shop.call(method.clone(), address(path, "x"));
                if path.starts_with("/api/subscription-page") {
                    call = call.with_key(&text(&link.body["token"]));
                }
                let call = call.once(&format!("k{count}"));
                let answer = call.body(body(&field.place, &value)).send().await;
                count += 1;
                let place = named(&field.place);
                let says = if is_taken {
                    format!("{place} holds the character U+0000")
                } else {
                    format!("{place} is ")
                };
                assert!(
                    answer.status == 400 && answer.message().starts_with(&says),
                    "{method} {path}: {place} as {kind}: {} {}",
                    answer.status,
                    answer.body
                );
            }
        }
    }
    assert!(count > 500, "{count}");
}

#[tokio::test]
async fn a_parameter_that_a_call_does_not_have_is_refused_by_its_name() {
    let shop = Shop::open().await;
    let document = Document(shop.read("/openapi.json").await.body);
    let mut count = 0;
    for (method, path, _) in document.calls() {
        // Pages and operators' tools may add what they like.
        if !path.starts_with("/api/") || path.starts_with("/api/checkout") {
            continue;
        }
        if path.starts_with("/api/subscription-page") {
            continue;
        }
        let address = format!("{}?nobody=1", address(path, "x"));
        let answer = shop.call(method.clone(), address).send().await;
        assert_eq!(
            (answer.status, answer.message()),
            (400, "nobody is not a parameter of this call"),
            "{method} {path}"
        );
        count += 1;
    }
    assert!(count > 30, "{count}");
}

/// PostgreSQL refuses even to compare anything with it.
#[tokio::test]
async fn the_character_that_no_database_takes_is_in_no_name() {
    let shop = Shop::open().await;
    let document = Document(shop.read("/openapi.json").await.body);
    for (method, path, operation) in document.calls() {
        if path.contains('{') {
            let answer = shop.call(method.clone(), address(path, "%00")).send().await;
            assert_eq!(answer.status, 404, "{method} {path}: {}", answer.body);
        }
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        for parameter in parameters.filter(|it| it["in"] == "query") {
            let name = text(&parameter["name"]);
            let address = format!("{}?{name}=a%00b", address(path, "x"));
            let answer = shop.call(method.clone(), address).send().await;
            let code = (answer.status, answer.code());
            assert_eq!(code, (400, "CHECKOUT_INVALID_REQUEST"), "{path}: {name}");
        }
    }
}
