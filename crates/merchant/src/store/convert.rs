//! Rows to records and back.

use serde::{Serialize, de::DeserializeOwned};
use toss_checkout_contract::{
    Amount, ClientKey, Consent, ConsentText, ConsentVersion, CustomerKey, FailureCode, Locale,
    OrderId, PaymentKey, Session, SessionId, SessionKind, SessionStatus,
};

use super::{
    StoreError,
    entities::{attempt, billing_key, session, webhook_event},
    records::{
        Attempt, AttemptFailure, AttemptKind, AttemptStatus, GivenConsent, SessionRecord,
        WebhookEvent,
    },
};
use crate::clock::Millis;

type Read<T> = Result<T, StoreError>;

fn corrupt(table: &'static str, what: &'static str) -> StoreError {
    StoreError::Corrupt { table, what }
}

/// JSON as text, in the shape of the contract.
pub(super) fn to_json(value: &impl Serialize) -> Read<String> {
    serde_json::to_string(value).map_err(|_| corrupt("sessions", "json"))
}

fn from_json<T: DeserializeOwned>(text: &str, what: &'static str) -> Read<T> {
    serde_json::from_str(text).map_err(|_| corrupt("sessions", what))
}

fn maybe_json<T: DeserializeOwned>(text: Option<&String>, what: &'static str) -> Read<Option<T>> {
    text.map(|text| from_json(text, what)).transpose()
}

/// A bare word of the contract's enums.
fn word<T: DeserializeOwned>(text: &str, what: &'static str) -> Read<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned()))
        .map_err(|_| corrupt("sessions", what))
}

pub(super) fn kind_text(kind: SessionKind) -> &'static str {
    match kind {
        SessionKind::Payment => "payment",
        SessionKind::Billing => "billing",
    }
}

pub(super) fn locale_text(locale: Locale) -> &'static str {
    match locale {
        Locale::Ko => "ko",
        Locale::En => "en",
    }
}

pub(super) fn to_i64(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn amount(value: i64, table: &'static str) -> Read<Amount> {
    u64::try_from(value)
        .ok()
        .and_then(|value| Amount::won(value).ok())
        .ok_or_else(|| corrupt(table, "amount"))
}

pub(super) fn session_record(row: &session::Model, client_key: &ClientKey) -> Read<SessionRecord> {
    let order_id = row
        .order_id
        .as_ref()
        .map(|text| OrderId::new(text).map_err(|_| corrupt("sessions", "order_id")))
        .transpose()?;
    let status: SessionStatus = word(&row.status, "status")?;
    let session = Session {
        id: SessionId::new(&row.id).map_err(|_| corrupt("sessions", "id"))?,
        kind: word(&row.kind, "kind")?,
        status,
        revision: u64::try_from(row.revision).map_err(|_| corrupt("sessions", "revision"))?,
        order_id,
        order_name: row.order_name.clone(),
        amount: row
            .amount
            .map(|value| amount(value, "sessions"))
            .transpose()?,
        customer_key: CustomerKey::new(&row.customer_key)
            .map_err(|_| corrupt("sessions", "customer_key"))?,
        client_key: client_key.clone(),
        methods: from_json(&row.methods, "methods")?,
        customer: from_json(&row.customer, "customer")?,
        virtual_account: maybe_json(row.virtual_account.as_ref(), "virtual_account")?,
        plan: maybe_json(row.plan.as_ref(), "plan")?,
        charge_now: row.charge_now,
        consent: maybe_json(row.consent.as_ref(), "consent")?,
        locale: row
            .locale
            .as_ref()
            .map(|text| word(text, "locale"))
            .transpose()?,
        return_url: row.return_url.clone(),
        expires_at: Millis(row.expires_at).kst(),
        result: maybe_json(row.result.as_ref(), "result")?,
    };
    Ok(SessionRecord {
        session,
        expires_at: Millis(row.expires_at),
        payment_key: row
            .payment_key
            .as_ref()
            .map(|text| PaymentKey::new(text).map_err(|_| corrupt("sessions", "payment_key")))
            .transpose()?,
        secret_digest: row.secret_digest.clone(),
        due_at: row.due_at.map(Millis),
        request_digest: row.request_digest.clone(),
    })
}

pub(super) fn attempt_record(row: attempt::Model) -> Read<Attempt> {
    const TABLE: &str = "attempts";
    let kind = match row.kind.as_str() {
        "confirm" => AttemptKind::Confirm,
        "issue" => AttemptKind::Issue,
        "charge" => AttemptKind::Charge,
        _ => return Err(corrupt(TABLE, "kind")),
    };
    let status = match row.status.as_str() {
        "pending" => AttemptStatus::Pending,
        "unknown" => AttemptStatus::Unknown,
        "succeeded" => AttemptStatus::Succeeded,
        "declined" => AttemptStatus::Declined,
        _ => return Err(corrupt(TABLE, "status")),
    };
    let failure = row.failure_code.map(|code| AttemptFailure {
        code: FailureCode::from(code.as_str()),
        message: row.failure_message.unwrap_or_default(),
        status: row
            .failure_status
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or(500),
    });
    Ok(Attempt {
        id: row.id,
        session_id: SessionId::new(row.session_id).map_err(|_| corrupt(TABLE, "session_id"))?,
        kind,
        key_digest: row.key_digest,
        sealed_key: row.sealed_key,
        idempotency_key: row.idempotency_key,
        order_id: row
            .order_id
            .map(|text| OrderId::new(text).map_err(|_| corrupt(TABLE, "order_id")))
            .transpose()?,
        amount: row.amount.map(|value| amount(value, TABLE)).transpose()?,
        status,
        failure,
        tries: u32::try_from(row.tries).unwrap_or(0),
        lease_until: Millis(row.lease_until),
        created_at: Millis(row.created_at),
        consent: row
            .consent
            .map(|text| serde_json::from_str(&text).map_err(|_| corrupt(TABLE, "consent")))
            .transpose()?,
    })
}

/// `None` where the caller did not ask the buyer.
pub(super) fn given_consent(row: billing_key::Model) -> Read<Option<GivenConsent>> {
    const TABLE: &str = "billing_keys";
    let (Some(version), Some(text), Some(at)) =
        (row.consent_version, row.consent_text, row.consent_at)
    else {
        return Ok(None);
    };
    Ok(Some(GivenConsent {
        consent: Consent {
            version: ConsentVersion::new(version).map_err(|_| corrupt(TABLE, "consent_version"))?,
            text: ConsentText::new(text).map_err(|_| corrupt(TABLE, "consent_text"))?,
        },
        at: Millis(at),
    }))
}

pub(super) fn webhook_record(row: webhook_event::Model) -> Read<WebhookEvent> {
    Ok(WebhookEvent {
        seq: row.seq,
        transmission_id: row.transmission_id,
        event_type: row.event_type,
        order_id: row
            .order_id
            .map(|text| OrderId::new(text).map_err(|_| corrupt("webhook_events", "order_id")))
            .transpose()?,
        claimed_status: row.claimed_status,
        secret_digest: row.secret_digest,
        tries: u32::try_from(row.tries).unwrap_or(0),
        next_try_at: Millis(row.next_try_at),
    })
}
