//! Bodies that the page sends and the errors that it gets back.

use serde::{Deserialize, Serialize};

use crate::{
    consent::Consent,
    decimal_amount::DecimalAmount,
    failure::FailureCode,
    ids::{AuthKey, CustomerKey, OrderId, PaymentKey},
};

/// `POST /api/checkout/sessions/{id}/confirm`, and in direct mode the body that Toss's published
/// sample servers take.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmRequest {
    /// From the redirect.
    pub payment_key: PaymentKey,
    /// From the redirect; the server compares it with its own.
    pub order_id: OrderId,
    /// From the redirect; the server compares it with its own.
    pub amount: DecimalAmount,
}

/// `POST /api/checkout/sessions/{id}/billing`, and in direct mode the body that Toss's published
/// sample servers take.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IssueRequest {
    /// From the redirect.
    pub auth_key: AuthKey,
    /// From the redirect; the server compares it with its own.
    pub customer_key: CustomerKey,
    /// What the buyer agreed to. Absent from callers that do not ask, and in direct mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
}

/// `POST /api/checkout/sessions/{id}/failure`: what the fail page was told. Recorded, never trusted.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailureReport {
    /// Toss's code.
    pub code: FailureCode,
    /// Toss's sentence.
    #[serde(default)]
    pub message: String,
    /// Absent for `PAY_PROCESS_CANCELED` and for billing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
}

/// The body of every answer that is not a success.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiError {
    /// Toss's code as it came, or one of ours from [`codes`].
    pub code: String,
    /// What is wrong and what to do, for a developer or operator.
    pub message: String,
    /// Whether the same request may succeed later.
    #[serde(default)]
    pub retryable: bool,
    /// Finds the request in the server's log.
    #[serde(default)]
    pub trace_id: String,
}

/// Our own error codes. Toss's pass through unchanged.
pub mod codes {
    /// No session has this id (404).
    pub const SESSION_NOT_FOUND: &str = "CHECKOUT_SESSION_NOT_FOUND";
    /// The session ended before it was finished (410).
    pub const SESSION_EXPIRED: &str = "CHECKOUT_SESSION_EXPIRED";
    /// The call does not fit the session's kind (409).
    pub const WRONG_KIND: &str = "CHECKOUT_WRONG_KIND";
    /// The session has been finished with another key (409).
    pub const ALREADY_FINISHED: &str = "CHECKOUT_ALREADY_FINISHED";
    /// The redirect's amount is not the stored one (422).
    pub const AMOUNT_MISMATCH: &str = "CHECKOUT_AMOUNT_MISMATCH";
    /// The redirect's order number is not the stored one (422).
    pub const ORDER_MISMATCH: &str = "CHECKOUT_ORDER_MISMATCH";
    /// The redirect's customer key is not the stored one (422).
    pub const CUSTOMER_MISMATCH: &str = "CHECKOUT_CUSTOMER_MISMATCH";
    /// The session wants a consent that did not come with the keys (422).
    pub const CONSENT_REQUIRED: &str = "CHECKOUT_CONSENT_REQUIRED";
    /// The body is not what the call takes (400).
    pub const INVALID_REQUEST: &str = "CHECKOUT_INVALID_REQUEST";
    /// The bearer key is missing or wrong (401).
    pub const UNAUTHORIZED: &str = "CHECKOUT_UNAUTHORIZED";
    /// The link to a customer's subscriptions is unknown or has ended: the shop gives a new one (401).
    pub const LINK_EXPIRED: &str = "CHECKOUT_LINK_EXPIRED";
    /// The bearer key may not do this, or the server is not set up for it (403).
    pub const FORBIDDEN: &str = "CHECKOUT_FORBIDDEN";
    /// The same, or something that excludes it, is under way: try again (409).
    pub const IN_PROGRESS: &str = "CHECKOUT_IN_PROGRESS";
    /// What is to be changed is not what `If-Match` names any more (412).
    pub const REVISION_MISMATCH: &str = "CHECKOUT_REVISION_MISMATCH";
    /// The `Idempotency-Key` was used for another request (422).
    pub const IDEMPOTENCY_KEY_USED: &str = "CHECKOUT_IDEMPOTENCY_KEY_USED";
    /// Too many requests (429).
    pub const RATE_LIMITED: &str = "CHECKOUT_RATE_LIMITED";
    /// The database cannot be used at the moment: the same request may come again (503).
    pub const UNAVAILABLE: &str = "CHECKOUT_UNAVAILABLE";
    /// No such address (404).
    pub const NOT_FOUND: &str = "CHECKOUT_NOT_FOUND";
    /// Our own fault (500).
    pub const INTERNAL: &str = "CHECKOUT_INTERNAL";
}
