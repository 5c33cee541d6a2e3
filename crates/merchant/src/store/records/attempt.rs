//! Attempts.

use sea_orm::ActiveValue::Set;

use super::{Unreadable, maybe_amount, to_i32, to_i64, work};
use crate::{
    application::change::Settlement,
    domain::{
        attempt::{Attempt, AttemptFailure, AttemptStatus},
        charge::{ChargeOf, Trigger},
        ids::InvoiceId,
        time::Millis,
    },
    store::{
        columns::{Json, Text},
        entities::attempt::{ActiveModel, Model},
    },
};

pub(in crate::store) fn record(row: Model) -> Result<Attempt, Unreadable> {
    let failure = row.failure_code.map(|code| AttemptFailure {
        code: code.0,
        message: row.failure_message.unwrap_or_default(),
        status: row
            .failure_status
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or(500),
    });
    Ok(Attempt {
        id: row.id.0,
        kind: row.kind.0,
        shop_id: row.shop_id.0,
        session_id: row.session_id.map(|it| it.0),
        payment_id: row.payment_id.map(|it| it.0),
        payment_method_id: row.payment_method_id.map(|it| it.0),
        refund_id: row.refund_id.map(|it| it.0),
        charge: charge(row.invoice_id, row.charge_no, row.charge_trigger)?,
        key_digest: row.key_digest,
        sealed_key: row.sealed_key,
        idempotency_key: row.idempotency_key,
        key_fingerprint: row.key_fingerprint,
        order_id: row.order_id.map(|it| it.0),
        amount: maybe_amount(row.amount, row.currency)?,
        status: row.status.0,
        failure,
        consent: row.consent.map(|it| it.0),
        sent_at: row.sent_at,
        fault_at: row.fault_at,
        settled_at: row.settled_at,
        created_at: row.created_at,
        work: work(row.next_action_at, row.lease_no, row.tries),
        needs_attention: row.needs_attention,
    })
}

pub(in crate::store) fn row(attempt: Attempt) -> ActiveModel {
    let (code, message, status) = failure(attempt.failure);
    let charge = attempt.charge;
    ActiveModel {
        id: Set(Text(attempt.id)),
        kind: Set(Text(attempt.kind)),
        shop_id: Set(Text(attempt.shop_id)),
        session_id: Set(attempt.session_id.map(Text)),
        payment_id: Set(attempt.payment_id.map(Text)),
        payment_method_id: Set(attempt.payment_method_id.map(Text)),
        refund_id: Set(attempt.refund_id.map(Text)),
        invoice_id: Set(charge.as_ref().map(|it| Text(it.invoice_id.clone()))),
        charge_no: Set(charge.as_ref().map(|it| i64::from(it.no))),
        charge_trigger: Set(charge.map(|it| Text(it.trigger))),
        key_digest: Set(attempt.key_digest),
        sealed_key: Set(attempt.sealed_key),
        idempotency_key: Set(attempt.idempotency_key),
        key_fingerprint: Set(attempt.key_fingerprint),
        order_id: Set(attempt.order_id.map(Text)),
        amount: Set(attempt.amount.map(|amount| to_i64(amount.value()))),
        currency: Set(attempt.amount.map(|amount| Text(amount.currency()))),
        status: Set(Text(attempt.status)),
        failure_code: Set(code),
        failure_message: Set(message),
        failure_status: Set(status),
        consent: Set(attempt.consent.map(Json)),
        sent_at: Set(attempt.sent_at),
        fault_at: Set(attempt.fault_at),
        settled_at: Set(attempt.settled_at),
        created_at: Set(attempt.created_at),
        updated_at: Set(attempt.created_at),
        next_action_at: Set(attempt.work.next_action_at),
        lease_no: Set(attempt.work.lease_no),
        tries: Set(to_i32(attempt.work.tries)),
        needs_attention: Set(attempt.needs_attention),
    }
}

fn charge(
    invoice_id: Option<Text<InvoiceId>>,
    no: Option<i64>,
    trigger: Option<Text<Trigger>>,
) -> Result<Option<ChargeOf>, Unreadable> {
    let (Some(invoice_id), Some(no), Some(trigger)) = (invoice_id, no, trigger) else {
        return Ok(None);
    };
    Ok(Some(ChargeOf {
        invoice_id: invoice_id.0,
        no: u32::try_from(no).map_err(|_| format!("charge_no is {no}"))?,
        trigger: trigger.0,
    }))
}

type Failure = (
    Option<Text<toss_checkout_contract::FailureCode>>,
    Option<String>,
    Option<i32>,
);

fn failure(failure: Option<AttemptFailure>) -> Failure {
    match failure {
        Some(failure) => (
            Some(Text(failure.code)),
            Some(failure.message),
            Some(i32::from(failure.status)),
        ),
        None => (None, None, None),
    }
}

/// What Toss said against it.
fn say(row: &mut ActiveModel, said: Option<AttemptFailure>) {
    let (code, message, status) = failure(said);
    row.failure_code = Set(code);
    row.failure_message = Set(message);
    row.failure_status = Set(status);
}

/// What a settlement writes, and the statuses from which it may come.
pub(in crate::store) fn settlement(
    settlement: Settlement,
    now: Millis,
) -> (ActiveModel, &'static [AttemptStatus]) {
    let mut row = ActiveModel {
        updated_at: Set(now),
        ..ActiveModel::default()
    };
    let (status, from) = match settlement {
        Settlement::Succeeded => {
            say(&mut row, None);
            (AttemptStatus::Succeeded, &AttemptStatus::OPEN[..])
        }
        Settlement::Declined(refusal) => {
            say(&mut row, Some(refusal));
            (AttemptStatus::Declined, &AttemptStatus::OPEN[..])
        }
        Settlement::Fault(again, fault) => {
            say(&mut row, Some(fault));
            row.fault_at = Set(Some(now));
            row.next_action_at = Set(Some(again));
            (AttemptStatus::Unknown, &AttemptStatus::OPEN[..])
        }
        Settlement::Unknown(again) => {
            row.next_action_at = Set(Some(again));
            (AttemptStatus::Unknown, &AttemptStatus::OPEN[..])
        }
        Settlement::PaysAfterAll => {
            say(&mut row, None);
            (AttemptStatus::Succeeded, &[AttemptStatus::Declined][..])
        }
        Settlement::Surplus => (AttemptStatus::Surplus, &[AttemptStatus::Declined][..]),
    };
    if status != AttemptStatus::Unknown {
        row.settled_at = Set(Some(now));
        row.next_action_at = Set(None);
        row.needs_attention = Set(None);
    }
    row.status = Set(Text(status));
    (row, from)
}
