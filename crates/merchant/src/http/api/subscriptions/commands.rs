//! What customers and merchants ask of a subscription. Each command answers the subscription as it then
//! stands.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{Amount, ApiError as ErrorBody, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Answer,
    asked::Of,
    consents::AgreedText,
    done, moment,
    view::{SubscriptionView, TermsView, Won},
    won,
};
use crate::{
    app_state::AppState,
    application::subscriptions::{
        cancel_subscription, change_subscription, pause_subscription, pay_subscription,
        quote_cancel, quote_change, replace_payment_method, resume_paused, uncancel_subscription,
    },
    domain::{
        api_key::Scope,
        ids::{PaymentMethodId, SubscriptionId},
        subscription::{
            calendar::{Interval, Period},
            commands::{At, CancelQuote, ChangeRequest, Proration, Quote, When},
            state::CancelRefund,
        },
    },
    http::{
        api::{auth::Granted, idempotency::RequestKey},
        body::Strict,
        error::ApiError,
    },
};

pub(in crate::http::api) const CHANGE: &str = "/api/subscriptions/{id}/change";

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(change))
        .routes(routes!(preview_change))
        .routes(routes!(cancel))
        .routes(routes!(preview_cancel))
        .routes(routes!(uncancel))
        .routes(routes!(pause))
        .routes(routes!(resume))
        .routes(routes!(charge))
        .routes(routes!(replace_method))
}

/// `{}`
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Nothing)]
struct Nothing {}

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
        if self.interval.is_some_and(|interval| !interval.is_usable()) {
            return Err(ApiError::invalid(
                "interval: count begins at 1, and an interval is three years at most",
            ));
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
    params(("id" = SubscriptionId, Path), ("If-Match" = Option<u64>, Header, description = "The revision that the caller saw")),
    request_body = ChangeBody,
    responses(
        (status = 200, description = "What is charged for a change now was tried: amount and interval are the new ones only if it was paid", body = SubscriptionView),
        (status = 412, description = "the subscription has another revision", body = ErrorBody),
        (status = 422, description = "CHECKOUT_CONSENT_REQUIRED: the price rises, and the customer's consent did not come with the request; or the key was used for another request", body = ErrorBody),
    ),
)]
async fn change(
    State(state): State<Arc<AppState>>,
    Of(asked): Of,
    RequestKey(key): RequestKey,
    Strict(body): Strict<ChangeBody>,
) -> Answer {
    let request = body.request()?;
    let consent = body.consent.map(Into::into);
    let changed =
        change_subscription(&state.services, &asked, &request, &key, consent.as_ref()).await;
    done(&state, changed).await
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
    params(("id" = SubscriptionId, Path), ("If-Match" = Option<u64>, Header, description = "The revision that the caller saw")),
    request_body = ChangeBody,
    responses((status = 200, body = ChangeQuote)),
)]
async fn preview_change(
    State(state): State<Arc<AppState>>,
    Of(asked): Of,
    Strict(body): Strict<ChangeBody>,
) -> Result<Json<ChangeQuote>, ApiError> {
    let quote = quote_change(&state.services, &asked, &body.request()?).await?;
    Ok(Json((&quote).into()))
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
    params(("id" = SubscriptionId, Path), ("If-Match" = Option<u64>, Header, description = "The revision that the caller saw")),
    request_body = CancelBody,
    responses(
        (status = 200, description = "While a charge is under way it waits for its outcome: cancelAt is then set", body = SubscriptionView),
        (status = 403, description = "the key lacks the scope: `write`, and `refund` for a prorated one", body = ErrorBody),
        (status = 412, description = "the subscription has another revision", body = ErrorBody),
    ),
)]
async fn cancel(
    State(state): State<Arc<AppState>>,
    Of(asked): Of,
    granted: Granted,
    Strict(body): Strict<CancelBody>,
) -> Answer {
    if body.refund == CancelRefund::Prorated {
        granted.check(Scope::Refund)?;
    }
    let canceled = cancel_subscription(&state.services, &asked, body.at, body.refund).await;
    done(&state, canceled).await
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
            refund_amount: Won::of(quote.refund),
        }
    }
}

/// When a cancel would happen and what would go back; nothing is canceled.
#[utoipa::path(
    post, path = "/api/subscriptions/{id}/cancel/preview", tag = "subscriptions", operation_id = "previewCancel",
    params(("id" = SubscriptionId, Path), ("If-Match" = Option<u64>, Header, description = "The revision that the caller saw")),
    request_body = CancelBody,
    responses((status = 200, body = CancelQuoteView)),
)]
async fn preview_cancel(
    State(state): State<Arc<AppState>>,
    Of(asked): Of,
    Strict(body): Strict<CancelBody>,
) -> Result<Json<CancelQuoteView>, ApiError> {
    let quote = quote_cancel(&state.services, &asked, body.at, body.refund).await?;
    Ok(Json(quote.into()))
}

