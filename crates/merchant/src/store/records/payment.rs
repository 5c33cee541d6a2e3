//! Payments.

use sea_orm::ActiveValue::{NotSet, Set};

use super::{Unreadable, amount, edited, to_i32, to_i64, to_u64, work};
use crate::{
    application::change::PaymentPatch,
    domain::{payment::Payment, time::Millis},
    store::{
        columns::{Json, Text},
        entities::payment::{ActiveModel, Model},
    },
};

pub(in crate::store) fn record(row: Model) -> Result<Payment, Unreadable> {
    Ok(Payment {
        id: row.id.0,
        shop_id: row.shop_id.0,
        order_id: row.order_id.0,
        purpose: row.purpose.0,
        session_id: row.session_id.map(|it| it.0),
        payment_method_id: row.payment_method_id.map(|it| it.0),
        customer_key: row.customer_key.0,
        order_name: row.order_name,
        customer: row.customer.0,
        amount: amount(row.amount, row.currency.0)?,
        balance: to_u64(row.balance, "balance")?,
        status: row.status.0,
        revision: to_u64(row.revision, "revision")?,
        payment_key: row.payment_key.map(|it| it.0),
        secret_digest: row.secret_digest,
        details: row.details.0,
        approved_at: row.approved_at,
        due_at: row.due_at,
        created_at: row.created_at,
        work: work(row.next_action_at, row.lease_no, row.tries),
        needs_attention: row.needs_attention,
    })
}

pub(in crate::store) fn row(payment: Payment) -> ActiveModel {
    ActiveModel {
        seq: NotSet,
        id: Set(Text(payment.id)),
        shop_id: Set(Text(payment.shop_id)),
        order_id: Set(Text(payment.order_id)),
        purpose: Set(Text(payment.purpose)),
        session_id: Set(payment.session_id.map(Text)),
        payment_method_id: Set(payment.payment_method_id.map(Text)),
        customer_key: Set(Text(payment.customer_key)),
        order_name: Set(payment.order_name),
        customer: Set(Json(payment.customer)),
        amount: Set(to_i64(payment.amount.value())),
        currency: Set(Text(payment.amount.currency())),
        balance: Set(to_i64(payment.balance)),
        status: Set(Text(payment.status)),
        revision: Set(to_i64(payment.revision)),
        payment_key: Set(payment.payment_key.map(Text)),
        secret_digest: Set(payment.secret_digest),
        details: Set(Json(payment.details)),
        approved_at: Set(payment.approved_at),
        due_at: Set(payment.due_at),
        created_at: Set(payment.created_at),
        updated_at: Set(payment.created_at),
        next_action_at: Set(payment.work.next_action_at),
        lease_no: Set(payment.work.lease_no),
        tries: Set(to_i32(payment.work.tries)),
        needs_attention: Set(payment.needs_attention),
    }
}

pub(in crate::store) fn patch(patch: PaymentPatch, now: Millis) -> ActiveModel {
    let mut row = ActiveModel {
        updated_at: Set(now),
        ..ActiveModel::default()
    };
    if let Some(status) = patch.status {
        row.status = Set(Text(status));
    }
    if let Some(balance) = patch.balance {
        row.balance = Set(to_i64(balance));
    }
    if let Some(key) = patch.payment_key {
        row.payment_key = Set(Some(Text(key)));
    }
    if let Some(digest) = patch.secret_digest {
        row.secret_digest = Set(Some(digest));
    }
    if let Some(details) = patch.details {
        row.details = Set(Json(details));
    }
    row.approved_at = edited(patch.approved_at);
    if let Some(at) = patch.due_at {
        row.due_at = Set(Some(at));
    }
    row.next_action_at = edited(patch.next_action_at);
    row.needs_attention = edited(patch.needs_attention);
    row
}
