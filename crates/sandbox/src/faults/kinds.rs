//! Where things go wrong, and how.

use serde::{Deserialize, Serialize};

/// What a fault can apply to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Endpoint {
    /// `POST /v1/payments/confirm`
    Confirm,
    /// `POST /v1/billing/authorizations/issue`
    Issue,
    /// `POST /v1/billing/{billingKey}`
    Charge,
    /// `GET /v1/payments/…`
    Lookup,
    /// `POST /v1/payments/{paymentKey}/cancel`
    Cancel,
    /// `POST /v1/virtual-accounts`
    Account,
    /// `POST /v1/billing/authorizations/card`
    Card,
    /// `DELETE /v1/billing/{billingKey}`
    Delete,
    /// `GET /v1/transactions`
    Transactions,
    /// `/v1/cash-receipts`
    Receipts,
    /// `POST /v1/payments/key-in`
    KeyIn,
    /// `GET /v1/settlements`
    Settlements,
    /// `GET /v2/standard`
    Sdk,
    /// Webhooks on their way out.
    Webhook,
}

impl Endpoint {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Issue => "issue",
            Self::Charge => "charge",
            Self::Lookup => "lookup",
            Self::Cancel => "cancel",
            Self::Account => "account",
            Self::Card => "card",
            Self::Delete => "delete",
            Self::Transactions => "transactions",
            Self::Receipts => "receipts",
            Self::KeyIn => "keyin",
            Self::Settlements => "settlements",
            Self::Sdk => "sdk",
            Self::Webhook => "webhook",
        }
    }
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The work begins after `delayMs`.
    Delay,
    /// Answers `status` and `code`; no work is done, unless [`Fault::work_after`](super::Fault::work_after) says when.
    Error,
    /// The work is done, then the connection is dropped without an answer.
    LostResponse,
    /// The connection is dropped; no work is done, unless [`Fault::work_after`](super::Fault::work_after) says when.
    Reset,
    /// Nothing is answered until the caller gives up; no work is done, unless [`Fault::work_after`](super::Fault::work_after) says when.
    Timeout,
    /// The work is done, then half of its JSON is answered.
    Malformed,
    /// The work is done, then its JSON is answered with fields set and removed: see [`Fault::set`](super::Fault::set). A webhook
    /// is sent so.
    Mutate,
    /// A webhook is sent twice, with the same transmission id.
    Duplicate,
    /// A webhook is never sent.
    Lost,
    /// A webhook is held back until the next one has overtaken it, a minute at most.
    Reorder,
}

impl FaultKind {
    /// The name in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::Error => "error",
            Self::LostResponse => "lost_response",
            Self::Reset => "reset",
            Self::Timeout => "timeout",
            Self::Malformed => "malformed",
            Self::Mutate => "mutate",
            Self::Duplicate => "duplicate",
            Self::Lost => "lost",
            Self::Reorder => "reorder",
        }
    }
}
