//! What Toss's documents leave open. Every default here is an assumption, and can be changed.

use thiserror::Error;
use time::Duration;

use super::payment::Status;
use crate::errors::{Row, find, table};

/// Answers to questions that no Toss page answers.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an independent yes or no, named by its assumption"
)]
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
    /// `refund-account-missing`: the code for cancelling a deposit without `refundReceiveAccount`.
    pub refund_account_missing: &'static Row,
    /// `consecutive-cancel`: whether a second cancel of a payment within a second is refused.
    pub refuses_consecutive_cancels: bool,
    /// `card-key-deleted`: whether BILLING_DELETED is sent for cards as it is for accounts.
    pub tells_deleted_cards: bool,
    /// `status-changed-waiting`: whether PAYMENT_STATUS_CHANGED tells WAITING_FOR_DEPOSIT.
    pub tells_waiting: bool,
    /// `billing-secret`: whether the answer to a charge holds a secret. Measured, though the
    /// reference's example says null.
    pub shows_billing_secret: bool,
    /// `rate-limit-code`: the code of a 429.
    pub rate_limit_code: String,
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
            refund_account_missing: table::INVALID_REQUEST,
            refuses_consecutive_cancels: false,
            tells_deleted_cards: true,
            tells_waiting: false,
            shows_billing_secret: true,
            rate_limit_code: "TOO_MANY_REQUESTS".to_owned(),
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

/// Words for yes and no.
type Words = (&'static str, &'static str);
const SHOWN: Words = ("shown", "hidden");
const TOLD: Words = ("told", "silent");
const REFUSED: Words = ("refused", "allowed");

fn choice(name: &'static str, value: &str, (yes, no): Words) -> Result<bool, RulesError> {
    if value == yes || value == no {
        return Ok(value == yes);
    }
    Err(RulesError::Value {
        name,
        expected: match yes {
            "shown" => "shown or hidden",
            "told" => "told or silent",
            _ => "refused or allowed",
        },
        value: value.to_owned(),
    })
}

impl Rules {
    /// The names of all assumptions.
    pub const NAMES: [&'static str; 12] = [
        "auth-key-ttl",
        "auth-key-refused",
        "issue-customer-mismatch",
        "unknown-billing-key",
        "amount-mismatch",
        "lookup-unconfirmed",
        "refund-account-missing",
        "consecutive-cancel",
        "card-key-deleted",
        "status-changed-waiting",
        "billing-secret",
        "rate-limit-code",
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
                self.shows_unconfirmed = choice("lookup-unconfirmed", value, SHOWN)?;
            }
            "refund-account-missing" => self.refund_account_missing = code()?,
            "consecutive-cancel" => {
                self.refuses_consecutive_cancels = choice("consecutive-cancel", value, REFUSED)?;
            }
            "card-key-deleted" => {
                self.tells_deleted_cards = choice("card-key-deleted", value, TOLD)?;
            }
            "status-changed-waiting" => {
                self.tells_waiting = choice("status-changed-waiting", value, TOLD)?;
            }
            "billing-secret" => {
                self.shows_billing_secret = choice("billing-secret", value, SHOWN)?;
            }
            "rate-limit-code" => value.clone_into(&mut self.rate_limit_code),
            _ => return Err(RulesError::Name(name.to_owned())),
        }
        Ok(())
    }

    /// Every assumption with its value, for the console.
    pub fn list(&self) -> [(&'static str, String); 12] {
        let word = |(yes, no): (&str, &str), is: bool| if is { yes } else { no }.to_owned();
        let values = [
            self.auth_key_ttl.whole_seconds().to_string(),
            self.auth_key_refused.code.to_owned(),
            self.issue_customer_mismatch.code.to_owned(),
            self.unknown_billing_key.code.to_owned(),
            self.amount_mismatch.code.to_owned(),
            word(SHOWN, self.shows_unconfirmed),
            self.refund_account_missing.code.to_owned(),
            word(REFUSED, self.refuses_consecutive_cancels),
            word(TOLD, self.tells_deleted_cards),
            word(TOLD, self.tells_waiting),
            word(SHOWN, self.shows_billing_secret),
            self.rate_limit_code.clone(),
        ];
        let mut names = Self::NAMES.into_iter();
        values.map(|value| (names.next().unwrap_or_default(), value))
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
