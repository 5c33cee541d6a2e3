//! The end of a subscription, and taking it back.

use std::sync::Arc;

use axum::Json;
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{ApiError as ErrorBody, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Nothing;
use crate::{
    app_state::AppState,
    application::subscriptions::{cancel_subscription, quote_cancel, uncancel_subscription},
    domain::{
        api_key::Scope,
        ids::SubscriptionId,
        subscription::{
            commands::{At, CancelQuote},
            state::CancelRefund,
        },
    },
    http::{
        api::{
            auth::Granted,
            subscriptions::{
                Answer,
                command::{Command, Seen, done},
                view::{SubscriptionView, Won},
            },
        },
        error::ApiError,
    },
};

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(cancel))
        .routes(routes!(preview_cancel))
        .routes(routes!(uncancel))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SubscriptionCancel)]
struct CancelBody {
    at: At,
    /// `prorated`, with `now` only: the days of the paid period that are left go back. The key needs the
    /// scope `refund` as well.
    #[serde(default = "no_refund")]
    #[schema(default = "none")]
    refund: CancelRefund,
}

const fn no_refund() -> CancelRefund {
    CancelRefund::None
}

/// Ends it, now or with what is paid.
#[utoipa::path(
    post, path = "/api/subscriptions/{id}/cancel", tag = "subscriptions", operation_id = "cancelSubscription",
    params(("id" = SubscriptionId, Path), Seen),
    request_body = CancelBody,
    responses(
        (status = 200, description = "While a charge is under way it waits for its outcome: cancelAt is then set", body = SubscriptionView),
        (status = 403, description = "the key lacks the scope: `write`, and `refund` for a prorated one", body = ErrorBody),
        (status = 412, description = "the subscription has another revision", body = ErrorBody),
    ),
)]
async fn cancel(granted: Granted, Command { state, asked, body }: Command<CancelBody>) -> Answer {
    if body.refund == CancelRefund::Prorated {
        granted.check(Scope::Refund)?;
    }
    done(
        &state,
        cancel_subscription(&state.services, &asked, body.at, body.refund),
    )
    .await
}

/// What a cancel would come to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CancelQuote)]
struct CancelQuoteView {
    /// When it is over.
    cancel_at: Timestamp,
    /// What goes back.
    refund_amount: Won,
}

impl From<CancelQuote> for CancelQuoteView {
    fn from(quote: CancelQuote) -> Self {
        Self {
            cancel_at: quote.at.kst(),
            refund_amount: Won::of(quote.refunds.iter().map(|due| due.amount).sum()),
        }
    }
}

/// When a cancel would happen and what would go back; nothing is canceled.
#[utoipa::path(
    post, path = "/api/subscriptions/{id}/cancel/preview", tag = "subscriptions", operation_id = "previewCancel",
    params(("id" = SubscriptionId, Path), Seen),
    request_body = CancelBody,
    responses(
        (status = 200, body = CancelQuoteView),
        (status = 409, description = "it is over; or a charge is under way, and what a cancel comes to is known with its outcome", body = ErrorBody),
    ),
)]
async fn preview_cancel(
    Command { state, asked, body }: Command<CancelBody>,
) -> Result<Json<CancelQuoteView>, ApiError> {
    let quote = quote_cancel(&state.services, &asked, body.at, body.refund).await?;
    Ok(Json(quote.into()))
}

/// Takes a cancel back that has not happened.
#[utoipa::path(
    post, path = "/api/subscriptions/{id}/uncancel", tag = "subscriptions", operation_id = "uncancelSubscription",
    params(("id" = SubscriptionId, Path), Seen),
    request_body = Nothing,
    responses((status = 200, body = SubscriptionView)),
)]
async fn uncancel(Command { state, asked, .. }: Command<Nothing>) -> Answer {
    done(&state, uncancel_subscription(&state.services, &asked)).await
}
