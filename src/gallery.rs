//! Every screen that the page can show, to be looked at and to be checked: `cargo xtask gallery`. Only
//! in builds with the feature `gallery`; what buyers download knows nothing of it.

use std::sync::Arc;

use serde_json::{Value, json};
use toss_checkout_contract::{
    ChargeStatus, Consent, ConsentText, ConsentVersion, FailureCode, Method, Session, SessionKind,
    SessionStatus,
};
use toss_payments_sdk::{LoadError, Return};
use wasm_bindgen::{JsError, prelude::wasm_bindgen};
use web_sys::HtmlElement;

use crate::{
    HostOptions, Mounted,
    config::{Config, Misconfiguration},
    flow::{
        Checkout, Keys, Notice, Redirect, Refusal, RequestError, Sdk, Stage, State, Wait, When,
    },
    i18n::{Action, reason},
    runtime::Dispatcher,
};

const SESSION: &str = "cs_0123456789abcdefABCDEF";
const MOMENT: &str = "2026-11-21T14:03:00+09:00";
const PAST: &str = "2020-01-01T00:00:00+09:00";

/// The names of all screens.
#[wasm_bindgen]
pub fn screens() -> Vec<String> {
    let all = all(PAST).into_iter();
    all.map(|(name, _)| name.to_owned()).collect()
}

/// Shows a screen in `host`. `due` is when an account that waits for its deposit closes. Nothing that is
/// pressed has an effect.
///
/// # Errors
/// There is no such screen.
#[wasm_bindgen]
pub fn show(
    host: HtmlElement,
    options: HostOptions,
    name: &str,
    due: &str,
) -> Result<Mounted, JsError> {
    let screen = all(due).into_iter().find(|(screen, _)| *screen == name);
    let (_, state) = screen.ok_or_else(|| JsError::new("no such screen"))?;
    let dispatcher = Dispatcher::frozen(host.clone().into(), options, config(), state);
    Ok(Mounted::new(host, dispatcher))
}

/// Fails as a program with a fault does.
///
/// # Panics
/// Always.
#[wasm_bindgen]
#[expect(clippy::panic, reason = "it is what is to be looked at")]
pub fn crash() {
    panic!("a fault, to be looked at");
}

/// What must not fail: it is written below, and a test walks through all of it.
fn sure<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| unreachable!("{error:?}"))
}

fn config() -> Config {
    let option = |name: &str| match name {
        "session" => Some(SESSION.to_owned()),
        "form-url" | "success-url" | "fail-url" => Some("https://shop.example/pay".to_owned()),
        "support-url" => Some("https://shop.example/help".to_owned()),
        _ => None,
    };
    sure(Config::read(&option))
}

macro_rules! places {
    ($($place:ident = $name:literal,)*) => {
        /// What tells screens apart.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        enum Place {
            $($place,)*
        }

        #[cfg(test)]
        impl Place {
            const ALL: &[Self] = &[$(Self::$place,)*];

            /// What the names of its screens begin with.
            fn name(self) -> &'static str {
                match self {
                    $(Self::$place => $name,)*
                }
            }
        }
    };
}

places! {
    Loading = "loading",
    FormPayment = "form-payment",
    FormBilling = "form-billing",
    FormPreparing = "form-preparing",
    FormBlocked = "form-blocked",
    FormSlow = "form-slow",
    FormOffline = "form-offline",
    FormCanceled = "form-canceled",
    FormConsentMissing = "form-consent-missing",
    FormHeld = "form-held",
    FormOpening = "form-opening",
    DeliveringPayment = "delivering-payment",
    DeliveringRegistration = "delivering-registration",
    Undelivered = "undelivered",
    UndeliveredOffline = "undelivered-offline",
    Unreachable = "unreachable",
    UnreachableOffline = "unreachable-offline",
    LookingUp = "looking-up",
    LookingUpLong = "looking-up-long",
    Registered = "registered",
    ChargePending = "charge-pending",
    ChargeSucceeded = "charge-succeeded",
    ChargeDeclined = "charge-declined",
    ChargeUnknown = "charge-unknown",
    DepositWaiting = "deposit-waiting",
    DepositReversed = "deposit-reversed",
    DepositPaid = "deposit-paid",
    Paid = "paid",
    Before = "before",
    Canceled = "canceled",
    PartiallyCanceled = "partially-canceled",
    Expired = "expired",
    FailedTryAgain = "failed-try-again",
    FailedStartAgain = "failed-start-again",
    FailedWait = "failed-wait",
    FailedOtherMethod = "failed-other-method",
    FailedCardCompany = "failed-card-company",
    FailedShop = "failed-shop",
    RefusedAddress = "refused-address",
    RefusedAmount = "refused-amount",
    RefusedOrder = "refused-order",
    RefusedCustomer = "refused-customer",
    RefusedKind = "refused-kind",
    NotFound = "not-found",
    Misconfigured = "misconfigured",
}

