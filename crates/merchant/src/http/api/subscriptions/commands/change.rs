//! Another price or interval.

use std::sync::Arc;

use axum::Json;
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{Amount, ApiError as ErrorBody, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app_state::AppState,
    application::subscriptions::{change_subscription, quote_change},
    domain::{
        ids::SubscriptionId,
        subscription::{
            calendar::{Interval, Period},
            commands::{ChangeRequest, Proration, Quote, When},
        },
    },
    http::{
        api::{
            idempotency::RequestKey,
            subscriptions::{
                Answer,
                command::{Command, Seen, done},
                consents::AgreedText,
                view::{SubscriptionView, TermsView, Won},
                won,
            },
        },
        error::ApiError,
    },
};

pub(in crate::http::api) const CHANGE: &str = "/api/subscriptions/{id}/change";

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(change))
        .routes(routes!(preview_change))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SubscriptionChange)]
struct ChangeBody {
    /// The new price of a period, in won.
    amount: Option<Amount>,
    interval: Option<Interval>,
    /// `next_period`: the newest wins.
    when: When,
    /// With `now`: what becomes of the difference for the days that are left.
    #[serde(default = "no_proration")]
    #[schema(default = "none")]
    proration: Proration,
    /// What the customer agreed to; needed when the price rises now.
    consent: Option<AgreedText>,
}

const fn no_proration() -> Proration {
    Proration::None
}

impl ChangeBody {
    fn request(&self) -> Result<ChangeRequest, ApiError> {
        if self.amount.is_none() && self.interval.is_none() {
            return Err(ApiError::invalid("amount or interval is missing"));
        }
        if let Some(interval) = self.interval {
            interval.check().map_err(ApiError::invalid)?;
        }
        Ok(ChangeRequest {
            price: self.amount.map(won).transpose()?,
            interval: self.interval,
            when: self.when,
            proration: self.proration,
        })
    }
}

/// Changes price or interval, now or with the next period.
#[utoipa::path(
    post, path = CHANGE, tag = "subscriptions", operation_id = "changeSubscription",
    params(("id" = SubscriptionId, Path), Seen),
    request_body = ChangeBody,
    responses(
        (status = 200, description = "What is charged for a change now was tried: amount and interval are the new ones only if it was paid", body = SubscriptionView),
        (status = 412, description = "the subscription has another revision", body = ErrorBody),
        (status = 422, description = "CHECKOUT_CONSENT_REQUIRED: the price rises, and the customer's consent did not come with the request; or the key was used for another request", body = ErrorBody),
    ),
)]
async fn change(
    RequestKey(key): RequestKey,
    Command { state, asked, body }: Command<ChangeBody>,
) -> Answer {
    let request = body.request()?;
    let consent = body.consent.map(Into::into);
    done(
        &state,
        change_subscription(&state.services, &asked, &request, &key, consent.as_ref()),
    )
    .await
}

/// What a change would come to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ChangeQuote)]
struct ChangeQuote {
    before: TermsView,
    after: TermsView,
    /// What is charged now; absent when nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    charge_now: Option<Won>,
    /// What is taken off the next charges; absent when nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<Won>,
    effective_at: Timestamp,
    /// The period that begins with it: for another interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    new_period: Option<Period>,
    /// Whether the customer's consent has to come with the request.
    consent_required: bool,
}

impl From<&Quote> for ChangeQuote {
    fn from(quote: &Quote) -> Self {
        Self {
            before: quote.before.into(),
            after: quote.after.into(),
            charge_now: (quote.charge_now > 0).then(|| Won::of(quote.charge_now)),
            credit: (quote.credit > 0).then(|| Won::of(quote.credit)),
            effective_at: quote.effective_at.kst(),
            new_period: quote.new_period,
            consent_required: quote.consent_required,
        }
    }
}

/// What a change would cost; nothing is changed.
#[utoipa::path(
    post, path = "/api/subscriptions/{id}/change/preview", tag = "subscriptions", operation_id = "previewChange",
    params(("id" = SubscriptionId, Path), Seen),
    request_body = ChangeBody,
    responses((status = 200, body = ChangeQuote)),
)]
async fn preview_change(
    Command { state, asked, body }: Command<ChangeBody>,
) -> Result<Json<ChangeQuote>, ApiError> {
    let quote = quote_change(&state.services, &asked, &body.request()?).await?;
    Ok(Json((&quote).into()))
}
