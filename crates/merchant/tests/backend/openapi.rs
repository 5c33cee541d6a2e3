//! The description of the API, served and committed. `UPDATE_OPENAPI=1 cargo test -p toss-merchant --test
//! backend openapi` writes the file; without it the file is compared.

use std::{collections::BTreeSet, env, fs, path::Path};

use serde_json::Value;

use crate::{
    merchant_methods::{card, charge, path},
    support::{Shop, text},
};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");

async fn served(shop: &Shop) -> String {
    let answer = shop
        .http
        .get(shop.url("/openapi.json"))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/json");
    answer.text().await.unwrap()
}

/// Path, method and description of every call.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push((path.as_str(), method.as_str(), operation));
        }
    }
    all
}

/// The names of every schema that is referred to.
fn references<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                if let ("$ref", Value::String(reference)) = (name.as_str(), value) {
                    found.insert(reference.strip_prefix("#/components/schemas/").unwrap());
                }
                references(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_committed_openapi_is_what_the_server_serves() {
    let shop = Shop::open().await;
    let served = served(&shop).await + "\n";
    let file = Path::new(FILE);
    if env::var_os("UPDATE_OPENAPI").is_some() {
        fs::write(file, &served).unwrap();
    }
    let committed = fs::read_to_string(file).unwrap_or_default();
    assert!(
        committed == served,
        "docs/openapi.json is not what the code says; write it with UPDATE_OPENAPI=1 cargo test -p toss-merchant --test backend openapi"
    );
}

#[tokio::test]
async fn every_call_is_described_with_its_key_its_errors_and_schemas_that_exist() {
    let shop = Shop::open().await;
    let document: Value = serde_json::from_str(&served(&shop).await).unwrap();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut used = BTreeSet::new();
    references(&document, &mut used);
    for name in &used {
        assert!(schemas.contains_key(*name), "{name} is not described");
    }
    let mut names = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let call = format!("{method} {path}");
        assert!(
            names.insert(text(&operation["operationId"])),
            "{call}: named twice"
        );
        assert!(
            !text(&operation["summary"]).is_empty(),
            "{call}: says nothing"
        );
        let error = &operation["responses"]["default"]["content"]["application/json"]["schema"];
        assert_eq!(error["$ref"], "#/components/schemas/ApiError", "{call}");
        for response in operation["responses"].as_object().unwrap().values() {
            assert!(
                !text(&response["description"]).is_empty(),
                "{call}: an answer"
            );
        }
        let parameters = operation["parameters"].as_array();
        let key = parameters
            .into_iter()
            .flatten()
            .find(|it| it["name"] == "Idempotency-Key");
        let scopes = &operation["security"][0]["bearer"];
        let needed = match (path, method) {
            ("/api/payments/{id}/refunds", "post") => Some("refund"),
            (path, _) if path.starts_with("/api/checkout/") => None,
            (path, _) if path.starts_with("/api/subscription-page") => {
                let link = &operation["security"][0]["customerLink"];
                assert!(link.is_array(), "{call}");
                None
            }
            (path, "get") if path.starts_with("/api/") || path == "/metrics" => Some("read"),
            (path, _) if path.starts_with("/api/") => Some("write"),
            _ => None,
        };
        assert_eq!(scopes[0].as_str(), needed, "{call}");
        assert_eq!(
            key.is_some(),
            method == "post" && needed.is_some(),
            "{call}"
        );
        for name in path.split(['{', '}']).skip(1).step_by(2) {
            let mut parameters = parameters.into_iter().flatten();
            assert!(parameters.any(|it| it["name"] == name), "{call}: {name}");
        }
    }
    assert!(names.len() > 30, "{names:?}");
}

/// What is described is there: no address answers that it does not exist or takes another method.
#[tokio::test]
async fn every_call_that_is_described_is_answered() {
    let shop = Shop::open().await;
    let document: Value = serde_json::from_str(&served(&shop).await).unwrap();
    for (path, method, _) in operations(&document) {
        let address = path.replace("{id}", "x").replace("{customerKey}", "xx");
        let method = method.to_uppercase().parse().unwrap();
        let answer = shop.call(method, address.as_str()).send().await;
        assert_ne!(answer.status, 405, "{path}");
        assert!(!answer.message().contains("no such address"), "{path}");
    }
}

