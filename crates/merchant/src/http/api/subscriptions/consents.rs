//! What customers agree to, and the evidence of it.

use std::{net::IpAddr, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{ApiError as ErrorBody, CustomerKey, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Answer,
    command::{Command, Seen, done},
    moment,
    notices::NoticeView,
    view::{SubscriptionView, TermsView},
};
use crate::{
    app_state::AppState,
    application::subscriptions::{GivenText, give_consent},
    domain::{
        ids::{ConsentId, SubscriptionId},
        subscription::{
            consent::{ConsentKind, ConsentRecord, Device},
            evidence,
            notice::Notice,
        },
    },
    http::{api::payment_methods::customer_key, error::ApiError},
};

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(consent))
        .routes(routes!(list))
}

/// What a customer agreed to, in a request that needs it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = AgreedText)]
pub(super) struct AgreedText {
    /// Your name for the text, 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    text_version: String,
    /// The text that the customer saw, word for word, 1 to 4000 characters.
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
    /// Where it was given, 1 to 100 characters: `web`, `app`, `phone`, …
    #[schema(min_length = 1, max_length = 100)]
    channel: String,
    /// The address that the customer's device called your server from.
    #[schema(value_type = Option<String>)]
    ip: Option<IpAddr>,
    /// What the customer's browser or app called itself, up to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    user_agent: Option<String>,
}

impl From<AgreedText> for GivenText {
    fn from(agreed: AgreedText) -> Self {
        Self {
            text_version: agreed.text_version,
            text: agreed.text,
            channel: agreed.channel,
            device: Device {
                ip: agreed.ip,
                user_agent: agreed.user_agent,
            },
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewConsent)]
struct ConsentBody {
    /// As in `consentNeeded`.
    kind: ConsentKind,
    /// As in `consentNeeded`.
    #[schema(value_type = Timestamp)]
    effective_at: String,
    /// Your name for the text, 1 to 100 characters.
    #[schema(min_length = 1, max_length = 100)]
    text_version: String,
    /// The text that the customer saw, word for word, 1 to 4000 characters.
    #[schema(min_length = 1, max_length = 4000)]
    text: String,
    /// Where it was given, 1 to 100 characters: `web`, `app`, `phone`, …
    #[schema(min_length = 1, max_length = 100)]
    channel: String,
    /// The address that the customer's device called your server from.
    #[schema(value_type = Option<String>)]
    ip: Option<IpAddr>,
    /// What the customer's browser or app called itself, up to 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    user_agent: Option<String>,
}

/// Writes down that the customer agreed to what `consentNeeded` asks for: to just that.
#[utoipa::path(
    post, path = "/api/subscriptions/{id}/consents", tag = "subscriptions", operation_id = "giveConsent",
    params(("id" = SubscriptionId, Path), Seen),
    request_body = ConsentBody,
    responses(
        (status = 200, description = "A subscription that waited for it goes on at once", body = SubscriptionView),
        (status = 409, description = "nothing is asked for, or something else", body = ErrorBody),
    ),
)]
async fn consent(Command { state, asked, body }: Command<ConsentBody>) -> Answer {
    let effective_at = moment("effectiveAt", &body.effective_at)?;
    let text = GivenText {
        text_version: body.text_version,
        text: body.text,
        channel: body.channel,
        device: Device {
            ip: body.ip,
            user_agent: body.user_agent,
        },
    };
    let given = give_consent(&state.services, &asked, body.kind, effective_at, &text);
    done(&state, given).await
}

/// A consent, word for word.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RecordedConsent)]
struct ConsentView {
    id: ConsentId,
    subscription_id: SubscriptionId,
    kind: ConsentKind,
    before: TermsView,
    after: TermsView,
    /// From when on the new price holds.
    effective_at: Timestamp,
    /// When it arrived at this server.
    given_at: Timestamp,
    text_version: String,
    text: String,
    /// What is charged, as the customer knows it.
    payment_method: String,
    channel: String,
    /// The address that it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    ip: Option<IpAddr>,
    /// What the browser or app called itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    /// The hash of the customer's consent before this one; zeros for the first.
    prev_hash: String,
    /// SHA-256 over all of it, in hexadecimal digits.
    hash: String,
    /// As it is hashed: milliseconds since 1970.
    effective_at_millis: i64,
    /// As it is hashed: milliseconds since 1970.
    given_at_millis: i64,
}

impl From<&ConsentRecord> for ConsentView {
    fn from(consent: &ConsentRecord) -> Self {
        Self {
            id: consent.id.clone(),
            subscription_id: consent.subscription_id.clone(),
            kind: consent.kind,
            before: consent.before.into(),
            after: consent.after.into(),
            effective_at: consent.effective_at.kst(),
            given_at: consent.given_at.kst(),
            text_version: consent.text_version.clone(),
            text: consent.text.clone(),
            payment_method: consent.method_label.clone(),
            channel: consent.channel.clone(),
            ip: consent.device.ip,
            user_agent: consent.device.user_agent.clone(),
            prev_hash: consent.prev_hash.clone(),
            hash: consent.hash.clone(),
            effective_at_millis: consent.effective_at.0,
            given_at_millis: consent.given_at.0,
        }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Evidence)]
struct Evidence {
    /// Whether every hash fits the one before it, of the consents and of the deliveries: none was changed,
    /// left out or put in.
    chain_is_whole: bool,
    /// Oldest first.
    consents: Vec<ConsentView>,
    /// What the customer was to be told before a charge, and what is known of its delivery; oldest first.
    notices: Vec<NoticeView>,
}

/// Everything that a customer agreed to and was told before: evidence, with the chains that show that nothing
/// was changed.
#[utoipa::path(
    get, path = "/api/customers/{customerKey}/consents", tag = "subscriptions", operation_id = "listConsents",
    params(("customerKey" = CustomerKey, Path)),
    responses((status = 200, body = Evidence)),
)]
async fn list(
    State(state): State<Arc<AppState>>,
    Path(key): Path<String>,
) -> Result<Json<Evidence>, ApiError> {
    let customer = customer_key(key)?;
    let records = &state.subscriptions;
    let consents = records.consents_of_customer(&customer).await?;
    let deliveries = records.notice_deliveries(&customer).await?;
    // Read last, so that the notice of every delivery is among them.
    let notices = records.notices_of_customer(&customer).await?;
    let broken = evidence::first_break(&consents);
    if let Some(index) = broken {
        tracing::error!(index, "a customer's consents were changed in the database");
    }
    let forged = evidence::first_break_of_deliveries(&deliveries, &notices);
    if let Some(index) = forged {
        tracing::error!(
            index,
            "a customer's notices or their deliveries were changed in the database"
        );
    }
    let delivery = |notice: &Notice| deliveries.iter().find(|it| it.notice_id == notice.id);
    Ok(Json(Evidence {
        chain_is_whole: broken.is_none() && forged.is_none(),
        consents: consents.iter().map(Into::into).collect(),
        notices: notices
            .iter()
            .map(|notice| NoticeView::of(notice, delivery(notice)))
            .collect(),
    }))
}