/// Takes a cancel back that has not happened.
#[utoipa::path(
    post, path = "/api/subscriptions/{id}/uncancel", tag = "subscriptions", operation_id = "uncancelSubscription",
    params(("id" = SubscriptionId, Path), ("If-Match" = Option<u64>, Header, description = "The revision that the caller saw")),
    request_body = Nothing,
    responses((status = 200, body = SubscriptionView)),
)]
async fn uncancel(
    State(state): State<Arc<AppState>>,
    Of(asked): Of,
    Strict(Nothing {}): Strict<Nothing>,
) -> Answer {
    let changed = uncancel_subscription(&state.services, &asked).await;
    done(&state, changed).await
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SubscriptionPause)]
struct PauseBody {
    at: At,
    /// When it goes on by itself; by default not before it is resumed.
    #[schema(value_type = Option<Timestamp>)]
    resume_at: Option<String>,
}

/// Stops charges and access, now or with what is paid. Nothing may be owed.
#[utoipa::path(
    post, path = "/api/subscriptions/{id}/pause", tag = "subscriptions", operation_id = "pauseSubscription",
    params(("id" = SubscriptionId, Path), ("If-Match" = Option<u64>, Header, description = "The revision that the caller saw")),
    request_body = PauseBody,
    responses((status = 200, body = SubscriptionView)),
)]
async fn pause(
    State(state): State<Arc<AppState>>,
    Of(asked): Of,
    Strict(body): Strict<PauseBody>,
) -> Answer {
    let resume_at = body.resume_at.as_deref();
    let resume_at = resume_at.map(|text| moment("resumeAt", text)).transpose()?;
    let changed = pause_subscription(&state.services, &asked, body.at, resume_at).await;
    done(&state, changed).await
}

/// From which day periods are counted after a pause: the same as before, or the day on which it goes on,
/// on which a period then begins and is charged.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AnchorAfterPause)]
enum Anchor {
    #[default]
    Keep,
    Restart,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SubscriptionResume)]
struct ResumeBody {
    #[serde(default)]
    #[schema(default = "keep")]
    anchor: Anchor,
}

/// Goes on after a pause: in the period that is paid, else with a charge now.
#[utoipa::path(
    post, path = "/api/subscriptions/{id}/resume", tag = "subscriptions", operation_id = "resumeSubscription",
    params(("id" = SubscriptionId, Path), ("If-Match" = Option<u64>, Header, description = "The revision that the caller saw")),
    request_body = ResumeBody,
    responses((status = 200, body = SubscriptionView)),
)]
async fn resume(
    State(state): State<Arc<AppState>>,
    Of(asked): Of,
    Strict(body): Strict<ResumeBody>,
) -> Answer {
    let restart = body.anchor == Anchor::Restart;
    let changed = resume_paused(&state.services, &asked, restart).await;
    done(&state, changed).await
}

/// Charges what is owed now. It does not use up a planned try.
#[utoipa::path(
    post, path = "/api/subscriptions/{id}/charge", tag = "subscriptions", operation_id = "chargeSubscription",
    params(("id" = SubscriptionId, Path), ("If-Match" = Option<u64>, Header, description = "The revision that the caller saw")),
    request_body = Nothing,
    responses(
        (status = 200, description = "It was tried: owedAmount is absent once it is paid", body = SubscriptionView),
        (status = 409, description = "nothing is owed, a charge is under way, or the card or account cannot be charged", body = ErrorBody),
    ),
)]
async fn charge(
    State(state): State<Arc<AppState>>,
    Of(asked): Of,
    Strict(Nothing {}): Strict<Nothing>,
) -> Answer {
    let changed = pay_subscription(&state.services, &asked).await;
    done(&state, changed).await
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = SubscriptionPaymentMethod)]
struct MethodBody {
    /// Another registered card or account of the same customer.
    payment_method_id: PaymentMethodId,
}

/// From now on another card or account is charged; what is owed, at once.
#[utoipa::path(
    post, path = "/api/subscriptions/{id}/payment-method", tag = "subscriptions", operation_id = "replacePaymentMethod",
    params(("id" = SubscriptionId, Path), ("If-Match" = Option<u64>, Header, description = "The revision that the caller saw")),
    request_body = MethodBody,
    responses((status = 200, body = SubscriptionView)),
)]
async fn replace_method(
    State(state): State<Arc<AppState>>,
    Of(asked): Of,
    Strict(body): Strict<MethodBody>,
) -> Answer {
    let changed = replace_payment_method(&state.services, &asked, &body.payment_method_id).await;
    done(&state, changed).await
}