/// Where a state belongs. Every kind of state is named, so that a new one does not compile without its
/// place; a test sees to it that every place has a screen.
#[cfg_attr(not(test), expect(dead_code, reason = "it is there to be compiled"))]
fn place(state: &State) -> Place {
    match state {
        State::Loading(_) => Place::Loading,
        State::Unreachable(_, RequestError::Offline) => Place::UnreachableOffline,
        State::Unreachable(..) => Place::Unreachable,
        State::Checkout(form) => match (&form.sdk, form.notice, form.opening) {
            (Sdk::Failed(LoadError::Offline { .. }), ..) => Place::FormOffline,
            (Sdk::Failed(LoadError::Timeout { .. }), ..) => Place::FormSlow,
            (Sdk::Failed(_), ..) => Place::FormBlocked,
            (Sdk::Loading, ..) => Place::FormPreparing,
            (Sdk::Ready, _, true) => Place::FormOpening,
            (Sdk::Ready, Some(Notice::Canceled), false) => Place::FormCanceled,
            (Sdk::Ready, Some(Notice::ConsentMissing), false) if form.held.is_some() => {
                Place::FormHeld
            }
            (Sdk::Ready, Some(Notice::ConsentMissing), false) => Place::FormConsentMissing,
            (Sdk::Ready, None, false) => match form.session.kind {
                SessionKind::Payment => Place::FormPayment,
                SessionKind::Billing => Place::FormBilling,
            },
        },
        State::Delivering(_, Keys::Confirm(_)) => Place::DeliveringPayment,
        State::Delivering(_, Keys::Issue(_)) => Place::DeliveringRegistration,
        State::Undelivered(_, _, RequestError::Offline) => Place::UndeliveredOffline,
        State::Undelivered(..) => Place::Undelivered,
        State::LookingUp(_, Wait::Short) => Place::LookingUp,
        State::LookingUp(_, Wait::Long) => Place::LookingUpLong,
        State::Outcome(_, When::Before) => Place::Before,
        State::Outcome(session, When::Now) => of_outcome(session),
        State::Reversed(_) => Place::DepositReversed,
        // Where it failed decides about a sentence, why it failed about all else.
        State::Failed(_, code, Stage::Window | Stage::Confirm) => match reason(code).action() {
            Action::TryAgain => Place::FailedTryAgain,
            Action::StartAgain => Place::FailedStartAgain,
            Action::Wait => Place::FailedWait,
            Action::OtherMethod => Place::FailedOtherMethod,
            Action::CardCompany => Place::FailedCardCompany,
            Action::Shop => Place::FailedShop,
        },
        State::Refused(_, refusal) => match refusal {
            Refusal::Address(_) => Place::RefusedAddress,
            Refusal::Amount => Place::RefusedAmount,
            Refusal::Order => Place::RefusedOrder,
            Refusal::Customer => Place::RefusedCustomer,
            Refusal::Kind => Place::RefusedKind,
        },
        State::NotFound => Place::NotFound,
        State::Misconfigured(_) => Place::Misconfigured,
    }
}

