//! Subscriptions, their invoices, and what customers agreed to.

use sea_orm::ActiveValue::{NotSet, Set};
use toss_checkout_contract::Currency;

use super::{Unreadable, to_i32, to_i64, to_u64, work};
use crate::{
    domain::{
        subscription::{
            Subscription,
            consent::{ConsentRecord, Device},
            invoice::Invoice,
            notice::Notice,
            notice_delivery::{NoticeDelivery, Report},
        },
        time::Millis,
    },
    store::{
        columns::{Json, Text},
        entities::{consent, invoice, notice, notice_delivery, subscription},
    },
};

pub(in crate::store) fn record(row: subscription::Model) -> Result<Subscription, Unreadable> {
    Ok(Subscription {
        id: row.id.0,
        shop_id: row.shop_id.0,
        customer_key: row.customer_key.0,
        payment_method_id: row.payment_method_id.0,
        status: row.status.0,
        revision: to_u64(row.revision, "revision")?,
        order_name: row.order_name,
        state: row.state.0,
        created_at: row.created_at,
        work: work(row.next_action_at, row.lease_no, row.tries),
        needs_attention: row.needs_attention,
    })
}

pub(in crate::store) fn row(subscription: Subscription) -> subscription::ActiveModel {
    subscription::ActiveModel {
        id: Set(Text(subscription.id.clone())),
        customer_key: Set(Text(subscription.customer_key.clone())),
        created_at: Set(subscription.created_at),
        lease_no: Set(subscription.work.lease_no),
        tries: Set(to_i32(subscription.work.tries)),
        next_action_at: Set(subscription.work.next_action_at),
        ..change(subscription, Millis(0))
    }
}

/// Everything that may change.
pub(in crate::store) fn change(new: Subscription, now: Millis) -> subscription::ActiveModel {
    subscription::ActiveModel {
        seq: NotSet,
        shop_id: Set(Text(new.shop_id)),
        payment_method_id: Set(Text(new.payment_method_id)),
        status: Set(Text(new.status)),
        revision: Set(to_i64(new.revision)),
        order_name: Set(new.order_name),
        state: Set(Json(new.state)),
        updated_at: Set(now.max(new.created_at)),
        needs_attention: Set(new.needs_attention),
        ..subscription::ActiveModel::default()
    }
}

pub(in crate::store) fn invoice(row: invoice::Model) -> Result<Invoice, Unreadable> {
    let period_no = u32::try_from(row.period_no);
    Ok(Invoice {
        id: row.id.0,
        subscription_id: row.subscription_id.0,
        kind: row.kind.0,
        period_no: period_no.map_err(|_| format!("period_no is {}", row.period_no))?,
        request_key: row.request_key,
        amount: to_u64(row.amount, "amount")?,
        status: row.status.0,
        state: row.state.0,
        created_at: row.created_at,
        paid_at: row.paid_at,
    })
}

pub(in crate::store) fn invoice_row(invoice: Invoice) -> invoice::ActiveModel {
    invoice::ActiveModel {
        id: Set(Text(invoice.id.clone())),
        subscription_id: Set(Text(invoice.subscription_id.clone())),
        kind: Set(Text(invoice.kind)),
        period_no: Set(i64::from(invoice.period_no)),
        request_key: Set(invoice.request_key.clone()),
        amount: Set(to_i64(invoice.amount)),
        currency: Set(Text(Currency::Krw)),
        created_at: Set(invoice.created_at),
        ..invoice_change(invoice, Millis(0))
    }
}

/// Everything of an invoice that may change: never its sum.
pub(in crate::store) fn invoice_change(new: Invoice, now: Millis) -> invoice::ActiveModel {
    invoice::ActiveModel {
        status: Set(Text(new.status)),
        state: Set(Json(new.state)),
        paid_at: Set(new.paid_at),
        updated_at: Set(now.max(new.created_at)),
        ..invoice::ActiveModel::default()
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "rows are read by functions that may fail"
)]
pub(in crate::store) fn consent(row: consent::Model) -> Result<ConsentRecord, Unreadable> {
    Ok(ConsentRecord {
        id: row.id.0,
        subscription_id: row.subscription_id.0,
        customer_key: row.customer_key.0,
        kind: row.kind.0,
        before: row.terms_before.0,
        after: row.terms_after.0,
        effective_at: row.effective_at,
        text_version: row.text_version,
        text: row.text,
        method_label: row.method_label,
        channel: row.channel,
        device: Device {
            ip: row.ip.map(|ip| ip.0),
            user_agent: row.user_agent,
        },
        given_at: row.given_at,
        prev_hash: row.prev_hash,
        hash: row.hash,
    })
}

pub(in crate::store) fn consent_row(consent: ConsentRecord) -> consent::ActiveModel {
    consent::ActiveModel {
        seq: NotSet,
        id: Set(Text(consent.id)),
        subscription_id: Set(Text(consent.subscription_id)),
        customer_key: Set(Text(consent.customer_key)),
        kind: Set(Text(consent.kind)),
        terms_before: Set(Json(consent.before)),
        terms_after: Set(Json(consent.after)),
        effective_at: Set(consent.effective_at),
        text_version: Set(consent.text_version),
        text: Set(consent.text),
        method_label: Set(consent.method_label),
        channel: Set(consent.channel),
        ip: Set(consent.device.ip.map(Text)),
        user_agent: Set(consent.device.user_agent),
        given_at: Set(consent.given_at),
        prev_hash: Set(consent.prev_hash),
        hash: Set(consent.hash),
    }
}

pub(in crate::store) fn notice(row: notice::Model) -> Result<Notice, Unreadable> {
    Ok(Notice {
        id: row.id.0,
        subscription_id: row.subscription_id.0,
        customer_key: row.customer_key.0,
        kind: row.kind.0,
        for_at: row.for_at,
        price_before: to_u64(row.price_before, "price_before")?,
        price_after: to_u64(row.price_after, "price_after")?,
        text: row.text.0,
        due_at: row.due_at,
    })
}

pub(in crate::store) fn notice_row(notice: Notice) -> notice::ActiveModel {
    notice::ActiveModel {
        seq: NotSet,
        id: Set(Text(notice.id)),
        subscription_id: Set(Text(notice.subscription_id)),
        customer_key: Set(Text(notice.customer_key)),
        kind: Set(Text(notice.kind)),
        for_at: Set(notice.for_at),
        price_before: Set(to_i64(notice.price_before)),
        price_after: Set(to_i64(notice.price_after)),
        text: Set(Json(notice.text)),
        due_at: Set(notice.due_at),
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "rows are read by functions that may fail"
)]
pub(in crate::store) fn notice_delivery(
    row: notice_delivery::Model,
) -> Result<NoticeDelivery, Unreadable> {
    Ok(NoticeDelivery {
        notice_id: row.notice_id.0,
        customer_key: row.customer_key.0,
        report: Report {
            delivered_at: row.delivered_at,
            channel: row.channel,
        },
        reported_at: row.reported_at,
        prev_hash: row.prev_hash,
        hash: row.hash,
    })
}

pub(in crate::store) fn notice_delivery_row(
    delivery: NoticeDelivery,
) -> notice_delivery::ActiveModel {
    notice_delivery::ActiveModel {
        seq: NotSet,
        notice_id: Set(Text(delivery.notice_id)),
        customer_key: Set(Text(delivery.customer_key)),
        delivered_at: Set(delivery.report.delivered_at),
        channel: Set(delivery.report.channel),
        reported_at: Set(delivery.reported_at),
        prev_hash: Set(delivery.prev_hash),
        hash: Set(delivery.hash),
    }
}
