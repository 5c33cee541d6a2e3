//! Subscriptions: create, read, list, and what customers and merchants ask of them.

mod bodies;
mod view;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use toss_checkout_contract::CustomerKey;

use self::{
    bodies::{
        CancelBody, ChangeBody, ConsentBody, CreateBody, MethodBody, Nothing, PauseBody, ResumeBody,
    },
    view::{Consents, InvoiceView, Invoices, QuoteView, SubscriptionView, Subscriptions},
};
use super::{
    idempotency::RequestKey,
    paging,
    revision::{IfMatch, Revised},
};
use crate::{
    app_state::AppState,
    application::{
        error::UseCaseError,
        ports::{Listed, Page},
        subscription_records::SubscriptionFilter,
        subscriptions::{
            Asked, cancel_subscription, change_subscription, create_subscription, give_consent,
            pause_subscription, pay_subscription, quote_change, replace_payment_method,
            resume_paused, show, uncancel_subscription,
        },
    },
    domain::{
        ids::{InvoiceId, SubscriptionId},
        subscription::{Subscription, evidence},
    },
    http::{body::Strict, error::ApiError},
};

pub(super) fn routes() -> Router<Arc<AppState>> {
    Router::new()
        .route("/api/subscriptions", get(list).post(create))
        .route("/api/subscriptions/{id}", get(read))
        .route("/api/subscriptions/{id}/invoices", get(invoices))
        .route("/api/subscriptions/{id}/change", post(change))
        .route("/api/subscriptions/{id}/change/preview", post(preview))
        .route("/api/subscriptions/{id}/cancel", post(cancel))
        .route("/api/subscriptions/{id}/uncancel", post(uncancel))
        .route("/api/subscriptions/{id}/pause", post(pause))
        .route("/api/subscriptions/{id}/resume", post(resume))
        .route("/api/subscriptions/{id}/charge", post(charge))
        .route("/api/subscriptions/{id}/payment-method", post(method))
        .route("/api/subscriptions/{id}/consents", post(consent))
        .route("/api/customers/{key}/consents", get(consents))
}

type Answer = Result<Revised<SubscriptionView>, ApiError>;

async fn shown(state: &AppState, id: &SubscriptionId) -> Answer {
    let shown = show(state, id).await?;
    Ok(Revised(
        shown.subscription.revision,
        SubscriptionView::of(&shown),
    ))
}

/// What came of a command.
async fn done(state: &AppState, changed: Result<Subscription, UseCaseError>) -> Answer {
    shown(state, &changed?.id).await
}

fn asked(id: String, seen: &IfMatch) -> Asked {
    Asked {
        id: SubscriptionId::new(id),
        revision: seen.0,
    }
}

async fn create(
    State(state): State<Arc<AppState>>,
    RequestKey(key): RequestKey,
    Strict(body): Strict<CreateBody>,
) -> Result<Response, ApiError> {
    let made = create_subscription(&state.services, body.read()?, &key).await?;
    let view = shown(&state, &made.id).await?;
    Ok((StatusCode::CREATED, view).into_response())
}

async fn read(State(state): State<Arc<AppState>>, Path(id): Path<String>) -> Answer {
    shown(&state, &SubscriptionId::new(id)).await
}

async fn change(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    seen: IfMatch,
    RequestKey(key): RequestKey,
    Strict(body): Strict<ChangeBody>,
) -> Answer {
    let asked = asked(id, &seen);
    let request = body.request()?;
    let consent = body.consent();
    let changed =
        change_subscription(&state.services, &asked, &request, &key, consent.as_ref()).await;
    done(&state, changed).await
}

async fn preview(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    seen: IfMatch,
    Strict(body): Strict<ChangeBody>,
) -> Result<Json<QuoteView>, ApiError> {
    let quote = quote_change(&state.services, &asked(id, &seen), &body.request()?).await?;
    Ok(Json(QuoteView::of(&quote)))
}

async fn cancel(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    seen: IfMatch,
    Strict(body): Strict<CancelBody>,
) -> Answer {
    let (at, refund) = body.read();
    let changed = cancel_subscription(&state.services, &asked(id, &seen), at, refund).await;
    done(&state, changed).await
}

async fn uncancel(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    seen: IfMatch,
    Strict(Nothing {}): Strict<Nothing>,
) -> Answer {
    let changed = uncancel_subscription(&state.services, &asked(id, &seen)).await;
    done(&state, changed).await
}

async fn pause(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    seen: IfMatch,
    Strict(body): Strict<PauseBody>,
) -> Answer {
    let (at, resume_at) = body.read()?;
    let changed = pause_subscription(&state.services, &asked(id, &seen), at, resume_at).await;
    done(&state, changed).await
}