fn of_outcome(session: &Session) -> Place {
    let charge = session
        .result
        .as_ref()
        .and_then(|result| result.charge.as_ref());
    match session.status {
        SessionStatus::Registered | SessionStatus::Active => {
            match charge.map(|charge| charge.status) {
                None => Place::Registered,
                Some(ChargeStatus::Pending) => Place::ChargePending,
                Some(ChargeStatus::Succeeded) => Place::ChargeSucceeded,
                Some(ChargeStatus::Declined) => Place::ChargeDeclined,
                Some(ChargeStatus::Unknown) => Place::ChargeUnknown,
            }
        }
        SessionStatus::WaitingForDeposit => Place::DepositWaiting,
        SessionStatus::Paid => {
            let result = session.result.as_ref();
            let account = result.and_then(|result| result.virtual_account.as_ref());
            account.map_or(Place::Paid, |_| Place::DepositPaid)
        }
        SessionStatus::Canceled => Place::Canceled,
        SessionStatus::PartiallyCanceled => Place::PartiallyCanceled,
        SessionStatus::Expired => Place::Expired,
        // Not outcomes; the state machine keeps them apart, and the page would say that it looks.
        SessionStatus::Open
        | SessionStatus::Authenticated
        | SessionStatus::Confirming
        | SessionStatus::Issuing
        | SessionStatus::Failed
        | SessionStatus::Unknown => Place::LookingUp,
    }
}

/// A session as the backend writes it, with `more` in it.
fn session(mut base: Value, more: Value) -> Arc<Session> {
    if let (Some(base), Value::Object(more)) = (base.as_object_mut(), more) {
        base.extend(more);
    }
    Arc::new(sure(serde_json::from_value(base)))
}

fn base() -> Value {
    json!({
        "id": SESSION, "revision": 1, "status": "open", "customerKey": "customer-1",
        "clientKey": "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq",
        "returnUrl": "https://shop.example/", "expiresAt": "2030-01-01T00:00:00+09:00",
        "kind": "payment", "orderId": "order-0001", "orderName": "오가닉 코튼 티셔츠 외 2건",
        "amount": {"value": 54_000, "currency": "KRW"}, "methods": ["VIRTUAL_ACCOUNT"],
    })
}

fn payment(more: Value) -> Arc<Session> {
    session(base(), more)
}

fn billing(more: Value) -> Arc<Session> {
    let mut base = base();
    if let Some(base) = base.as_object_mut() {
        base.remove("orderId");
        base.remove("amount");
    }
    let registration = json!({
        "kind": "billing", "orderName": "토스 프라임 구독", "methods": ["CARD", "TRANSFER"],
        "plan": {"amount": {"value": 4_900, "currency": "KRW"}, "interval": "month"},
        "chargeNow": true,
    });
    let base = session(base, registration);
    session(sure(serde_json::to_value(&*base)), more)
}

fn registered(charge: &Value) -> Arc<Session> {
    let mut result = json!({
        "method": "CARD", "card": {"issuerCode": "61", "number": "43301234****123*"},
    });
    if let (Some(result), false) = (result.as_object_mut(), charge.is_null()) {
        let mut first = json!({
            "orderId": "charge-1", "amount": {"value": 4_900, "currency": "KRW"},
        });
        if let (Some(first), Some(charge)) = (first.as_object_mut(), charge.as_object()) {
            first.extend(charge.clone());
        }
        result.insert("charge".to_owned(), first);
    }
    billing(json!({"status": "registered", "result": result}))
}

fn deposit(status: &str, due: &str, more: &Value) -> Arc<Session> {
    let mut result = json!({
        "method": "VIRTUAL_ACCOUNT",
        "virtualAccount": {"bankCode": "88", "accountNumber": "X1234567890123",
            "customerName": "토스 쇼핑몰", "dueDate": due, "depositorName": "김토스"},
    });
    if let (Some(result), Some(more)) = (result.as_object_mut(), more.as_object()) {
        result.extend(more.clone());
    }
    let options = json!({"validHours": 72, "cashReceipt": {"type": "소득공제"}});
    payment(json!({"status": status, "result": result, "virtualAccount": options}))
}

fn every_method() -> Arc<Session> {
    payment(json!({"methods": Method::ALL.map(Method::as_str)}))
}

fn paid(mut result: Value) -> Arc<Session> {
    result["approvedAt"] = json!(MOMENT);
    result["receiptUrl"] = json!("https://receipt.example/");
    payment(json!({"status": "paid", "result": result}))
}