/// A field that an answer has and its description lacks would be a promise that nobody wrote down.
#[tokio::test]
async fn what_is_answered_is_described() {
    let shop = Shop::open().await;
    let document: Value = serde_json::from_str(&served(&shop).await).unwrap();
    let card = card(&shop).await;
    let charges = format!("{}/charges", path(&card));
    let paid = shop
        .post_once(&charges, "c1", charge("renewal-1", 9_900))
        .await;
    let refunds = format!("/api/payments/{}/refunds", text(&paid.body["id"]));
    let refund = serde_json::json!({"reason": "반품"});
    let refunded = shop.post_once(&refunds, "r1", refund).await;
    let order = shop.issued().await;
    let session = shop.read(format!("/api/sessions/{}", order.id)).await;
    let waiting = shop
        .read(format!("/api/payments?orderId={}", order.order_id))
        .await;
    let events = shop.read("/api/events").await;
    let missing = shop.read("/api/payments/pay_x").await;
    let plan = crate::subscriptions::monthly(&text(&card["id"]));
    let subscribed = shop.post_once("/api/subscriptions", "s1", plan).await;
    let of_it = format!("/api/subscriptions/{}", text(&subscribed.body["id"]));
    let asks = serde_json::json!({"at": "now", "refund": "prorated"});
    let quote = shop
        .post_once(&format!("{of_it}/cancel/preview"), "s2", asks.clone())
        .await;
    let dearer = serde_json::json!({
        "amount": {"value": 20_000, "currency": "KRW"}, "when": "now", "proration": "charge",
    });
    let change = shop
        .post_once(&format!("{of_it}/change/preview"), "s3", dearer)
        .await;
    let canceled = shop.post_once(&format!("{of_it}/cancel"), "s4", asks).await;
    let invoices = shop.read(format!("{of_it}/invoices")).await;
    let subscriptions = shop.read("/api/subscriptions").await;
    for (name, answer) in [
        ("PaymentMethod", &card),
        ("PaymentDetail", &paid.body),
        ("Refunded", &refunded.body),
        ("PaymentDetail", &refunded.body["payment"]),
        ("CreatedSession", &session.body),
        ("PaymentList", &waiting.body),
        ("EventList", &events.body),
        ("ApiError", &missing.body),
        ("Subscription", &subscribed.body),
        ("CancelQuote", &quote.body),
        ("ChangeQuote", &change.body),
        ("Subscription", &canceled.body),
        ("InvoiceList", &invoices.body),
        ("SubscriptionList", &subscriptions.body),
    ] {
        let schemas = &document["components"]["schemas"];
        described(schemas, &schemas[name], answer, name);
    }
}

/// The parts of which a schema is made.
fn parts<'a>(schemas: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        return parts(schemas, &schemas[name]);
    }
    for several in ["allOf", "oneOf"] {
        if let Some(all) = schema[several].as_array() {
            return all.iter().flat_map(|part| parts(schemas, part)).collect();
        }
    }
    vec![schema]
}

fn described(schemas: &Value, schema: &Value, value: &Value, place: &str) {
    let parts = parts(schemas, schema);
    match value {
        Value::Object(fields) if parts.iter().any(|part| part["properties"].is_object()) => {
            for (name, value) in fields {
                let found = parts.iter().map(|part| &part["properties"][name]);
                let found = found.into_iter().find(|property| !property.is_null());
                let property = found.unwrap_or_else(|| panic!("{place}.{name} is not described"));
                described(schemas, property, value, &format!("{place}.{name}"));
            }
            for required in parts.iter().filter_map(|part| part["required"].as_array()) {
                for name in required {
                    let name = name.as_str().unwrap();
                    assert!(fields.contains_key(name), "{place}.{name} is promised");
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                described(schemas, &parts[0]["items"], item, &format!("{place}[]"));
            }
        }
        _ => {}
    }
}