async fn resume(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    seen: IfMatch,
    Strict(body): Strict<ResumeBody>,
) -> Answer {
    let changed = resume_paused(&state.services, &asked(id, &seen), body.restart()).await;
    done(&state, changed).await
}

async fn charge(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    seen: IfMatch,
    Strict(Nothing {}): Strict<Nothing>,
) -> Answer {
    let changed = pay_subscription(&state.services, &asked(id, &seen)).await;
    done(&state, changed).await
}

async fn method(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    seen: IfMatch,
    Strict(body): Strict<MethodBody>,
) -> Answer {
    let asked = asked(id, &seen);
    let changed = replace_payment_method(&state.services, &asked, &body.payment_method_id).await;
    done(&state, changed).await
}

async fn consent(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    seen: IfMatch,
    Strict(body): Strict<ConsentBody>,
) -> Answer {
    let (kind, effective_at, text) = body.read()?;
    let given = give_consent(
        &state.services,
        &asked(id, &seen),
        kind,
        effective_at,
        &text,
    )
    .await;
    done(&state, given.map(|(subscription, _)| subscription)).await
}

/// Everything that a customer agreed to: evidence, with the chain that shows that nothing was changed.
async fn consents(
    State(state): State<Arc<AppState>>,
    Path(key): Path<String>,
) -> Result<Json<Consents>, ApiError> {
    let customer = CustomerKey::new(key).map_err(|error| ApiError::invalid(error.to_string()))?;
    let chain = state.subscriptions.consents_of_customer(&customer).await?;
    let broken = evidence::first_break(&chain);
    if let Some(index) = broken {
        tracing::error!(index, "a customer's consents were changed in the database");
    }
    Ok(Json(Consents::of(&chain, broken.is_none())))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ListQuery {
    limit: Option<u64>,
    after: Option<String>,
    customer_key: Option<String>,
    status: Option<String>,
}

/// Newest first; `after`: the last one of the page before.
async fn list(
    State(state): State<Arc<AppState>>,
    paging::Asked(query): paging::Asked<ListQuery>,
) -> Result<Json<Subscriptions>, ApiError> {
    let limit = paging::limit(query.limit)?;
    let filter = SubscriptionFilter {
        customer_key: paging::value("customerKey", query.customer_key.as_deref())?,
        status: paging::value("status", query.status.as_deref())?,
    };
    let before = match query.after {
        Some(id) => {
            let id = SubscriptionId::new(id);
            Some(
                state
                    .subscriptions
                    .subscription_cursor(&id)
                    .await?
                    .unwrap_or(0),
            )
        }
        None => None,
    };
    let page = Page {
        limit: limit + 1,
        before,
    };
    let rows = state.subscriptions.subscriptions(page, &filter).await?;
    let (rows, more) = cut(rows, limit);
    let mut subscriptions = Vec::with_capacity(rows.len());
    for row in rows {
        subscriptions.push(SubscriptionView::of(&show(&state, &row.id).await?));
    }
    let next = subscriptions
        .last()
        .filter(|_| more)
        .map(|it| it.id.clone());
    Ok(Json(Subscriptions {
        subscriptions,
        next,
    }))
}

/// A row that cannot be read, of a later version perhaps, is told in the log and does not end the list.
fn cut<T>(mut rows: Vec<Listed<T>>, limit: u64) -> (Vec<T>, bool) {
    let more = rows.len() as u64 > limit;
    if more {
        rows.pop();
    }
    let readable = rows.into_iter().filter_map(|row| {
        row.row
            .inspect_err(|error| tracing::error!(%error, "left out of a list"))
            .ok()
    });
    (readable.collect(), more)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct InvoicesQuery {
    limit: Option<u64>,
    after: Option<String>,
}

async fn invoices(
    State(state): State<Arc<AppState>>,
    Path(id): Path<String>,
    paging::Asked(query): paging::Asked<InvoicesQuery>,
) -> Result<Json<Invoices>, ApiError> {
    let limit = paging::limit(query.limit)?;
    let id = SubscriptionId::new(id);
    if state.subscriptions.subscription(&id).await?.is_none() {
        return Err(UseCaseError::NoSubscription.into());
    }
    let before = match query.after {
        Some(id) => {
            let id = InvoiceId::new(id);
            Some(state.subscriptions.invoice_cursor(&id).await?.unwrap_or(0))
        }
        None => None,
    };
    let page = Page {
        limit: limit + 1,
        before,
    };
    let rows = state.subscriptions.invoices(&id, page).await?;
    let (rows, more) = cut(rows, limit);
    let mut invoices = Vec::with_capacity(rows.len());
    for invoice in &rows {
        invoices.push(InvoiceView::read(&state, invoice).await?);
    }
    let next = invoices.last().filter(|_| more).map(|it| it.id.clone());
    Ok(Json(Invoices { invoices, next }))
}
