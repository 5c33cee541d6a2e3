//! Sessions.

use sea_orm::ActiveValue::{NotSet, Set};
use toss_checkout_contract::{ClientKey, Session};

use super::{Unreadable, edited, maybe_amount, to_i32, to_i64, to_u64, work};
use crate::{
    domain::{
        session::{SessionPatch, SessionRecord},
        time::Millis,
    },
    store::{
        columns::{Json, Text},
        entities::session::{ActiveModel, Model},
    },
};

pub(in crate::store) fn record(
    row: Model,
    client_key: ClientKey,
) -> Result<SessionRecord, Unreadable> {
    let session = Session {
        id: row.id.0,
        kind: row.kind.0,
        status: row.status.0,
        revision: to_u64(row.revision, "revision")?,
        order_id: row.order_id.map(|it| it.0),
        order_name: row.order_name,
        amount: maybe_amount(row.amount, row.currency)?,
        customer_key: row.customer_key.0,
        client_key,
        methods: row.methods.0,
        customer: row.customer.0,
        virtual_account: row.virtual_account.map(|it| it.0),
        card: row.card.map(|it| it.0),
        foreign_easy_pay: row.foreign_easy_pay.map(|it| it.0),
        plan: row.plan.map(|it| it.0),
        charge_now: row.charge_now,
        consent: row.consent.map(|it| it.0),
        locale: row.locale.map(|it| it.0),
        return_url: row.return_url,
        expires_at: row.expires_at.kst(),
        now: None,
        result: row.result.map(|it| it.0),
    };
    Ok(SessionRecord {
        session,
        shop_id: row.shop_id.0,
        payment_id: row.payment_id.map(|it| it.0),
        payment_method_id: row.payment_method_id.map(|it| it.0),
        subscribe: row.subscribe,
        replaces_method_of: row.replaces_method_of.map(|it| it.0),
        consent_given: row.consent_given.map(|it| it.0),
        expires_at: row.expires_at,
        idempotency_key: row.idempotency_key,
        request_digest: row.request_digest,
        created_at: row.created_at,
        work: work(row.next_action_at, row.lease_no, row.tries),
        needs_attention: row.needs_attention,
    })
}

pub(in crate::store) fn row(record: SessionRecord) -> ActiveModel {
    let session = record.session;
    ActiveModel {
        seq: NotSet,
        id: Set(Text(session.id)),
        kind: Set(Text(session.kind)),
        status: Set(Text(session.status)),
        revision: Set(to_i64(session.revision)),
        order_id: Set(session.order_id.map(Text)),
        order_name: Set(session.order_name),
        amount: Set(session.amount.map(|amount| to_i64(amount.value()))),
        currency: Set(session.amount.map(|amount| Text(amount.currency()))),
        customer_key: Set(Text(session.customer_key)),
        methods: Set(Json(session.methods)),
        customer: Set(Json(session.customer)),
        virtual_account: Set(session.virtual_account.map(Json)),
        card: Set(session.card.map(Json)),
        foreign_easy_pay: Set(session.foreign_easy_pay.map(Json)),
        plan: Set(session.plan.map(Json)),
        charge_now: Set(session.charge_now),
        subscribe: Set(record.subscribe),
        replaces_method_of: Set(record.replaces_method_of.map(Text)),
        consent: Set(session.consent.map(Json)),
        consent_given: Set(record.consent_given.map(Json)),
        locale: Set(session.locale.map(Text)),
        return_url: Set(session.return_url),
        expires_at: Set(record.expires_at),
        result: Set(session.result.map(Json)),
        idempotency_key: Set(record.idempotency_key),
        request_digest: Set(record.request_digest),
        shop_id: Set(Text(record.shop_id)),
        payment_id: Set(record.payment_id.map(Text)),
        payment_method_id: Set(record.payment_method_id.map(Text)),
        created_at: Set(record.created_at),
        updated_at: Set(record.created_at),
        next_action_at: Set(record.work.next_action_at),
        lease_no: Set(record.work.lease_no),
        tries: Set(to_i32(record.work.tries)),
        needs_attention: Set(record.needs_attention),
    }
}

pub(in crate::store) fn patch(patch: SessionPatch, now: Millis) -> ActiveModel {
    let mut row = ActiveModel {
        updated_at: Set(now),
        ..ActiveModel::default()
    };
    if let Some(status) = patch.status {
        row.status = Set(Text(status));
    }
    if let Some(result) = patch.result {
        row.result = Set(Some(Json(result)));
    }
    if let Some(payment) = patch.payment_id {
        row.payment_id = Set(Some(Text(payment)));
    }
    if let Some(method) = patch.payment_method_id {
        row.payment_method_id = Set(Some(Text(method)));
    }
    if let Some(consent) = patch.consent_given {
        row.consent_given = Set(Some(Json(consent)));
    }
    row.next_action_at = edited(patch.next_action_at);
    row
}
