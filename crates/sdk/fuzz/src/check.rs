//! What holds for any address at all. Panics where it does not.

use toss_payments_sdk::{FailReturn, Return};

/// Reads an address: it must be refused, or hold nothing outside its limits.
pub(crate) fn address(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let read = Return::parse(text);
    match &read {
        Ok(Return::Billing(back)) => {
            let customer = back.customer_key.expose();
            assert!(
                (2..=300).contains(&customer.len()),
                "customerKey {customer:?}"
            );
            let word = |b: u8| b.is_ascii_alphanumeric() || b"-_=.@".contains(&b);
            assert!(customer.bytes().all(word), "customerKey {customer:?}");
            key(back.auth_key.expose(), 300);
        }
        Ok(Return::Payment(back)) => {
            key(back.payment_key.expose(), 200);
            let order = back.order_id.as_str();
            assert!((6..=64).contains(&order.len()), "orderId {order:?}");
            let word = |b: u8| b.is_ascii_alphanumeric() || b"-_=".contains(&b);
            assert!(order.bytes().all(word), "orderId {order:?}");
            let amount = back.amount.as_f64();
            assert!(
                (0.01..=9_007_199_254_740_991.0).contains(&amount),
                "amount {amount}"
            );
        }
        Ok(Return::Fail(back)) => failure(back),
        Err(refused) => {
            assert!(!refused.to_string().is_empty(), "{refused:?}");
        }
    }
    if let Ok(back) = FailReturn::parse(text) {
        failure(&back);
    }
    // Keys never show in what is logged.
    if let Ok(Return::Billing(back)) = &read {
        let shown = format!("{read:?}");
        let secret = back.auth_key.expose();
        assert!(secret.len() < 12 || !shown.contains(secret), "{shown}");
    }
}

fn key(key: &str, max: usize) {
    assert!((1..=max).contains(&key.len()), "{} characters", key.len());
    assert!(key.bytes().all(|b| b.is_ascii_graphic()), "{key:?}");
}

fn failure(back: &FailReturn) {
    let code = back.code.as_str();
    assert!((1..=64).contains(&code.len()), "code {code:?}");
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    assert!(code.bytes().all(word), "code {code:?}");
    assert!(back.message.chars().count() <= 510, "message");
}
