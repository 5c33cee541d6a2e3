//! Faults that a test orders in advance.

use std::{collections::VecDeque, time::Duration};

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::errors::Refusal;

/// What a fault can befall.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Endpoint {
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
    /// `GET /v2/standard`
    Sdk,
}

impl Endpoint {
    /// The name in JSON.
    pub(crate) fn as_str(self) -> &'static str {
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
            Self::Sdk => "sdk",
        }
    }
}

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// The work begins after `delayMs`.
    Delay,
    /// Answers `status` and `code`; no work is done.
    Error,
    /// The work is done, then the connection is dropped without an answer.
    LostResponse,
    /// The connection is dropped, no work is done.
    Reset,
}

impl Kind {
    /// The name in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Delay => "delay",
            Self::Error => "error",
            Self::LostResponse => "lost_response",
            Self::Reset => "reset",
        }
    }
}

/// An order: the next `count` requests to `endpoint` go wrong in this way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Fault {
    /// Where.
    pub endpoint: Endpoint,
    /// How.
    pub kind: Kind,
    /// How many times are left; 1 when absent.
    #[serde(default = "one")]
    pub count: u32,
    /// For `delay`: milliseconds, at most 60 000.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delay_ms: Option<u64>,
    /// For `error`: the HTTP status; the code's own when absent, 500 for a code that is not documented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// For `error`: the code; `FAILED_INTERNAL_SYSTEM_PROCESSING` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

fn one() -> u32 {
    1
}

/// Toss's own longest answer takes this long.
pub(crate) const MAX_DELAY_MS: u64 = 60_000;

impl Fault {
    /// Checks what JSON cannot say.
    ///
    /// # Errors
    /// A sentence about the first field that cannot be.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.count == 0 {
            return Err("count must be at least 1".into());
        }
        match (self.kind, self.delay_ms) {
            (Kind::Delay, None) => return Err("delay needs delayMs".into()),
            (Kind::Delay, Some(ms)) if ms > MAX_DELAY_MS => {
                return Err(format!("delayMs is at most {MAX_DELAY_MS}"));
            }
            (Kind::Delay, Some(_)) | (_, None) => {}
            (_, Some(_)) => return Err("delayMs belongs to the kind delay".into()),
        }
        if self.kind != Kind::Error && (self.status.is_some() || self.code.is_some()) {
            return Err("status and code belong to the kind error".into());
        }
        if self
            .status
            .is_some_and(|status| !(400..=599).contains(&status))
        {
            return Err("status is 400 to 599".into());
        }
        if self
            .code
            .as_ref()
            .is_some_and(|code| code.is_empty() || code.len() > 100)
        {
            return Err("code is 1 to 100 characters".into());
        }
        Ok(())
    }

    /// How long the work waits.
    pub(crate) fn delay(&self) -> Duration {
        match self.kind {
            Kind::Delay => Duration::from_millis(self.delay_ms.unwrap_or(0).min(MAX_DELAY_MS)),
            _ => Duration::ZERO,
        }
    }

    /// The answer of `error`.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        (self.kind == Kind::Error).then(|| {
            let code = self
                .code
                .clone()
                .unwrap_or_else(|| "FAILED_INTERNAL_SYSTEM_PROCESSING".to_owned());
            Refusal::injected(
                code,
                self.status
                    .and_then(|status| StatusCode::from_u16(status).ok()),
            )
        })
    }
}

/// The orders that are left, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Faults(VecDeque<Fault>);

impl Faults {
    /// The most orders that are kept.
    pub(crate) const MAX: usize = 100;

    /// Adds an order.
    ///
    /// # Errors
    /// What [`Fault::check`] says, or that there are too many.
    pub(crate) fn add(&mut self, fault: Fault) -> Result<(), String> {
        fault.check()?;
        if self.0.len() >= Self::MAX {
            return Err(format!("at most {} faults wait at a time", Self::MAX));
        }
        self.0.push_back(fault);
        Ok(())
    }

    /// Takes one count off the oldest order for this endpoint.
    pub(crate) fn take(&mut self, endpoint: Endpoint) -> Option<Fault> {
        let at = self.0.iter().position(|fault| fault.endpoint == endpoint)?;
        let fault = self.0.get_mut(at)?;
        fault.count -= 1;
        let taken = fault.clone();
        if taken.count == 0 {
            self.0.remove(at);
        }
        Some(taken)
    }

    /// Withdraws all orders.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The orders that are left.
    pub(crate) fn list(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Fault {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn each_order_is_used_up_in_turn() {
        let mut faults = Faults::default();
        faults
            .add(read(
                r#"{"endpoint":"confirm","kind":"lost_response","count":2}"#,
            ))
            .unwrap();
        faults
            .add(read(r#"{"endpoint":"confirm","kind":"reset"}"#))
            .unwrap();
        assert!(faults.take(Endpoint::Issue).is_none());
        let kinds: Vec<_> = std::iter::from_fn(|| faults.take(Endpoint::Confirm))
            .map(|fault| fault.kind)
            .collect();
        assert_eq!(kinds, [Kind::LostResponse, Kind::LostResponse, Kind::Reset]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for bad in [
            r#"{"endpoint":"sdk","kind":"delay"}"#,
            r#"{"endpoint":"sdk","kind":"delay","delayMs":60001}"#,
            r#"{"endpoint":"sdk","kind":"reset","delayMs":1}"#,
            r#"{"endpoint":"sdk","kind":"reset","code":"X"}"#,
            r#"{"endpoint":"sdk","kind":"error","status":200}"#,
            r#"{"endpoint":"sdk","kind":"error","count":0}"#,
            r#"{"endpoint":"sdk","kind":"error","code":""}"#,
        ] {
            assert!(Faults::default().add(read(bad)).is_err(), "{bad}");
        }
        assert!(
            serde_json::from_str::<Fault>(r#"{"endpoint":"sdk","kind":"error","x":1}"#).is_err()
        );
    }
}
