//! The typed client.

use std::{error::Error as _, sync::Arc, time::Duration};

use anyhow::Context as _;
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{
    Method,
    header::{AUTHORIZATION, HeaderMap, HeaderValue},
    redirect,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use toss_checkout_contract::{
    Amount, AuthKey, BillingKey, ConfirmRequest, Customer, CustomerKey, FailureCode, IssueRequest,
    OrderId, PaymentKey,
};
use url::Url;

use super::{Billing, CallError, PaymentObject, Refusal};
use crate::config::{Config, Timing};

/// Talks to `api.tosspayments.com`, or to the sandbox. Cheap to clone.
#[derive(Debug, Clone)]
pub struct TossClient {
    http: reqwest::Client,
    base: Arc<Url>,
    timing: Timing,
}

/// What a charge is for.
#[derive(Debug)]
pub struct ChargeOrder<'a> {
    /// How much.
    pub amount: Amount,
    /// Whose billing key it is.
    pub customer_key: &'a CustomerKey,
    /// The order number of this charge.
    pub order_id: &'a OrderId,
    /// At most 100 characters.
    pub order_name: &'a str,
    /// Name and e-mail for Toss's receipt.
    pub customer: &'a Customer,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ChargeBody<'a> {
    amount: u64,
    customer_key: &'a CustomerKey,
    order_id: &'a OrderId,
    order_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_name: Option<&'a str>,
}

/// Our bodies are a few hundred bytes; Toss's Payment is a few thousand.
const MAX_ANSWER: usize = 1024 * 1024;

impl TossClient {
    /// Prepares the client; connects to nothing yet.
    ///
    /// # Errors
    /// When the machine's certificates cannot be read.
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        let basic = STANDARD.encode(format!("{}:", config.secret_key.expose()));
        let mut authorization = HeaderValue::from_str(&format!("Basic {basic}"))?;
        authorization.set_sensitive(true);
        // Only the first call has an effect; reqwest asks for the process-wide provider.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .default_headers(HeaderMap::from_iter([(AUTHORIZATION, authorization)]))
            // A redirect of a POST that moves money is never followed.
            .redirect(redirect::Policy::none())
            .connect_timeout(config.timing.connect)
            .pool_idle_timeout(Duration::from_secs(30))
            .user_agent(concat!("toss-checkout/", env!("CARGO_PKG_VERSION")));
        let local = config
            .toss_api
            .host_str()
            .is_some_and(|host| matches!(host, "127.0.0.1" | "localhost" | "[::1]"));
        if local {
            // No proxy stands between two programs of one machine.
            builder = builder.no_proxy();
        }
        if config.toss_api.scheme() == "http" {
            // The sandbox runs where no certificates are installed.
            builder = builder.tls_certs_only([]);
        }
        Ok(Self {
            http: builder
                .build()
                .context("cannot set up HTTPS; install the package ca-certificates")?,
            base: Arc::new(config.toss_api.clone()),
            timing: config.timing.clone(),
        })
    }

    /// `POST /v1/payments/confirm`
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn confirm(
        &self,
        payment_key: &PaymentKey,
        order_id: &OrderId,
        amount: Amount,
        idempotency_key: &str,
    ) -> Result<PaymentObject, CallError> {
        let body = ConfirmRequest {
            payment_key: payment_key.clone(),
            order_id: order_id.clone(),
            amount: amount.value(),
        };
        let path = ["v1", "payments", "confirm"];
        self.post(&path, &body, idempotency_key, self.timing.confirm)
            .await
    }

    /// `GET /v1/payments/orders/{orderId}`; `None` when Toss knows no such order.
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn payment_of_order(
        &self,
        order_id: &OrderId,
    ) -> Result<Option<PaymentObject>, CallError> {
        let path = ["v1", "payments", "orders", order_id.as_str()];
        let request = self.request(Method::GET, &path, self.timing.lookup)?;
        match self.send(request).await {
            Ok(payment) => Ok(Some(payment)),
            Err(CallError::Refused(refusal))
                if matches!(
                    refusal.code,
                    FailureCode::NotFoundPayment | FailureCode::NotFound
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// `POST /v1/billing/authorizations/issue`
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn issue(
        &self,
        auth_key: &AuthKey,
        customer_key: &CustomerKey,
        idempotency_key: &str,
    ) -> Result<Billing, CallError> {
        let body = IssueRequest {
            auth_key: auth_key.clone(),
            customer_key: customer_key.clone(),
            // The buyer's consent is between the buyer and the shop.
            consent: None,
        };
        let path = ["v1", "billing", "authorizations", "issue"];
        self.post(&path, &body, idempotency_key, self.timing.confirm)
            .await
    }

    /// `POST /v1/billing/{billingKey}`
    ///
    /// # Errors
    /// See [`CallError`].
    pub async fn charge(
        &self,
        billing_key: &BillingKey,
        order: &ChargeOrder<'_>,
        idempotency_key: &str,
    ) -> Result<PaymentObject, CallError> {
        let body = ChargeBody {
            amount: order.amount.value(),
            customer_key: order.customer_key,
            order_id: order.order_id,
            order_name: order.order_name,
            customer_email: order.customer.email.as_deref(),
            customer_name: order.customer.name.as_deref(),
        };
        let path = ["v1", "billing", billing_key.expose()];
        self.post(&path, &body, idempotency_key, self.timing.charge)
            .await
    }

    async fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        body: &impl Serialize,
        idempotency_key: &str,
        timeout: Duration,
    ) -> Result<T, CallError> {
        let request = self
            .request(Method::POST, path, timeout)?
            .header("Idempotency-Key", idempotency_key)
            .json(body);
        self.send(request).await
    }

    fn request(
        &self,
        method: Method,
        path: &[&str],
        timeout: Duration,
    ) -> Result<reqwest::RequestBuilder, CallError> {
        let mut url = (*self.base).clone();
        url.path_segments_mut()
            .map_err(|()| CallError::NotSent("TOSS_API_BASE cannot carry a path".to_owned()))?
            .pop_if_empty()
            .extend(path);
        Ok(self.http.request(method, url).timeout(timeout))
    }

    async fn send<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<T, CallError> {
        let mut answer = request.send().await.map_err(|e| unsent(&e))?;
        let status = answer.status();
        let trace = answer
            .headers()
            .get("x-tosspayments-trace-id")
            .and_then(|value| value.to_str().ok())
            .unwrap_or("-")
            .to_owned();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|e| lost(&e))? {
            body.extend_from_slice(&chunk);
            if body.len() > MAX_ANSWER {
                return Err(CallError::Lost("the answer is too long".to_owned()));
            }
        }
        let status = status.as_u16();
        tracing::debug!(status, toss_trace = trace, "Toss answered");
        read(status, &body).inspect_err(|error| {
            tracing::info!(status, toss_trace = trace, %error, "Toss did not answer with success");
            if error.refusal().is_some_and(Refusal::is_about_keys) {
                tracing::error!(
                    "Toss does not accept TOSS_SECRET_KEY: nobody can pay until it is right"
                );
            }
        })
    }
}

fn read<T: DeserializeOwned>(status: u16, body: &[u8]) -> Result<T, CallError> {
    #[derive(Deserialize)]
    struct Failure {
        code: FailureCode,
        #[serde(default)]
        message: String,
    }
    if (200..300).contains(&status) {
        return serde_json::from_slice(body).map_err(|error| {
            // The text of the error names field and position, not values.
            let at = (error.line(), error.column());
            CallError::Lost(format!("a success that cannot be read, at {at:?}"))
        });
    }
    match serde_json::from_slice::<Failure>(body) {
        Ok(failure) if !failure.code.as_str().is_empty() => Err(CallError::Refused(Refusal {
            status,
            code: failure.code,
            message: failure.message,
        })),
        _ => Err(CallError::Lost(format!("status {status} without a code"))),
    }
}

fn unsent(error: &reqwest::Error) -> CallError {
    if error.is_connect() || error.is_builder() {
        CallError::NotSent(chain(error))
    } else {
        CallError::Lost(chain(error))
    }
}

fn lost(error: &reqwest::Error) -> CallError {
    CallError::Lost(chain(error))
}

/// The causes without the outermost text, which holds the address and with it a billing key.
fn chain(error: &reqwest::Error) -> String {
    let mut text = if error.is_timeout() {
        "timeout"
    } else {
        "broken"
    }
    .to_owned();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_a_code_is_lost_and_never_a_refusal() {
        for (status, body) in [
            (502, "<html>Bad Gateway</html>"),
            (404, ""),
            (500, "{}"),
            (500, r#"{"code":"","message":"x"}"#),
            (200, "{}"),
            (200, "not json"),
        ] {
            let error = read::<PaymentObject>(status, body.as_bytes()).unwrap_err();
            assert!(matches!(error, CallError::Lost(_)), "{status} {body}");
        }
        let refused =
            read::<PaymentObject>(403, br#"{"code":"REJECT_CARD_PAYMENT","message":"x"}"#);
        assert_eq!(refused.unwrap_err().refusal().unwrap().status, 403);
    }
}
