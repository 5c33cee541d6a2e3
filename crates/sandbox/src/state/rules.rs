//! What Toss's documents leave open. Every default here is an assumption, and can be changed.

use thiserror::Error;
use time::Duration;

use super::payment::Status;
use crate::errors::{Row, find, table};

/// Answers to questions that no Toss page answers.
#[derive(Debug, Clone)]
pub struct Rules {
    /// `auth-key-ttl`: how long an authKey can be exchanged. No page says.
    pub auth_key_ttl: Duration,
    /// `auth-key-refused`: the code for an authKey that is unknown, used, too old or another shop's.
    pub auth_key_refused: &'static Row,
    /// `issue-customer-mismatch`: the code for an authKey with somebody else's customerKey.
    pub issue_customer_mismatch: &'static Row,
    /// `unknown-billing-key`: the code for charging a billing key that does not exist.
    pub unknown_billing_key: &'static Row,
    /// `amount-mismatch`: the code for confirming another amount than the window's.
    pub amount_mismatch: &'static Row,
    /// `lookup-unconfirmed`: whether GET shows a payment that nobody has confirmed yet.
    pub shows_unconfirmed: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            auth_key_ttl: Duration::minutes(10),
            auth_key_refused: table::INVALID_BILLING_AUTH,
            issue_customer_mismatch: table::NOT_MATCHES_CUSTOMER_KEY,
            unknown_billing_key: table::INVALID_BILL_KEY_REQUEST,
            amount_mismatch: table::INVALID_REQUEST,
            shows_unconfirmed: true,
        }
    }
}

/// Why an assumption cannot be changed so.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum RulesError {
    /// Not `NAME=VALUE`.
    #[error("an assumption is written NAME=VALUE, not {0:?}")]
    Shape(String),
    /// No such assumption.
    #[error("unknown assumption {0:?}; known are {names}", names = Rules::NAMES.join(", "))]
    Name(String),
    /// Not a code of Toss's.
    #[error("{0:?} is no error code that Toss documents")]
    Code(String),
    /// Not what the assumption takes.
    #[error("{name} takes {expected}, not {value:?}")]
    Value {
        /// Which assumption.
        name: &'static str,
        /// What it takes.
        expected: &'static str,
        /// What it got.
        value: String,
    },
}

impl Rules {
    /// The names of all assumptions.
    pub const NAMES: [&'static str; 6] = [
        "auth-key-ttl",
        "auth-key-refused",
        "issue-customer-mismatch",
        "unknown-billing-key",
        "amount-mismatch",
        "lookup-unconfirmed",
    ];

    /// Changes one assumption, written `NAME=VALUE`.
    ///
    /// # Errors
    /// An unknown name, or a value that it does not take.
    pub fn assume(&mut self, text: &str) -> Result<(), RulesError> {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| RulesError::Shape(text.to_owned()))?;
        let code = || find(value).ok_or_else(|| RulesError::Code(value.to_owned()));
        match name {
            "auth-key-ttl" => {
                self.auth_key_ttl = value
                    .parse::<u32>()
                    .map(|seconds| Duration::seconds(seconds.into()))
                    .map_err(|_| RulesError::Value {
                        name: "auth-key-ttl",
                        expected: "whole seconds",
                        value: value.to_owned(),
                    })?;
            }
            "auth-key-refused" => self.auth_key_refused = code()?,
            "issue-customer-mismatch" => self.issue_customer_mismatch = code()?,
            "unknown-billing-key" => self.unknown_billing_key = code()?,
            "amount-mismatch" => self.amount_mismatch = code()?,
            "lookup-unconfirmed" => {
                self.shows_unconfirmed = match value {
                    "shown" => true,
                    "hidden" => false,
                    _ => {
                        return Err(RulesError::Value {
                            name: "lookup-unconfirmed",
                            expected: "shown or hidden",
                            value: value.to_owned(),
                        });
                    }
                }
            }
            _ => return Err(RulesError::Name(name.to_owned())),
        }
        Ok(())
    }

    /// Every assumption with its value, for the console.
    pub fn list(&self) -> [(&'static str, String); 6] {
        let [ttl, auth, customer, billing, amount, lookup] = Self::NAMES;
        let shown = if self.shows_unconfirmed {
            "shown"
        } else {
            "hidden"
        };
        [
            (ttl, self.auth_key_ttl.whole_seconds().to_string()),
            (auth, self.auth_key_refused.code.to_owned()),
            (customer, self.issue_customer_mismatch.code.to_owned()),
            (billing, self.unknown_billing_key.code.to_owned()),
            (amount, self.amount_mismatch.code.to_owned()),
            (lookup, shown.to_owned()),
        ]
    }

    pub(super) fn shows(&self, status: Status) -> bool {
        self.shows_unconfirmed || !matches!(status, Status::Ready | Status::InProgress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_assumption_can_be_changed_to_what_it_is() {
        let mut rules = Rules::default();
        for (name, value) in Rules::default().list() {
            rules.assume(&format!("{name}={value}")).unwrap();
        }
        rules.assume("auth-key-refused=NOT_FOUND_BILLING").unwrap();
        assert_eq!(rules.auth_key_refused.status, 404);
        rules.assume("lookup-unconfirmed=hidden").unwrap();
        assert!(!rules.shows(Status::InProgress) && rules.shows(Status::Expired));
    }

    #[test]
    fn what_cannot_be_assumed_is_named() {
        let mut rules = Rules::default();
        assert!(matches!(rules.assume("x"), Err(RulesError::Shape(_))));
        assert!(matches!(rules.assume("x=1"), Err(RulesError::Name(_))));
        assert!(matches!(
            rules.assume("amount-mismatch=NO_SUCH"),
            Err(RulesError::Code(_))
        ));
        assert!(matches!(
            rules.assume("auth-key-ttl=-1"),
            Err(RulesError::Value { .. })
        ));
    }
}
