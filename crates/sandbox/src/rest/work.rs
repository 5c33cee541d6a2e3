//! The work behind each call: body in, state machine, object out.

use axum::body::Bytes;
use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;
use toss_model::{ErrorCode, Payment, Refusal, Shop, State, Version, payment::Origin};

use super::{
    body::{
        CardBody, ConfirmBody, IssueBody, ReceiptsPage, account_request, cancel_amount,
        cancel_request, charge_request, key_in_request, receipt_request, settlement_page,
        transactions_page,
    },
    call::Call,
};
use crate::shape::{
    BillingBody, PaymentBody, ReceiptBody, Secret, SettlementBody, TransactionBody, Viewer,
};

/// Who asks, when, and with what.
pub(super) struct Asked<'a> {
    pub(super) shop: Shop,
    pub(super) version: Version,
    pub(super) now: OffsetDateTime,
    pub(super) body: &'a [u8],
    pub(super) query: &'a str,
}

/// Does the work.
///
/// # Errors
/// Toss's refusal.
pub(super) fn work(state: &mut State, asked: &Asked<'_>, call: &Call) -> Result<Bytes, Refusal> {
    let Asked {
        shop, now, body, ..
    } = *asked;
    let m_id = state.merchant_id(shop).to_owned();
    let viewer = Viewer {
        m_id: &m_id,
        version: asked.version,
        now,
    };
    match call {
        Call::Confirm => {
            let body = ConfirmBody::read(body)?;
            let payment =
                state.confirm(shop, &body.payment_key, &body.order_id, body.amount, now)?;
            json(&PaymentBody::new(payment, viewer, Secret::Shown))
        }
        Call::LookupKey(key) => {
            let billing_secret = billing_secret(state);
            let payment = state.lookup_key(shop, key, now)?;
            json(&PaymentBody::new(
                payment,
                viewer,
                later(payment, billing_secret),
            ))
        }
        Call::LookupOrder(order) => {
            let billing_secret = billing_secret(state);
            let payment = state.lookup_order(shop, order, now)?;
            json(&PaymentBody::new(
                payment,
                viewer,
                later(payment, billing_secret),
            ))
        }
        Call::Cancel(key) => {
            let billing_secret = billing_secret(state);
            let payment = state.refund(shop, key, &cancel_request(body)?, now)?;
            json(&PaymentBody::new(
                payment,
                viewer,
                later(payment, billing_secret),
            ))
        }
        Call::KeyIn => {
            let payment = state.key_in(shop, &key_in_request(body, now)?, now)?;
            json(&PaymentBody::new(payment, viewer, Secret::Shown))
        }
        Call::OpenAccount => {
            let payment = state.open_account(shop, &account_request(body)?, now)?;
            json(&PaymentBody::new(payment, viewer, Secret::Shown))
        }
        Call::Issue => {
            let body = IssueBody::read(body)?;
            let record = state.issue(shop, &body.auth_key, &body.customer_key, now)?;
            json(&BillingBody::new(record, viewer))
        }
        Call::RegisterCard => {
            let body = CardBody::read(body, now)?;
            let record = state.register_card(shop, &body.customer_key, body.card, now)?;
            json(&BillingBody::new(record, viewer))
        }
        Call::Charge(key) => {
            let secret = billing_secret(state);
            let payment = state.charge(shop, key, &charge_request(body)?, now)?;
            json(&PaymentBody::new(payment, viewer, secret))
        }
        Call::DeleteBilling(key) => {
            state.delete_billing(shop, key, now)?;
            Ok(Bytes::new())
        }
        Call::Settlements => settlements(state, asked, viewer),
        Call::Transactions => transactions(state, asked, viewer),
        Call::IssueReceipt => {
            let record = state.issue_receipt(shop, &receipt_request(body)?, now)?;
            json(&ReceiptBody::of(record, now))
        }
        Call::CancelReceipt(key) => {
            let record = state.cancel_receipt(shop, key, cancel_amount(body)?, now)?;
            json(&ReceiptBody::of(record, now))
        }
        Call::Receipts => receipts(state, asked),
    }
}

fn transactions(state: &State, asked: &Asked<'_>, viewer: Viewer<'_>) -> Result<Bytes, Refusal> {
    let page = transactions_page(asked.query)?;
    let found = state.transactions(asked.shop, &page)?;
    let list: Vec<_> = found
        .into_iter()
        .map(|(one, payment)| TransactionBody::of(one, payment, viewer.m_id))
        .collect();
    json(&list)
}

fn settlements(state: &State, asked: &Asked<'_>, viewer: Viewer<'_>) -> Result<Bytes, Refusal> {
    let found = state.settlements(asked.shop, &settlement_page(asked.query)?)?;
    let list: Vec<_> = found
        .iter()
        .map(|one| SettlementBody::of(one, viewer))
        .collect();
    json(&list)
}

fn receipts(state: &State, asked: &Asked<'_>) -> Result<Bytes, Refusal> {
    let page = ReceiptsPage::read(asked.query)?;
    let (found, more) = state.receipts(asked.shop, page.day, page.cursor, page.limit);
    let last = found.last().map_or(page.cursor, |(at, _)| *at);
    let data: Vec<_> = found
        .iter()
        .map(|(_, record)| ReceiptBody::of(record, asked.now))
        .collect();
    json(&json!({"hasNext": more, "lastCursor": last, "data": data}))
}

fn billing_secret(state: &State) -> Secret {
    if state.rules().shows_billing_secret {
        Secret::Shown
    } else {
        Secret::Hidden
    }
}

/// What answers after the first say: a virtual account's secret is told once.
fn later(payment: &Payment, billing_secret: Secret) -> Secret {
    match payment.origin {
        Origin::Charge(_) => billing_secret,
        Origin::Window(_) => Secret::Hidden,
    }
}

fn json(value: &impl Serialize) -> Result<Bytes, Refusal> {
    serde_json::to_vec(value)
        .map(Bytes::from)
        .map_err(|_| ErrorCode::FailedInternalSystemProcessing.into())
}
