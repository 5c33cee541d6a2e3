//! Reads the contract's answers from JavaScript objects. By hand: serde's reader for the same types
//! weighs a third of the whole page. The types' own constructors still judge every value.
#![expect(
    clippy::disallowed_types,
    reason = "JSON is made of JavaScript's values; what leaves this room is typed"
)]

mod write;

use toss_checkout_contract::{
    Amount, ApiError, AuthKey, BankAccount, Card, CashReceipt, CashReceiptType, ChargeResult,
    ChargeStatus, ClientKey, ConfirmRequest, Consent, ConsentText, ConsentVersion, Customer,
    CustomerKey, Failure, FailureCode, Interval, IssueRequest, Locale, Method, OrderId, PaymentKey,
    Plan, Session, SessionId, SessionKind, SessionResult, SessionStatus, Timestamp, ValueError,
    VirtualAccount, VirtualAccountOptions,
};
use wasm_bindgen::JsValue;

use crate::{
    browser::{self, field, flag, text, words},
    config::{self, Config},
    flow::Trouble,
};

pub(crate) use write::{consent_value, detail, keys, nothing, report};

/// The field of a consent.
const CONSENT: &str = "consent";

/// A whole number that JavaScript holds exactly, not negative.
fn whole(of: &JsValue, name: &str) -> Option<u64> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole, exact, not negative"
    )]
    browser::whole(of, name).map(|number| number as u64)
}

fn parsed<T>(
    of: &JsValue,
    name: &str,
    parse: impl Fn(String) -> Result<T, ValueError>,
) -> Option<T> {
    parse(text(of, name)?).ok()
}

fn order_id(of: &JsValue) -> Option<OrderId> {
    parsed(of, OrderId::FIELD, OrderId::new)
}

fn customer_key(of: &JsValue) -> Option<CustomerKey> {
    parsed(of, CustomerKey::FIELD, CustomerKey::new)
}

fn moment(of: &JsValue, name: &str) -> Option<Timestamp> {
    parsed(of, name, Timestamp::new)
}

fn amount(of: &JsValue) -> Option<Amount> {
    let amount = field(of, "amount");
    match text(&amount, "currency").as_deref() {
        Some("KRW") => Amount::won(whole(&amount, "value")?).ok(),
        _ => None,
    }
}

/// What the name of one of several words stands for.
fn one_of<T: Copy>(word: Option<&str>, words: &[(&str, T)]) -> Option<T> {
    let word = word?;
    words
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, value)| *value)
}

fn method(word: &str) -> Option<Method> {
    let all = [Method::Card, Method::Transfer, Method::VirtualAccount];
    one_of(Some(word), &all.map(|method| (method.as_str(), method)))
}

/// Reads a session. Its client key is looked at first: a secret key in its place is to be named, not
/// to be reported as an answer that cannot be read.
pub(crate) fn session(config: &Config, answer: &JsValue) -> Result<Session, Trouble> {
    let client_key = match (&config.client_key, text(answer, ClientKey::FIELD)) {
        (Some(key), _) => key.clone(),
        (None, Some(text)) => config::client_key(&text).map_err(Trouble::Misconfigured)?,
        (None, None) => return Err(Trouble::Garbled { status: 200 }),
    };
    read_session(answer, client_key).ok_or(Trouble::Garbled { status: 200 })
}

/// A session; `None` when something that it must have is missing or refused by its type. The client
/// key is the caller's to judge.
fn read_session(of: &JsValue, client_key: ClientKey) -> Option<Session> {
    let kind = SessionKind::ALL.map(|kind| (kind.as_str(), kind));
    let kind = one_of(text(of, "kind").as_deref(), &kind);
    let status = SessionStatus::ALL.map(|status| (status.as_str(), status));
    // All that can fail in one place: every other exit would have to clean up what was read before.
    let (Some(id), Some(kind), Some(status), Some(revision), Some(order_name)) = (
        parsed(of, "id", SessionId::new),
        kind,
        one_of(text(of, "status").as_deref(), &status),
        whole(of, "revision"),
        text(of, "orderName"),
    ) else {
        return None;
    };
    let (Some(customer_key), Some(expires_at), Some(methods)) = (
        customer_key(of),
        moment(of, "expiresAt"),
        words(of, "methods"),
    ) else {
        return None;
    };
    Some(Session {
        id,
        kind,
        status,
        revision,
        order_id: order_id(of),
        order_name,
        amount: amount(of),
        customer_key,
        client_key,
        // A method that this version does not know, or that does not fit the kind, cannot be offered.
        methods: methods
            .split(',')
            .filter_map(method)
            .filter(|method| kind.takes(*method))
            .collect(),
        customer: customer(&field(of, "customer")),
        virtual_account: exists(field(of, "virtualAccount")).map(|of| virtual_account_options(&of)),
        plan: plan(&field(of, "plan")),
        charge_now: flag(of, "chargeNow").unwrap_or_default(),
        consent: consent(&field(of, CONSENT)),
        locale: one_of(
            text(of, "locale").as_deref(),
            &[("ko", Locale::Ko), ("en", Locale::En)],
        ),
        return_url: text(of, "returnUrl"),
        expires_at,
        result: exists(field(of, "result")).map(|of| result(&of)),
    })
}

