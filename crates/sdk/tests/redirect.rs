//! Return addresses, from whatever writes addresses and from whoever does not.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests are no tests to clippy"
)]

#[path = "../fuzz/src/check.rs"]
mod check;

use std::{error::Error, fs, path::Path};

use proptest::prelude::*;
use toss_payments_sdk::{Return, ReturnError};
use url::Url;

/// What the fuzzer found worth keeping.
#[test]
fn the_corpus_holds() -> Result<(), Box<dyn Error>> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/return_parse");
    let mut count = 0;
    for entry in fs::read_dir(corpus)? {
        check::address(&fs::read(entry?.path())?);
        count += 1;
    }
    assert!(count > 20, "only {count} addresses in the corpus");
    Ok(())
}

/// An address as a URL API writes it: our parameters, the merchant's own around them.
fn address(own: &[(String, String)], ours: &[(&str, &str)]) -> String {
    let mut url = Url::parse("https://shop.example/done").unwrap();
    let (before, after) = own.split_at(own.len() / 2);
    url.query_pairs_mut()
        .extend_pairs(before)
        .extend_pairs(ours)
        .extend_pairs(after);
    url.set_fragment(Some("authKey=no"));
    url.into()
}

/// Parameters of the merchant's, of any text, which do not have our names.
fn own() -> impl Strategy<Value = Vec<(String, String)>> {
    let name = any::<String>().prop_filter("ours", |name| {
        let ours = [
            "authKey",
            "customerKey",
            "paymentKey",
            "orderId",
            "amount",
            "code",
            "message",
        ];
        !ours.contains(&name.as_str())
    });
    proptest::collection::vec((name, any::<String>()), 0..4).prop_filter("too long", |pairs| {
        pairs
            .iter()
            .map(|(name, value)| name.len() + value.len())
            .sum::<usize>()
            < 500
    })
}

const CUSTOMER_KEY: &str = "[A-Za-z0-9_=.@-]{2,300}";
const PRINTABLE: &str = "[!-~]{1,200}";

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        check::address(text.as_bytes());
    }

    #[test]
    fn any_parameters_are_read_or_refused(
        pairs in proptest::collection::vec(
            ("authKey|customerKey|paymentKey|orderId|amount|code|message", any::<String>()),
            0..6,
        ),
    ) {
        let pairs: Vec<(&str, &str)> =
            pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        check::address(address(&[], &pairs).as_bytes());
    }

    #[test]
    fn a_registration_is_read_as_it_was_written(
        own in own(), customer in CUSTOMER_KEY, key in PRINTABLE,
    ) {
        let address = address(&own, &[("customerKey", &customer), ("authKey", &key)]);
        match Return::parse(&address) {
            Ok(Return::Billing(back)) => {
                prop_assert_eq!(back.customer_key.expose(), customer);
                prop_assert_eq!(back.auth_key.expose(), key);
            }
            other => prop_assert!(false, "{:?} of {}", other, address),
        }
    }

    #[test]
    fn a_payment_is_read_as_it_was_written(
        own in own(),
        key in PRINTABLE,
        order in "[A-Za-z0-9_=-]{6,64}",
        amount in 1_u64..=toss_payments_sdk::MAX_AMOUNT,
    ) {
        let digits = amount.to_string();
        let ours = [
            ("paymentType", "NORMAL"), ("orderId", &*order), ("paymentKey", &*key), ("amount", &*digits),
        ];
        let address = address(&own, &ours);
        match Return::parse(&address) {
            Ok(Return::Payment(back)) => {
                prop_assert_eq!(back.payment_key.expose(), key);
                prop_assert_eq!(back.order_id.as_str(), order);
                prop_assert_eq!(back.amount.to_string(), digits);
            }
            other => prop_assert!(false, "{:?} of {}", other, address),
        }
    }

    #[test]
    fn a_failure_is_read_as_it_was_written(
        own in own(), code in "[A-Z][A-Z_]{2,40}", message in "\\PC{0,200}",
    ) {
        let address = address(&own, &[("code", &code), ("message", &message)]);
        match Return::parse(&address) {
            Ok(Return::Fail(back)) => {
                prop_assert_eq!(back.code.as_str(), code);
                prop_assert_eq!(back.message, message);
            }
            other => prop_assert!(false, "{:?} of {}", other, address),
        }
    }

    #[test]
    fn what_is_written_twice_is_refused_where_it_differs(
        name in "authKey|customerKey", first in PRINTABLE, second in PRINTABLE,
    ) {
        let mut ours = vec![("customerKey", "user-1"), ("authKey", &*first)];
        prop_assume!(!ours.contains(&(&*name, &*second)));
        ours.push((&name, &second));
        let refused = Return::parse(&address(&[], &ours));
        prop_assert!(matches!(refused, Err(ReturnError::Repeated(it)) if it == name), "{:?}", refused);
    }
}
