//! Subscriptions: create, read, list, and what customers and merchants ask of them.

mod command;
mod commands;
mod consents;
mod invoices;
mod notices;
mod view;

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use toss_checkout_contract::{
    Amount, ApiError as ErrorBody, Currency, Customer, CustomerKey, Timestamp,
};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) use self::commands::CHANGE;
use self::view::SubscriptionView;
use super::{idempotency::RequestKey, paging, revision::Revised};
use crate::{
    app_state::AppState,
    application::{
        ports::Page,
        subscription_records::SubscriptionFilter,
        subscriptions::{NewSubscription, create_subscription, show, show_all},
    },
    domain::{
        ids::{PaymentMethodId, SubscriptionId},
        subscription::{
            Subscription, SubscriptionStatus,
            calendar::{Day, Interval},
            create::Start,
            state::Phase,
        },
        time::Millis,
    },
    http::{body::Strict, error::ApiError},
};

pub(super) const PATH: &str = "/api/subscriptions";

pub(super) fn routes() -> OpenApiRouter<Arc<AppState>> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read))
        .merge(commands::routes())
        .merge(consents::routes())
        .merge(invoices::routes())
        .merge(notices::routes())
}

type Answer = Result<Revised<SubscriptionView>, ApiError>;

async fn shown(state: &AppState, id: &SubscriptionId) -> Answer {
    let shown = show(state, id).await?;
    Ok(Revised(
        shown.subscription.revision,
        SubscriptionView::of(&shown),
    ))
}

/// The value of an amount, in won: Toss charges registered cards and accounts in nothing else.
fn won(amount: Amount) -> Result<u64, ApiError> {
    match amount.currency() {
        Currency::Krw => Ok(amount.value()),
        other @ Currency::Usd => Err(ApiError::invalid(format!(
            "amount: registered cards and accounts are charged in KRW, not in {}",
            other.as_str()
        ))),
    }
}

fn moment(field: &str, text: &str) -> Result<Millis, ApiError> {
    Millis::from_toss(text).ok_or_else(|| {
        let text: String = text.chars().take(40).collect();
        ApiError::invalid(format!(
            "{field}: '{text}' is no moment; write it as 2026-12-01T09:00:00+09:00"
        ))
    })
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewSubscription)]
struct CreateBody {
    customer_key: CustomerKey,
    /// A registered card or account of this customer.
    payment_method_id: PaymentMethodId,
    /// What is sold, 1 to 100 characters; the customer reads it on receipts.
    #[schema(min_length = 1, max_length = 100)]
    order_name: String,
    /// What a period costs, in won.
    amount: Amount,
    interval: Interval,
    /// Name and e-mail for receipts.
    #[serde(default)]
    customer: Customer,
    /// The day from which periods are counted; by default the first one that is charged. Monthly periods
    /// from the 31st begin on the last day of shorter months.
    anchor_date: Option<Day>,
    /// Free until then, with `startCharging: "anchor"`. The first charge then needs the customer's consent.
    #[schema(value_type = Option<Timestamp>)]
    trial_end: Option<String>,
    /// Prices of the first periods, at most 12. The end of one is a rise in price.
    #[serde(default)]
    #[schema(max_items = 12)]
    phases: Vec<Phase>,
    /// `now`: it begins only if the first charge is paid. `anchor`: with the next period.
    start_charging: Start,
}

impl CreateBody {
    fn read(self) -> Result<NewSubscription, ApiError> {
        let trial_end = self.trial_end.as_deref();
        Ok(NewSubscription {
            customer_key: self.customer_key,
            payment_method_id: self.payment_method_id,
            order_name: self.order_name,
            customer: self.customer,
            price: won(self.amount)?,
            interval: self.interval,
            phases: self.phases,
            anchor: self.anchor_date,
            trial_end: trial_end.map(|text| moment("trialEnd", text)).transpose()?,
            start: self.start_charging,
        })
    }
}

/// Makes a subscription, and its first charge if that is due.
#[utoipa::path(
    post, path = PATH, tag = "subscriptions", operation_id = "createSubscription",
    request_body = CreateBody,
    responses(
        (status = 201, description = "As it then stands: with startCharging now it is active once the first charge is paid, incomplete while that was refused or is not known", body = SubscriptionView, headers(("ETag" = String, description = "The revision"))),
        (status = 404, description = "the customer has no such card or account", body = ErrorBody),
    ),
)]
async fn create(
    State(state): State<Arc<AppState>>,
    RequestKey(key): RequestKey,
    Strict(body): Strict<CreateBody>,
) -> Result<Response, ApiError> {
    let made = create_subscription(&state.services, body.read()?, &key).await?;
    let view = shown(&state, &made.id).await?;
    Ok((StatusCode::CREATED, view).into_response())
}

/// A subscription.
#[utoipa::path(
    get, path = "/api/subscriptions/{id}", tag = "subscriptions", operation_id = "readSubscription",
    params(("id" = SubscriptionId, Path)),
    responses((status = 200, body = SubscriptionView, headers(("ETag" = String, description = "The revision")))),
)]
async fn read(State(state): State<Arc<AppState>>, Path(id): Path<SubscriptionId>) -> Answer {
    shown(&state, &id).await
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct Search {
    #[param(value_type = Option<CustomerKey>)]
    customer_key: Option<String>,
    #[param(value_type = Option<SubscriptionStatus>)]
    status: Option<String>,
    /// The `next` of the page before.
    after: Option<SubscriptionId>,
    /// 1 to 100, by default 20.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u64>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SubscriptionList)]
struct SubscriptionList {
    subscriptions: Vec<SubscriptionView>,
    /// For `after`, when there is more.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<SubscriptionId>,
}

/// Subscriptions, newest first.
#[utoipa::path(
    get, path = PATH, tag = "subscriptions", operation_id = "listSubscriptions",
    params(Search),
    responses((status = 200, body = SubscriptionList)),
)]
async fn list(
    State(state): State<Arc<AppState>>,
    paging::Asked(search): paging::Asked<Search>,
) -> Result<Json<SubscriptionList>, ApiError> {
    let limit = paging::limit(search.limit)?;
    let filter = SubscriptionFilter {
        customer_key: paging::value("customerKey", search.customer_key.as_deref())?,
        status: paging::value("status", search.status.as_deref())?,
        needs_attention: false,
    };
    let records = &state.subscriptions;
    let before = match search.after {
        Some(id) => {
            let found = records.subscription_cursor(&id).await?;
            Some(paging::before("after", id.as_str(), found)?)
        }
        None => None,
    };
    let page = Page {
        limit: limit + 1,
        before,
    };
    let rows = records.subscriptions(page, &filter).await?;
    let (rows, next) = paging::page(rows, limit, |it: &Subscription| it.id.as_str());
    let shown = show_all(&state, rows).await?;
    Ok(Json(SubscriptionList {
        subscriptions: shown.iter().map(SubscriptionView::of).collect(),
        next: next.map(SubscriptionId::new),
    }))
}
