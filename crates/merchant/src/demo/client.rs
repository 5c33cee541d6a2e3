//! What a merchant's own server does: two HTTP calls with the bearer key.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde_json::Value;
use toss_checkout_contract::Session;
use uuid::Uuid;

use crate::core::Core;

const TIMEOUT: Duration = Duration::from_secs(5);

/// Creates a session; answers where to send the buyer.
pub(super) async fn create(core: &Core, order: &Value) -> anyhow::Result<String> {
    #[derive(Deserialize)]
    struct Created {
        url: String,
    }
    let request = http()?
        .post(format!("{}/api/sessions", core.local_origin))
        .json(order);
    let answer = request
        .bearer_auth(core.config.merchant_api_key.expose())
        .send()
        .await
        .context("the merchant API does not answer")?;
    let status = answer.status();
    let body = answer.bytes().await?;
    ensure!(
        status.is_success(),
        "the merchant API answers {status}: {}",
        String::from_utf8_lossy(&body)
    );
    Ok(serde_json::from_slice::<Created>(&body)?.url)
}

/// The visitor's newest sessions.
pub(super) async fn recent(
    core: &Core,
    visitor: &Uuid,
    count: usize,
) -> anyhow::Result<Vec<Session>> {
    #[derive(Deserialize)]
    struct Listed {
        sessions: Vec<Session>,
    }
    let address = format!(
        "{}/api/sessions?limit={count}&customerKey={visitor}",
        core.local_origin
    );
    let answer = http()?
        .get(address)
        .bearer_auth(core.config.merchant_api_key.expose())
        .send()
        .await?
        .error_for_status()?;
    Ok(answer.json::<Listed>().await?.sessions)
}

fn http() -> anyhow::Result<reqwest::Client> {
    Ok(reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .timeout(TIMEOUT)
        .build()?)
}
