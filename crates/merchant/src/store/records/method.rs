//! Registered cards and accounts.

use sea_orm::ActiveValue::{NotSet, Set};

use super::{Unreadable, edited, to_i32, to_i64, to_u64, work};
use crate::{
    application::change::PaymentMethodPatch,
    domain::{payment_method::PaymentMethod, time::Millis},
    store::{
        columns::{Json, Text},
        entities::payment_method::{ActiveModel, Model},
    },
};

pub(in crate::store) fn record(row: Model) -> Result<PaymentMethod, Unreadable> {
    Ok(PaymentMethod {
        id: row.id.0,
        shop_id: row.shop_id.0,
        customer_key: row.customer_key.0,
        session_id: row.session_id.map(|it| it.0),
        method: row.method.map(|it| it.0),
        sealed_key: row.sealed_key,
        key_digest: row.key_digest,
        display: row.display.0,
        status: row.status.0,
        dead_code: row.dead_code.map(|it| it.0),
        consent: row.consent.map(|it| it.0),
        revision: to_u64(row.revision, "revision")?,
        created_at: row.created_at,
        work: work(row.next_action_at, row.lease_no, row.tries),
        needs_attention: row.needs_attention,
    })
}

pub(in crate::store) fn row(method: PaymentMethod) -> ActiveModel {
    ActiveModel {
        seq: NotSet,
        id: Set(Text(method.id)),
        shop_id: Set(Text(method.shop_id)),
        customer_key: Set(Text(method.customer_key)),
        session_id: Set(method.session_id.map(Text)),
        method: Set(method.method.map(Text)),
        sealed_key: Set(method.sealed_key),
        key_digest: Set(method.key_digest),
        display: Set(Json(method.display)),
        status: Set(Text(method.status)),
        dead_code: Set(method.dead_code.map(Text)),
        consent: Set(method.consent.map(Json)),
        revision: Set(to_i64(method.revision)),
        created_at: Set(method.created_at),
        updated_at: Set(method.created_at),
        next_action_at: Set(method.work.next_action_at),
        lease_no: Set(method.work.lease_no),
        tries: Set(to_i32(method.work.tries)),
        needs_attention: Set(method.needs_attention),
    }
}

pub(in crate::store) fn patch(patch: PaymentMethodPatch, now: Millis) -> ActiveModel {
    let mut row = ActiveModel {
        updated_at: Set(now),
        ..ActiveModel::default()
    };
    if let Some(status) = patch.status {
        row.status = Set(Text(status));
    }
    if let Some(display) = patch.display {
        row.display = Set(Json(display));
    }
    if let Some(code) = patch.dead_code {
        row.dead_code = Set(Some(Text(code)));
    }
    row.next_action_at = edited(patch.next_action_at);
    row.needs_attention = edited(patch.needs_attention);
    row
}
