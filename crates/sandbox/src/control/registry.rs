//! What the developer centre does, as JSON: key pairs and their versions, webhook registrations, and
//! billing keys that end by themselves.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use toss_model::{
    BillingRecord, KeyPair, Version, instrument::Instrument, moment::kst, shop::KeyError,
};

use super::{ControlError, read, uncached};
use crate::{
    toss::Toss,
    webhooks::{WebhookTarget, Webhooks},
};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Key<'a> {
    merchant_id: &'a str,
    client_key: &'a str,
    family: &'static str,
    version: Version,
}

impl<'a> Key<'a> {
    fn of(pair: &'a KeyPair) -> Self {
        Self {
            merchant_id: &pair.merchant_id,
            client_key: pair.client.as_str(),
            family: if pair.is_individual() {
                "individual"
            } else {
                "widget"
            },
            version: pair.version,
        }
    }
}

pub(super) async fn keys(State(toss): State<Toss>) -> Response {
    let state = toss.state();
    uncached(state.pairs().iter().map(Key::of).collect::<Vec<_>>())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewVersion {
    version: Version,
}

pub(super) async fn set_version(
    State(toss): State<Toss>,
    Path(client): Path<String>,
    body: Bytes,
) -> Result<Response, ControlError> {
    let wanted: NewVersion = read(&body, "INVALID_VERSION")?;
    match toss.state().set_version(&client, wanted.version) {
        Ok(pair) => Ok(uncached(Key::of(pair))),
        Err(error @ KeyError::Unknown) => Err(ControlError::not_found(error.to_string())),
        Err(error) => Err(ControlError::bad_request(
            "INVALID_VERSION",
            error.to_string(),
        )),
    }
}

#[derive(Debug, Serialize)]
struct Registration {
    id: u64,
    #[serde(flatten)]
    target: WebhookTarget,
}

pub(super) async fn targets(State(webhooks): State<Webhooks>) -> Response {
    let list: Vec<_> = webhooks
        .targets()
        .into_iter()
        .map(|(id, target)| Registration { id, target })
        .collect();
    uncached(list)
}

pub(super) async fn add_target(
    State(webhooks): State<Webhooks>,
    body: Bytes,
) -> Result<Response, ControlError> {
    let target: WebhookTarget = read(&body, "INVALID_TARGET")?;
    if target.url.scheme() != "http" {
        let message = "webhooks go to plain http addresses";
        return Err(ControlError::bad_request("INVALID_TARGET", message));
    }
    let id = webhooks.register(target.clone());
    Ok((StatusCode::CREATED, Json(Registration { id, target })).into_response())
}

pub(super) async fn remove_target(
    State(webhooks): State<Webhooks>,
    Path(id): Path<u64>,
) -> Result<StatusCode, ControlError> {
    if webhooks.unregister(id) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ControlError::not_found("no such registration"))
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Billing<'a> {
    number: usize,
    merchant_id: &'a str,
    method: &'static str,
    /// Only the beginning: whoever has all of it can charge it.
    billing_key: String,
    attempts: u32,
    authenticated_at: String,
    deleted_at: Option<String>,
}

pub(super) async fn billing(State(toss): State<Toss>) -> Response {
    let state = toss.state();
    let show = |(at, record): (usize, &BillingRecord)| Billing {
        number: at + 1,
        merchant_id: state.merchant_id(record.shop),
        method: match record.instrument {
            Instrument::Card(_) => "카드",
            Instrument::Account { .. } => "계좌이체",
        },
        billing_key: format!(
            "{}…",
            record.key.expose().chars().take(4).collect::<String>()
        ),
        attempts: record.attempts,
        authenticated_at: kst(record.authenticated_at),
        deleted_at: record.deleted_at.map(kst),
    };
    let list: Vec<_> = state.billing().iter().enumerate().map(show).collect();
    uncached(list)
}

pub(super) async fn delete_billing(
    State(toss): State<Toss>,
    Path(number): Path<usize>,
) -> Result<StatusCode, ControlError> {
    if toss.end_billing_number(number) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        let message = "no such billing key, or it is gone already";
        Err(ControlError::not_found(message))
    }
}
