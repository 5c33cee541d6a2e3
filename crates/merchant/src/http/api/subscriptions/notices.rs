//! What customers were told before a charge: the merchant's server says when that reached them.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{ApiError as ErrorBody, Timestamp};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{moment, view::Won};
use crate::{
    app_state::AppState,
    application::subscriptions::report_delivery,
    domain::{
        ids::{NoticeId, SubscriptionId},
        subscription::{
            notice::{Notice, Texts},
            notice_delivery::{NoticeDelivery, Report},
            state::NoticeKind,
        },
    },
    http::{body::Strict, error::ApiError},
};

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new().routes(routes!(report))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NewNoticeDelivery)]
struct Delivered {
    /// When the customer got it: not before it came due, and not in the future.
    #[schema(value_type = Timestamp)]
    delivered_at: String,
    /// By what, 1 to 100 characters: `alimtalk`, `sms`, `email`, …
    #[schema(min_length = 1, max_length = 100)]
    channel: String,
}

/// What a customer was to be told before a charge.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Notice)]
pub(super) struct NoticeView {
    id: NoticeId,
    subscription_id: SubscriptionId,
    kind: NoticeKind,
    /// The charge before which it is told.
    for_at: Timestamp,
    /// What was paid; zero after a free time.
    price_before: Won,
    price_after: Won,
    text: Texts,
    /// When the event `notice.due` told of it.
    due_at: Timestamp,
    /// Absent while your server has not said that the customer got it.
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery: Option<DeliveryView>,
    /// As it is hashed: milliseconds since 1970.
    for_at_millis: i64,
    /// As it is hashed: milliseconds since 1970.
    due_at_millis: i64,
}

/// That a customer got a notice.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NoticeDelivery)]
struct DeliveryView {
    delivered_at: Timestamp,
    channel: String,
    /// When your server said so.
    reported_at: Timestamp,
    /// The hash of the customer's delivery that was reported before this one; zeros for the first.
    prev_hash: String,
    /// SHA-256 over it and its notice, in hexadecimal digits.
    hash: String,
    /// As it is hashed: milliseconds since 1970.
    delivered_at_millis: i64,
    /// As it is hashed: milliseconds since 1970.
    reported_at_millis: i64,
}

impl NoticeView {
    pub(super) fn of(notice: &Notice, delivery: Option<&NoticeDelivery>) -> Self {
        Self {
            id: notice.id.clone(),
            subscription_id: notice.subscription_id.clone(),
            kind: notice.kind,
            for_at: notice.for_at.kst(),
            price_before: Won::of(notice.price_before),
            price_after: Won::of(notice.price_after),
            text: notice.text.clone(),
            due_at: notice.due_at.kst(),
            delivery: delivery.map(|delivery| DeliveryView {
                delivered_at: delivery.report.delivered_at.kst(),
                channel: delivery.report.channel.clone(),
                reported_at: delivery.reported_at.kst(),
                prev_hash: delivery.prev_hash.clone(),
                hash: delivery.hash.clone(),
                delivered_at_millis: delivery.report.delivered_at.0,
                reported_at_millis: delivery.reported_at.0,
            }),
            for_at_millis: notice.for_at.0,
            due_at_millis: notice.due_at.0,
        }
    }
}

/// Writes down that the customer got what `notice.due` asked you to send: evidence. The same report again
/// answers the same; another one is refused.
#[utoipa::path(
    post, path = "/api/notices/{id}/delivery", tag = "subscriptions", operation_id = "reportNoticeDelivery",
    params(("id" = NoticeId, Path)),
    request_body = Delivered,
    responses(
        (status = 200, description = "written down, now or before", body = NoticeView),
        (status = 404, description = "no notice has this id", body = ErrorBody),
        (status = 409, description = "another delivery of it was reported before", body = ErrorBody),
    ),
)]
async fn report(
    State(state): State<Arc<AppState>>,
    Path(id): Path<NoticeId>,
    Strict(body): Strict<Delivered>,
) -> Result<Json<NoticeView>, ApiError> {
    let report = Report {
        delivered_at: moment("deliveredAt", &body.delivered_at)?,
        channel: body.channel,
    };
    let (notice, delivery) = report_delivery(&state.services, &id, report).await?;
    Ok(Json(NoticeView::of(&notice, Some(&delivery))))
}
