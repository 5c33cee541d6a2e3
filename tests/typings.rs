//! TypeScript typings for JavaScript hosts, written from the Rust types. `UPDATE_TYPINGS=1 cargo test --test
//! typings` writes the file; without it the file is compared.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "helpers of tests are no tests to clippy"
)]

use std::{env, fs, path::Path};

use serde::Serialize;
use serde_json::Value;
use toss_checkout::{
    i18n::Messages,
    public_events::{Detail, PublicEvent},
    subscription::{
        public_events::{Detail as SubscriptionDetail, PublicEvent as SubscriptionEvent},
        texts::Texts,
    },
};
use toss_checkout_contract::{
    CashReceiptType, ChargeStatus, Currency, DecimalAmount, Interval, Locale, Method, OrderId,
    SessionKind, SessionStatus, SubscriptionStatus,
};

const FILE: &str = "src/embed/generated.d.ts";

const SUBSCRIPTION_STATUSES: [SubscriptionStatus; 8] = [
    SubscriptionStatus::Incomplete,
    SubscriptionStatus::Trialing,
    SubscriptionStatus::Active,
    SubscriptionStatus::PastDue,
    SubscriptionStatus::Unpaid,
    SubscriptionStatus::AwaitingConsent,
    SubscriptionStatus::Paused,
    SubscriptionStatus::Canceled,
];

/// A union of words, as they are in JSON.
fn union<T: Serialize>(words: impl IntoIterator<Item = T>) -> String {
    let words = words.into_iter();
    let words: Vec<String> = words
        .map(|word| serde_json::to_string(&word).unwrap())
        .collect();
    words.join(" | ")
}

/// A detail in which every field is present.
fn detail() -> Detail {
    Detail {
        kind: Some(SessionKind::Payment),
        status: Some(SessionStatus::Open),
        order_id: Some(OrderId::new("order-0001").unwrap()),
        order_name: Some(String::new()),
        method: Some(Method::Card),
        charge: Some(ChargeStatus::Pending),
        amount: Some(DecimalAmount::parse("1").unwrap()),
        currency: Some(Currency::Krw),
        code: Some(String::new()),
    }
}

/// The type of a field: an alias where the field is one of several words.
fn type_of(name: &str, value: &Value) -> &'static str {
    match (name, value) {
        ("kind", _) => "SessionKind",
        ("method", _) => "Method",
        ("charge", _) => "ChargeStatus",
        ("currency", _) => "Currency",
        (_, Value::Number(_)) => "number",
        (_, Value::String(_)) => "string",
        (name, value) => panic!("{name} has no type: {value}"),
    }
}

fn typings() -> String {
    let mut file =
        "// Written from the Rust types by `UPDATE_TYPINGS=1 cargo test --test typings`.\n\n"
            .to_owned();
    let mut alias = |name: &str, words: String| {
        file += &["export type ", name, " = ", &words, ";\n"].concat();
    };
    alias("EventName", union(PublicEvent::ALL.map(PublicEvent::name)));
    alias("Locale", union(Locale::ALL));
    alias("Method", union(Method::ALL));
    alias("Interval", union(Interval::ALL));
    alias("CashReceiptType", union(CashReceiptType::ALL));
    alias("SessionKind", union(SessionKind::ALL));
    alias("SessionStatus", union(SessionStatus::ALL));
    alias("ChargeStatus", union(ChargeStatus::ALL));
    alias("Currency", union(Currency::ALL));
    alias("TextName", union(Messages::NAMES));
    alias(
        "SubscriptionEventName",
        union(SubscriptionEvent::ALL.map(SubscriptionEvent::name)),
    );
    alias("SubscriptionStatus", union(SUBSCRIPTION_STATUSES));
    alias("SubscriptionTextName", union(Texts::NAMES));
    file +=
        "\n/** What an event carries: what statistics need, and nothing that opens anything. */\n";
    file += "export interface Detail {\n";
    file += &fields(&detail(), "SessionStatus");
    file += "}\n\n/** What an event of `<toss-subscription>` carries. */\n";
    file += "export interface SubscriptionDetail {\n";
    let of_subscription = SubscriptionDetail {
        subscription_id: Some(String::new()),
        status: Some(SubscriptionStatus::Active),
        code: Some(""),
    };
    file += &fields(&of_subscription, "SubscriptionStatus");
    file + "}\n"
}

/// The fields of a detail, all of them optional.
fn fields<T: Serialize>(detail: &T, status: &'static str) -> String {
    let Value::Object(fields) = serde_json::to_value(detail).unwrap() else {
        panic!("a detail is an object")
    };
    let lines = fields.iter().map(|(name, value)| {
        let of = if name == "status" {
            status
        } else {
            type_of(name, value)
        };
        ["  ", name, "?: ", of, ";\n"].concat()
    });
    lines.collect()
}

#[test]
fn the_typings_are_those_of_the_rust_types() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if env::var_os("UPDATE_TYPINGS").is_some() {
        fs::write(&file, typings()).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap();
    assert!(
        written == typings(),
        "{FILE} is not what the Rust types say: UPDATE_TYPINGS=1 cargo test --test typings"
    );
}