fn form(session: Arc<Session>) -> Checkout {
    Checkout {
        method: session.methods.first().copied().unwrap_or(Method::Card),
        session,
        sdk: Sdk::Ready,
        notice: None,
        opening: false,
        consent: None,
        held: None,
    }
}

/// With the box ticked.
fn agreed(session: Arc<Session>) -> Checkout {
    Checkout {
        consent: Some(Consent {
            version: sure(ConsentVersion::new("1")),
            text: sure(ConsentText::new("words")),
        }),
        ..form(session)
    }
}

fn keys(address: &str) -> Keys {
    let back = sure(Return::parse(address));
    Keys::try_from(back).unwrap_or_else(|back| unreachable!("{back:?}"))
}

fn keys_of_payment() -> Keys {
    keys("?paymentKey=t&orderId=order-0001&amount=54000")
}

fn keys_of_registration() -> Keys {
    keys("?authKey=t&customerKey=customer-1")
}

fn failed(session: &Arc<Session>, code: &str) -> State {
    State::Failed(session.clone(), FailureCode::from(code), Stage::Confirm)
}

/// The list.
#[expect(clippy::too_many_lines, reason = "one list, to be read in one piece")]
fn all(due: &str) -> Vec<(&'static str, State)> {
    let outcome = |session| State::Outcome(session, When::Now);
    let pay = || payment(json!({}));
    let subscribe = || billing(json!({}));
    let refused = |refusal| State::Refused(pay(), refusal);
    let receipt = json!({"approvedAt": MOMENT, "receiptUrl": "https://receipt.example/"});
    let declined = json!({"status": "declined", "failure": {"code": "REJECT_CARD_PAYMENT"}});
    let without_sdk = |error| {
        State::Checkout(Checkout {
            sdk: Sdk::Failed(error),
            ..form(subscribe())
        })
    };
    let (src, timeout_ms) = (String::new, 20_000);
    let succeeded =
        json!({"status": "succeeded", "approvedAt": MOMENT, "receiptUrl": "https://r.example/"});
    vec![
        ("loading", State::Loading(Redirect::None)),
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
        (
            "delivering-payment",
            State::Delivering(pay(), keys_of_payment()),
        ),
        (
            "delivering-registration",
            State::Delivering(subscribe(), keys_of_registration()),
        ),
        (
            "undelivered",
            State::Undelivered(pay(), keys_of_payment(), RequestError::Network),
        ),
        (
            "undelivered-offline",
            State::Undelivered(pay(), keys_of_payment(), RequestError::Offline),
        ),
        (
            "unreachable-offline",
            State::Unreachable(Redirect::None, RequestError::Offline),
        ),
        (
            "unreachable",
            State::Unreachable(Redirect::None, RequestError::Network),
        ),
        (
            "looking-up",
            State::LookingUp(payment(json!({"status": "unknown"})), Wait::Short),
        ),
        (
            "looking-up-long",
            State::LookingUp(payment(json!({"status": "unknown"})), Wait::Long),
        ),
        ("registered-card", outcome(registered(&Value::Null))),
        (
            "registered-account",
            outcome(billing(json!({"status": "registered", "result": {
                "method": "TRANSFER",
                "account": {"bankName": "우리은행", "accountNumber": "1002****0000"},
            }}))),
        ),
        (
            "registered-account-later",
            outcome(billing(
                json!({"status": "registered", "result": {"method": "TRANSFER"}}),
            )),
        ),
        (
            "charge-pending",
            outcome(registered(&json!({"status": "pending"}))),
        ),
        ("charge-succeeded", outcome(registered(&succeeded))),
        ("charge-declined", outcome(registered(&declined))),
        (
            "charge-unknown",
            outcome(registered(&json!({"status": "unknown"}))),
        ),
        (
            "deposit-waiting",
            outcome(deposit("waiting_for_deposit", due, &json!({}))),
        ),
        (
            "deposit-waiting-too-late",
            outcome(deposit("waiting_for_deposit", PAST, &json!({}))),
        ),
        (
            "deposit-reversed",
            State::Reversed(deposit(
                "waiting_for_deposit",
                due,
                &json!({"reversedAt": MOMENT}),
            )),
        ),
        ("deposit-paid", outcome(deposit("paid", due, &receipt))),
        (
            "paid-card",
            outcome(paid(json!({
                "method": "CARD", "card": {"issuerCode": "61", "number": "43301234****123*",
                    "installmentPlanMonths": 3},
            }))),
        ),
        (
            "paid-easy-pay",
            outcome(paid(json!({"method": "CARD", "easyPay": "토스페이"}))),
        ),
        (
            "paid-mobile-phone",
            outcome(paid(json!({"method": "MOBILE_PHONE"}))),
        ),
        (
            "before-paid",
            State::Outcome(deposit("paid", due, &receipt), When::Before),
        ),
        (
            "before-registered",
            State::Outcome(registered(&succeeded), When::Before),
        ),
        ("canceled", outcome(payment(json!({"status": "canceled"})))),
        ("canceled-paid", outcome(deposit("canceled", due, &receipt))),
        (
            "partially-canceled",
            outcome(deposit("partially_canceled", due, &receipt)),
        ),
        (
            "expired-account",
            outcome(deposit("expired", PAST, &json!({}))),
        ),
        (
            "expired-session",
            outcome(payment(json!({"status": "expired"}))),
        ),
        (
            "failed-try-again",
            failed(&subscribe(), "INVALID_CARD_NUMBER"),
        ),
        ("failed-try-again-unknown", failed(&pay(), "BRAND_NEW_CODE")),
        (
            "failed-start-again",
            failed(&pay(), "NOT_FOUND_PAYMENT_SESSION"),
        ),
        (
            "failed-start-again-window",
            State::Failed(pay(), "NOT_FOUND_PAYMENT_SESSION".into(), Stage::Window),
        ),
        ("failed-wait", failed(&pay(), "PROVIDER_ERROR")),
        (
            "failed-other-method",
            failed(&subscribe(), "REJECT_CARD_COMPANY"),
        ),
        (
            "failed-other-method-none",
            failed(&pay(), "REJECT_ACCOUNT_PAYMENT"),
        ),
        (
            "failed-card-company",
            failed(&subscribe(), "INVALID_REJECT_CARD"),
        ),
        ("failed-shop", failed(&pay(), "INVALID_API_KEY")),
        ("failed-shop-done", failed(&pay(), "DUPLICATED_ORDER_ID")),
        (
            "refused-address",
            match Return::parse("?paymentKey=t&paymentKey=t&orderId=order-0001&amount=54000") {
                Err(error) => refused(Refusal::Address(error)),
                Ok(back) => unreachable!("{back:?}"),
            },
        ),
        ("refused-amount", refused(Refusal::Amount)),
        ("refused-order", refused(Refusal::Order)),
        (
            "refused-customer",
            State::Refused(subscribe(), Refusal::Customer),
        ),
        ("refused-kind", refused(Refusal::Kind)),
        ("not-found", State::NotFound),
        (
            "misconfigured",
            State::Misconfigured(Misconfiguration::SecretKey),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Reason;

    #[test]
    fn every_screen_is_where_its_name_says_and_every_place_has_one() {
        let all = all(PAST);
        for (at, (name, state)) in all.iter().enumerate() {
            assert!(name.starts_with(place(state).name()), "{name}");
            assert!(all[..at].iter().all(|(other, _)| other != name), "{name}");
        }
        for wanted in Place::ALL {
            assert!(
                all.iter().any(|(_, state)| place(state) == *wanted),
                "{wanted:?} has no screen"
            );
        }
    }

    #[test]
    fn every_action_is_shown_with_every_severity_that_it_comes_with() {
        let all = all(PAST);
        let shown: Vec<_> = all
            .iter()
            .filter_map(|(_, state)| match state {
                State::Failed(_, code, _) => Some((reason(code).action(), reason(code).severity())),
                _ => None,
            })
            .collect();
        for reason in Reason::ALL {
            let wanted = (reason.action(), reason.severity());
            assert!(shown.contains(&wanted), "{reason:?}: {wanted:?}");
        }
    }
}
