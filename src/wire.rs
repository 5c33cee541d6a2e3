//! Reads the contract's answers from JavaScript objects. By hand: serde's reader for the same types
//! weighs a third of the whole page. The types' own constructors still judge every value.

use js_sys::{Array, Number, Reflect};
use toss_checkout_contract::{
    Amount, ApiError, AuthKey, BankAccount, Card, CashReceipt, CashReceiptType, ChargeResult,
    ChargeStatus, ClientKey, ConfirmRequest, Customer, CustomerKey, Failure, FailureCode, Interval,
    IssueRequest, Locale, Method, OrderId, PaymentKey, Plan, Session, SessionId, SessionKind,
    SessionResult, SessionStatus, Timestamp, ValueError, VirtualAccount, VirtualAccountOptions,
};
use wasm_bindgen::JsValue;

/// An object's field, `None` when it is absent or `null`.
fn field(of: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(of, &JsValue::from_str(name)).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

fn text(of: &JsValue, name: &str) -> Option<String> {
    field(of, name)?.as_string()
}

fn flag(of: &JsValue, name: &str) -> Option<bool> {
    field(of, name)?.as_bool()
}

/// A whole number that JavaScript holds exactly, not negative.
fn whole(of: &JsValue, name: &str) -> Option<u64> {
    let value = field(of, name)?;
    let number = value.as_f64()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked: whole, exact, not negative"
    )]
    (Number::is_safe_integer(&value) && number >= 0.0).then_some(number as u64)
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
    let amount = field(of, "amount")?;
    (text(&amount, "currency")? == "KRW").then_some(())?;
    Amount::won(whole(&amount, "value")?).ok()
}

/// What the name of one of several words stands for.
fn one_of<T: Copy>(word: Option<String>, words: &[(&str, T)]) -> Option<T> {
    let word = word?;
    words
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, value)| *value)
}

fn method(word: Option<String>) -> Option<Method> {
    let all = [Method::Card, Method::Transfer, Method::VirtualAccount];
    one_of(word, &all.map(|method| (method.as_str(), method)))
}

/// A session; `None` when something that it must have is missing or refused by its type.
pub(crate) fn session(of: &JsValue) -> Option<Session> {
    let status = SessionStatus::ALL.map(|status| (status.as_str(), status));
    let methods = Array::from(&field(of, "methods")?);
    Some(Session {
        id: parsed(of, "id", SessionId::new)?,
        kind: one_of(
            text(of, "kind"),
            &[
                ("payment", SessionKind::Payment),
                ("billing", SessionKind::Billing),
            ],
        )?,
        status: one_of(text(of, "status"), &status)?,
        revision: whole(of, "revision")?,
        order_id: order_id(of),
        order_name: text(of, "orderName")?,
        amount: amount(of),
        customer_key: customer_key(of)?,
        client_key: parsed(of, ClientKey::FIELD, ClientKey::new)?,
        // A method that this version does not know cannot be offered.
        methods: methods
            .iter()
            .filter_map(|word| method(word.as_string()))
            .collect(),
        customer: field(of, "customer")
            .map(|of| customer(&of))
            .unwrap_or_default(),
        virtual_account: field(of, "virtualAccount").map(|of| virtual_account_options(&of)),
        plan: field(of, "plan").and_then(|of| plan(&of)),
        charge_now: flag(of, "chargeNow").unwrap_or_default(),
        locale: one_of(
            text(of, "locale"),
            &[("ko", Locale::Ko), ("en", Locale::En)],
        ),
        return_url: text(of, "returnUrl"),
        expires_at: moment(of, "expiresAt")?,
        result: field(of, "result").map(|of| result(&of)),
    })
}

fn customer(of: &JsValue) -> Customer {
    Customer {
        name: text(of, "name"),
        email: text(of, "email"),
        mobile_phone: text(of, "mobilePhone"),
    }
}

fn virtual_account_options(of: &JsValue) -> VirtualAccountOptions {
    let receipts = [
        ("소득공제", CashReceiptType::IncomeDeduction),
        ("지출증빙", CashReceiptType::ProofOfExpense),
        ("미발행", CashReceiptType::None),
    ];
    VirtualAccountOptions {
        valid_hours: whole(of, "validHours").and_then(|hours| u16::try_from(hours).ok()),
        due_date: text(of, "dueDate"),
        cash_receipt: field(of, "cashReceipt")
            .and_then(|of| one_of(text(&of, "type"), &receipts))
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
        interval: one_of(text(of, "interval"), &intervals)?,
    })
}

fn result(of: &JsValue) -> SessionResult {
    SessionResult {
        method: method(text(of, "method")),
        card: field(of, "card").and_then(|of| {
            Some(Card {
                issuer_code: text(&of, "issuerCode")?,
                number: text(&of, "number")?,
                card_type: text(&of, "cardType"),
            })
        }),
        account: field(of, "account").and_then(|of| {
            Some(BankAccount {
                bank_name: text(&of, "bankName")?,
                account_number: text(&of, "accountNumber")?,
            })
        }),
        charge: field(of, "charge").and_then(|of| charge(&of)),
        virtual_account: field(of, "virtualAccount").and_then(|of| {
            Some(VirtualAccount {
                bank_code: text(&of, "bankCode")?,
                account_number: text(&of, "accountNumber")?,
                customer_name: text(&of, "customerName")?,
                due_date: moment(&of, "dueDate")?,
                depositor_name: text(&of, "depositorName"),
            })
        }),
        failure: failure(of),
        approved_at: moment(of, "approvedAt"),
        receipt_url: text(of, "receiptUrl"),
    }
}

fn charge(of: &JsValue) -> Option<ChargeResult> {
    let statuses = [
        ("pending", ChargeStatus::Pending),
        ("succeeded", ChargeStatus::Succeeded),
        ("declined", ChargeStatus::Declined),
        ("unknown", ChargeStatus::Unknown),
    ];
    Some(ChargeResult {
        status: one_of(text(of, "status"), &statuses)?,
        order_id: order_id(of)?,
        amount: amount(of)?,
        failure: failure(of),
        approved_at: moment(of, "approvedAt"),
        receipt_url: text(of, "receiptUrl"),
    })
}

fn failure(of: &JsValue) -> Option<Failure> {
    let of = field(of, "failure")?;
    Some(Failure {
        code: FailureCode::from(text(&of, "code")?.as_str()),
        message: text(&of, "message"),
    })
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
    Some(ConfirmRequest {
        payment_key: parsed(of, PaymentKey::FIELD, PaymentKey::new)?,
        order_id: order_id(of)?,
        amount: whole(of, "amount")?,
    })
}

/// Keys of a registration, as they were kept.
pub(crate) fn issue_request(of: &JsValue) -> Option<IssueRequest> {
    Some(IssueRequest {
        auth_key: parsed(of, AuthKey::FIELD, AuthKey::new)?,
        customer_key: customer_key(of)?,
    })
}
