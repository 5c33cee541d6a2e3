//! Refunds.

use sea_orm::ActiveValue::Set;

use super::{Unreadable, amount, to_i64, to_u64};
use crate::{
    application::change::RefundUpdate,
    domain::{
        refund::{Refund, RefundStatus},
        time::Millis,
    },
    store::{
        columns::{Json, Text},
        entities::refund::{ActiveModel, Model},
    },
};

pub(in crate::store) fn record(row: Model) -> Result<Refund, Unreadable> {
    Ok(Refund {
        id: row.id.0,
        payment_id: row.payment_id.0,
        shop_id: row.shop_id.0,
        request_key: row.request_key,
        amount: amount(row.amount, row.currency.0)?,
        expected_balance: row
            .expected_balance
            .map(|value| to_u64(value, "expected_balance"))
            .transpose()?,
        status: row.status.0,
        origin: row.origin.0,
        transaction_key: row.transaction_key,
        sealed_account: row.sealed_account,
        details: row.details.0,
        created_at: row.created_at,
    })
}

pub(in crate::store) fn row(refund: Refund) -> ActiveModel {
    ActiveModel {
        id: Set(Text(refund.id)),
        payment_id: Set(Text(refund.payment_id)),
        shop_id: Set(Text(refund.shop_id)),
        request_key: Set(refund.request_key),
        amount: Set(to_i64(refund.amount.value())),
        currency: Set(Text(refund.amount.currency())),
        expected_balance: Set(refund.expected_balance.map(to_i64)),
        status: Set(Text(refund.status)),
        origin: Set(Text(refund.origin)),
        transaction_key: Set(refund.transaction_key),
        sealed_account: Set(refund.sealed_account),
        details: Set(Json(refund.details)),
        created_at: Set(refund.created_at),
        updated_at: Set(refund.created_at),
    }
}

/// The account is needed until the refund is settled, and no longer.
pub(in crate::store) fn update(update: RefundUpdate, now: Millis) -> ActiveModel {
    let mut row = ActiveModel {
        status: Set(Text(update.status)),
        transaction_key: Set(update.transaction_key),
        details: Set(Json(update.details)),
        updated_at: Set(now),
        ..ActiveModel::default()
    };
    if update.status != RefundStatus::Pending {
        row.sealed_account = Set(None);
    }
    row
}
