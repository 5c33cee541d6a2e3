//! The form.

use serde_json::json;
use toss_checkout_contract::Method;
use toss_payments_sdk::LoadError;

use super::examples::{abroad, agreed, billing, every_method, form, keys_of_registration, payment};
use crate::flow::{Checkout, Notice, Sdk, State};

/// Each by its name.
#[expect(clippy::too_many_lines, reason = "one list, to be read in one piece")]
pub(super) fn all() -> Vec<(&'static str, State)> {
    let pay = || payment(json!({}));
    let subscribe = || billing(json!({}));
    let without_sdk = |error| {
        State::Checkout(Checkout {
            sdk: Sdk::Failed(error),
            ..form(subscribe())
        })
    };
    let (src, timeout_ms) = (String::new, 20_000);
    vec![
        ("form-payment", State::Checkout(form(pay()))),
        (
            "form-payment-live",
            State::Checkout(form(payment(json!({
                "clientKey": "live_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq",
            })))),
        ),
        (
            "form-payment-long",
            State::Checkout(form(payment(json!({
                "orderName": "Supercalifragilisticexpialidocious-limited-anniversary-edition \
                    한정판 기념 세트 (색상: 미드나잇 블루, 각인 포함)",
                "amount": {"value": 999_999_999, "currency": "KRW"},
            })))),
        ),
        (
            "form-payment-methods",
            State::Checkout(form(every_method())),
        ),
        (
            "form-payment-methods-gift",
            State::Checkout(Checkout {
                method: Method::BookGiftCertificate,
                ..form(every_method())
            }),
        ),
        (
            "form-payment-direct",
            State::Checkout(form(payment(json!({
                "methods": ["CARD", "VIRTUAL_ACCOUNT"],
                "card": {"flowMode": "DIRECT", "easyPay": "TOSSPAY"},
            })))),
        ),
        (
            "form-payment-abroad",
            State::Checkout(form(abroad(json!({})))),
        ),
        ("form-billing", State::Checkout(form(subscribe()))),
        (
            "form-billing-later",
            State::Checkout(Checkout {
                method: Method::Transfer,
                ..form(billing(json!({
                    "chargeNow": false,
                    "plan": {"amount": {"value": 59_000, "currency": "KRW"}, "interval": "year"},
                })))
            }),
        ),
        (
            "form-preparing",
            State::Checkout(Checkout {
                sdk: Sdk::Loading,
                ..form(subscribe())
            }),
        ),
        (
            "form-blocked",
            without_sdk(LoadError::Failed { src: src() }),
        ),
        (
            "form-slow",
            without_sdk(LoadError::Timeout {
                src: src(),
                timeout_ms,
            }),
        ),
        (
            "form-offline",
            without_sdk(LoadError::Offline {
                src: src(),
                timeout_ms,
            }),
        ),
        (
            "form-canceled",
            State::Checkout(Checkout {
                notice: Some(Notice::Canceled),
                ..agreed(subscribe())
            }),
        ),
        (
            "form-consent-missing",
            State::Checkout(Checkout {
                notice: Some(Notice::ConsentMissing),
                ..form(subscribe())
            }),
        ),
        (
            "form-held",
            State::Checkout(Checkout {
                notice: Some(Notice::ConsentMissing),
                held: Some(keys_of_registration()),
                ..form(billing(json!({
                    "consent": {"version": "shop-7", "text":
                        "매월 4,900원 자동 결제에 동의해요.\n해지는 마이페이지에서 할 수 있어요."},
                })))
            }),
        ),
        (
            "form-opening",
            State::Checkout(Checkout {
                opening: true,
                ..agreed(subscribe())
            }),
        ),
    ]
}
