//! What is owed, and what it is charged to.

use std::sync::Arc;

use serde::Deserialize;
use toss_checkout_contract::ApiError as ErrorBody;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::Nothing;
use crate::{
    app_state::AppState,
    application::subscriptions::{pay_subscription, replace_payment_method},
    domain::ids::{PaymentMethodId, SubscriptionId},
    http::api::subscriptions::{
        Answer,
        command::{Command, Seen, done},
        view::SubscriptionView,
    },
};

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(charge))
        .routes(routes!(replace_method))
}

/// Charges what is owed now. It does not use up a planned try.
#[utoipa::path(
    post, path = "/api/subscriptions/{id}/charge", tag = "subscriptions", operation_id = "chargeSubscription",
    params(("id" = SubscriptionId, Path), Seen),
    request_body = Nothing,
    responses(
        (status = 200, description = "It was tried: owedAmount is absent once it is paid", body = SubscriptionView),
        (status = 409, description = "nothing is owed, a charge is under way, or the card or account cannot be charged", body = ErrorBody),
    ),
)]
async fn charge(Command { state, asked, .. }: Command<Nothing>) -> Answer {
    done(&state, pay_subscription(&state.services, &asked)).await
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
    params(("id" = SubscriptionId, Path), Seen),
    request_body = MethodBody,
    responses((status = 200, body = SubscriptionView)),
)]
async fn replace_method(Command { state, asked, body }: Command<MethodBody>) -> Answer {
    done(
        &state,
        replace_payment_method(&state.services, &asked, &body.payment_method_id),
    )
    .await
}