fn exists(value: JsValue) -> Option<JsValue> {
    value.is_object().then_some(value)
}

fn customer(of: &JsValue) -> Customer {
    Customer {
        name: text(of, "name"),
        email: text(of, "email"),
        mobile_phone: text(of, "mobilePhone"),
    }
}

fn virtual_account_options(of: &JsValue) -> VirtualAccountOptions {
    let receipts = CashReceiptType::ALL.map(|kind| (kind.as_str(), kind));
    VirtualAccountOptions {
        valid_hours: whole(of, "validHours").and_then(|hours| u16::try_from(hours).ok()),
        due_date: text(of, "dueDate"),
        cash_receipt: one_of(
            text(&field(of, "cashReceipt"), "type").as_deref(),
            &receipts,
        )
        .map(|kind| CashReceipt { kind }),
        use_escrow: flag(of, "useEscrow"),
        show_customer_mobile_phone: flag(of, "showCustomerMobilePhone"),
    }
}

fn plan(of: &JsValue) -> Option<Plan> {
    let intervals = [
        ("day", Interval::Day),
        ("week", Interval::Week),
        ("month", Interval::Month),
        ("year", Interval::Year),
    ];
    Some(Plan {
        amount: amount(of)?,
        interval: one_of(text(of, "interval").as_deref(), &intervals)?,
    })
}

fn result(of: &JsValue) -> SessionResult {
    SessionResult {
        method: text(of, "method").and_then(|word| method(&word)),
        card: card(&field(of, "card")),
        account: account(&field(of, "account")),
        charge: charge(&field(of, "charge")),
        virtual_account: virtual_account(&field(of, "virtualAccount")),
        failure: failure(of),
        approved_at: moment(of, "approvedAt"),
        reversed_at: moment(of, "reversedAt"),
        receipt_url: text(of, "receiptUrl"),
    }
}

fn card(of: &JsValue) -> Option<Card> {
    let (Some(issuer_code), Some(number)) = (text(of, "issuerCode"), text(of, "number")) else {
        return None;
    };
    Some(Card {
        issuer_code,
        number,
        card_type: text(of, "cardType"),
    })
}

fn account(of: &JsValue) -> Option<BankAccount> {
    let (Some(bank_name), Some(account_number)) = (text(of, "bankName"), text(of, "accountNumber"))
    else {
        return None;
    };
    Some(BankAccount {
        bank_name,
        account_number,
    })
}

fn virtual_account(of: &JsValue) -> Option<VirtualAccount> {
    let (Some(bank_code), Some(account_number), Some(customer_name), Some(due_date)) = (
        text(of, "bankCode"),
        text(of, "accountNumber"),
        text(of, "customerName"),
        moment(of, "dueDate"),
    ) else {
        return None;
    };
    Some(VirtualAccount {
        bank_code,
        account_number,
        customer_name,
        due_date,
        depositor_name: text(of, "depositorName"),
    })
}

fn charge(of: &JsValue) -> Option<ChargeResult> {
    let statuses = ChargeStatus::ALL.map(|status| (status.as_str(), status));
    let (Some(status), Some(order_id), Some(amount)) = (
        one_of(text(of, "status").as_deref(), &statuses),
        order_id(of),
        amount(of),
    ) else {
        return None;
    };
    Some(ChargeResult {
        status,
        order_id,
        amount,
        failure: failure(of),
        approved_at: moment(of, "approvedAt"),
        receipt_url: text(of, "receiptUrl"),
    })
}

fn failure(of: &JsValue) -> Option<Failure> {
    let of = field(of, "failure");
    Some(Failure {
        code: FailureCode::from(text(&of, "code")?.as_str()),
        message: text(&of, "message"),
    })
}

/// What is to be agreed to, or was.
pub(crate) fn consent(of: &JsValue) -> Option<Consent> {
    let (Some(version), Some(text)) = (
        parsed(of, ConsentVersion::FIELD, ConsentVersion::new),
        parsed(of, ConsentText::FIELD, ConsentText::new),
    ) else {
        return None;
    };
    Some(Consent { version, text })
}

/// The backend's error.
pub(crate) fn api_error(of: &JsValue) -> Option<ApiError> {
    Some(ApiError {
        code: text(of, "code")?,
        message: text(of, "message").unwrap_or_default(),
        retryable: flag(of, "retryable").unwrap_or_default(),
        trace_id: text(of, "traceId").unwrap_or_default(),
    })
}

/// Keys of a payment, as they were kept.
pub(crate) fn confirm_request(of: &JsValue) -> Option<ConfirmRequest> {
    let (Some(payment_key), Some(order_id), Some(amount)) = (
        parsed(of, PaymentKey::FIELD, PaymentKey::new),
        order_id(of),
        whole(of, "amount"),
    ) else {
        return None;
    };
    Some(ConfirmRequest {
        payment_key,
        order_id,
        amount,
    })
}

/// Keys of a registration, as they were kept.
pub(crate) fn issue_request(of: &JsValue) -> Option<IssueRequest> {
    let (Some(auth_key), Some(customer_key)) =
        (parsed(of, AuthKey::FIELD, AuthKey::new), customer_key(of))
    else {
        return None;
    };
    Some(IssueRequest {
        auth_key,
        customer_key,
        consent: consent(&field(of, CONSENT)),
    })
}
