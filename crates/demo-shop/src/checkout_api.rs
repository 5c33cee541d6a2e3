//! What a merchant's own server does: HTTP calls with the bearer key. `docs/backend-contract.md` has
//! the whole API; this is what a shop needs of it.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use uuid::Uuid;

const TIMEOUT: Duration = Duration::from_secs(5);

/// The merchant API of one backend.
#[derive(Debug)]
pub struct CheckoutApi {
    http: Client,
    origin: String,
    key: SecretString,
}

/// As much of a session as a shop shows.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) customer_key: String,
    /// `payment` or `billing`.
    pub(crate) kind: String,
    pub(crate) status: String,
    pub(crate) order_name: String,
    /// Of a payment.
    pub(crate) amount: Option<Amount>,
    /// Of a registration.
    pub(crate) plan: Option<Plan>,
    pub(crate) result: Option<Outcome>,
}

/// In units of its currency: 15000, or 12.5.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Amount {
    pub(crate) value: f64,
    pub(crate) currency: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Plan {
    pub(crate) amount: Amount,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) card: Option<Card>,
    pub(crate) account: Option<Account>,
    /// The first charge of a registration.
    pub(crate) charge: Option<Charge>,
}

/// As Toss masks it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Card {
    pub(crate) number: String,
}

/// As Toss masks it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Account {
    pub(crate) bank_name: String,
    pub(crate) account_number: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Charge {
    pub(crate) status: String,
}

impl CheckoutApi {
    /// A client of the backend at this origin.
    ///
    /// # Errors
    /// The HTTP client cannot be made.
    pub fn new(origin: &str, key: SecretString) -> Result<Self> {
        // Only the first call has an effect; reqwest asks for the process-wide provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().no_proxy().timeout(TIMEOUT).build()?;
        Ok(Self {
            http,
            origin: origin.trim_end_matches('/').to_owned(),
            key,
        })
    }

    /// Creates a session; answers where to send the buyer.
    pub(crate) async fn create(&self, order: &Value) -> Result<String> {
        #[derive(Deserialize)]
        struct Created {
            url: String,
        }
        let request = self.http.post(format!("{}/api/sessions", self.origin));
        // A repeated request would get the same session.
        let request = request
            .header("idempotency-key", Uuid::new_v4().to_string())
            .json(order);
        Ok(self.send::<Created>(request).await?.url)
    }

    /// Where a customer sees and cancels their subscriptions, for half an hour.
    pub(crate) async fn customer_link(&self, customer: &Uuid, back: &str) -> Result<String> {
        #[derive(Deserialize)]
        struct Link {
            url: String,
        }
        let request = self
            .http
            .post(format!("{}/api/customer-links", self.origin))
            .json(&json!({"customerKey": customer.to_string(), "returnUrl": back}));
        Ok(self.send::<Link>(request).await?.url)
    }

    /// A session, and the address of its page.
    pub(crate) async fn session(&self, id: &str) -> Result<(Session, String)> {
        #[derive(Deserialize)]
        struct Found {
            session: Session,
            url: String,
        }
        let request = self.http.get(format!("{}/api/sessions/{id}", self.origin));
        let Found { session, url } = self.send(request).await?;
        Ok((session, url))
    }

    /// The customer's newest sessions, as many as `limit`.
    pub(crate) async fn sessions(&self, customer: &Uuid, limit: usize) -> Result<Vec<Session>> {
        #[derive(Deserialize)]
        struct Listed {
            sessions: Vec<Session>,
        }
        let request = self.http.get(format!(
            "{}/api/sessions?limit={limit}&customerKey={customer}",
            self.origin
        ));
        Ok(self.send::<Listed>(request).await?.sessions)
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T> {
        let answer = request
            .bearer_auth(self.key.expose_secret())
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
        serde_json::from_slice(&body).context("the merchant API answers something else")
    }
}
