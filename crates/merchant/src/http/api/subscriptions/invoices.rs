//! What a subscription owes and owed, with the charges that tried to get it.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{FailureCode, OrderId, Timestamp};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::view::Won;
use crate::{
    app_state::AppState,
    application::{error::UseCaseError, ports::Page, subscriptions::Charges},
    domain::{
        attempt::{Attempt, AttemptStatus},
        charge::Trigger,
        decline::{DeclineClass, class_of},
        ids::{InvoiceId, PaymentId, SubscriptionId},
        payment::Payment,
        subscription::{
            calendar::Day,
            invoice::{Invoice, InvoiceKind, InvoiceStatus, Line, VoidReason},
        },
        time::Millis,
    },
    http::{
        api::{paging, views::RefundView},
        error::ApiError,
    },
};

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new().routes(routes!(list))
}

/// An attempt to charge an invoice.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvoiceCharge)]
struct ChargeView {
    /// Counted within the invoice, from 1.
    attempt_no: u32,
    trigger: Trigger,
    /// Toss's order number of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    order_id: Option<OrderId>,
    status: AttemptStatus,
    /// What the refusal means for the next step; absent for a code that this version does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<DeclineClass>,
    /// Toss's code of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<FailureCode>,
    /// Toss's sentence about it, in Korean.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_id: Option<PaymentId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approved_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt_url: Option<String>,
}

impl ChargeView {
    /// `None` for an attempt that pays no invoice.
    fn of(attempt: &Attempt, payment: Option<&Payment>) -> Option<Self> {
        let charge = attempt.charge.as_ref()?;
        let failure = attempt.failure.as_ref();
        Some(Self {
            attempt_no: charge.no,
            trigger: charge.trigger,
            order_id: attempt.order_id.clone(),
            status: attempt.status,
            class: failure.and_then(|failure| class_of(&failure.code)),
            code: failure.map(|failure| failure.code.clone()),
            message: failure.map(|failure| failure.message.clone()),
            payment_id: attempt.payment_id.clone(),
            approved_at: payment.and_then(|payment| payment.approved_at.map(Millis::kst)),
            receipt_url: payment.and_then(|payment| payment.details.receipt_url.clone()),
        })
    }
}

/// What is owed for a period, or for a change within one.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Invoice)]
struct InvoiceView {
    id: InvoiceId,
    kind: InvoiceKind,
    period_no: u32,
    /// The first day of the period.
    period_start: Day,
    /// The first day after it.
    period_end: Day,
    /// What is to be paid; zero is paid without a charge.
    amount: Won,
    /// What that is made of.
    lines: Vec<Line>,
    status: InvoiceStatus,
    /// Why it is void.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<VoidReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_retry_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_at: Option<Timestamp>,
    created_at: Timestamp,
    /// Newest first.
    charges: Vec<ChargeView>,
    /// Of its payments, oldest first.
    refunds: Vec<RefundView>,
}

impl InvoiceView {
    fn of(invoice: &Invoice, all: &Charges) -> Self {
        let mut charges = Vec::new();
        let mut refunds = Vec::new();
        for charged in all.of(&invoice.id) {
            refunds.extend(charged.refunds().map(RefundView::from));
            charges.extend(ChargeView::of(charged.attempt, charged.payment));
        }
        charges.reverse();
        let state = &invoice.state;
        Self {
            id: invoice.id.clone(),
            kind: invoice.kind,
            period_no: invoice.period_no,
            period_start: state.period.start,
            period_end: state.period.end,
            amount: Won::of(invoice.amount),
            lines: state.lines.clone(),
            status: invoice.status,
            reason: state.reason,
            next_retry_at: state.retry.map(|retry| retry.at.kst()),
            paid_at: invoice.paid_at.map(Millis::kst),
            created_at: invoice.created_at.kst(),
            charges,
            refunds,
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// The `next` of the page before.
    after: Option<InvoiceId>,
    /// 1 to 100, by default 20.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u64>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = InvoiceList)]
struct InvoiceList {
    invoices: Vec<InvoiceView>,
    /// For `after`, when there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<InvoiceId>,
}

/// What a subscription owes and owed, newest first.
#[utoipa::path(
    get, path = "/api/subscriptions/{id}/invoices", tag = "subscriptions", operation_id = "listInvoices",
    params(("id" = SubscriptionId, Path), Which),
    responses((status = 200, body = InvoiceList)),
)]
async fn list(
    State(state): State<Arc<AppState>>,
    Path(id): Path<SubscriptionId>,
    paging::Asked(which): paging::Asked<Which>,
) -> Result<Json<InvoiceList>, ApiError> {
    let limit = paging::limit(which.limit)?;
    let records = &state.subscriptions;
    if records.subscription(&id).await?.is_none() {
        return Err(UseCaseError::NoSubscription.into());
    }
    let before = match which.after {
        Some(id) => {
            let found = records.invoice_cursor(&id).await?;
            Some(paging::before("after", id.as_str(), found)?)
        }
        None => None,
    };
    let page = Page {
        limit: limit + 1,
        before,
    };
    let rows = records.invoices(&id, page).await?;
    let (rows, next) = paging::page(rows, limit, |invoice: &Invoice| invoice.id.as_str());
    let ids: Vec<_> = rows.iter().map(|invoice| invoice.id.clone()).collect();
    let charges = Charges::read(&**records, &ids).await?;
    let invoices: Vec<_> = rows
        .iter()
        .map(|invoice| InvoiceView::of(invoice, &charges))
        .collect();
    Ok(Json(InvoiceList {
        invoices,
        next: next.map(InvoiceId::new),
    }))
}
