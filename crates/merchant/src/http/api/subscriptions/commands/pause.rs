//! A pause, and its end.

use std::sync::Arc;

use serde::Deserialize;
use toss_checkout_contract::Timestamp;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    app_state::AppState,
    application::subscriptions::{pause_subscription, resume_paused},
    domain::{ids::SubscriptionId, subscription::commands::At},
    http::api::subscriptions::{
        Answer,
        command::{Command, Seen, done},
        moment,
        view::SubscriptionView,
    },
};

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(pause))
        .routes(routes!(resume))
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
    params(("id" = SubscriptionId, Path), Seen),
    request_body = PauseBody,
    responses((status = 200, body = SubscriptionView)),
)]
async fn pause(Command { state, asked, body }: Command<PauseBody>) -> Answer {
    let resume_at = body.resume_at.as_deref();
    let resume_at = resume_at.map(|text| moment("resumeAt", text)).transpose()?;
    done(
        &state,
        pause_subscription(&state.services, &asked, body.at, resume_at),
    )
    .await
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
    params(("id" = SubscriptionId, Path), Seen),
    request_body = ResumeBody,
    responses((status = 200, body = SubscriptionView)),
)]
async fn resume(Command { state, asked, body }: Command<ResumeBody>) -> Answer {
    let restart = body.anchor == Anchor::Restart;
    done(&state, resume_paused(&state.services, &asked, restart)).await
}
