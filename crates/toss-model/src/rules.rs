//! What Toss's documents leave open. Every default here is an assumption, and can be changed.

use thiserror::Error;
use time::Duration;

use crate::{errors::ErrorCode, payment::Status};

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
    pub auth_key_refused: ErrorCode,
    /// `issue-customer-mismatch`: the code for an authKey with somebody else's customerKey.
    pub issue_customer_mismatch: ErrorCode,
    /// `unknown-billing-key`: the code for charging a billing key that does not exist.
    pub unknown_billing_key: ErrorCode,
    /// `amount-mismatch`: the code for confirming another amount than the window's.
    pub amount_mismatch: ErrorCode,
    /// `lookup-unconfirmed`: whether GET shows a payment that nobody has confirmed yet.
    pub shows_unconfirmed: bool,
    /// `refund-account-missing`: the code for cancelling a deposit without `refundReceiveAccount`.
    pub refund_account_missing: ErrorCode,
    /// `cancel-currency-missing`: the code for cancelling a part of a foreign payment without `currency`, which
    /// the reference calls required there.
    pub cancel_currency_missing: ErrorCode,
    /// `consecutive-cancel`: whether a second cancel of a payment within a second is refused.
    pub refuses_consecutive_cancels: bool,
    /// `card-key-deleted`: whether BILLING_DELETED is sent for cards as it is for accounts.
    pub tells_deleted_cards: bool,
    /// `status-changed-waiting`: whether PAYMENT_STATUS_CHANGED tells WAITING_FOR_DEPOSIT.
    pub tells_waiting: bool,
    /// `billing-secret`: whether the answer to a charge holds a secret. Measured, though the
    /// reference's example says null.
    pub shows_billing_secret: bool,
    /// `cross-origin-headers`: whether script and window may be loaded by a page with
    /// `Cross-Origin-Embedder-Policy: require-corp`. A content delivery network may not say so.
    pub sends_cross_origin_headers: bool,
    /// `rate-limit-code`: the code of a 429.
    pub rate_limit_code: String,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            auth_key_ttl: Duration::minutes(10),
            auth_key_refused: ErrorCode::InvalidBillingAuth,
            issue_customer_mismatch: ErrorCode::NotMatchesCustomerKey,
            unknown_billing_key: ErrorCode::InvalidBillKeyRequest,
            amount_mismatch: ErrorCode::InvalidRequest,
            shows_unconfirmed: true,
            refund_account_missing: ErrorCode::InvalidRequest,
            cancel_currency_missing: ErrorCode::InvalidCurrency,
            refuses_consecutive_cancels: false,
            tells_deleted_cards: true,
            tells_waiting: false,
            shows_billing_secret: true,
            sends_cross_origin_headers: false,
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
    #[error("unknown assumption {0:?}; known are {names}", names = names().join(", "))]
    Name(String),
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

/// One assumption: its name, and the field behind it as text.
struct Assumption {
    name: &'static str,
    field: Field,
}

/// Borrows a field of the rules.
type Get<T> = fn(&mut Rules) -> &mut T;

/// A field by what it holds.
enum Field {
    /// Whole seconds.
    Seconds(Get<Duration>),
    /// A documented code.
    Code(Get<ErrorCode>),
    /// A code that need not be documented.
    Text(Get<String>),
    /// Yes and no in two words.
    Words(&'static str, &'static str, Get<bool>),
}

/// Every assumption, in the order of the console.
const ASSUMPTIONS: [Assumption; 14] = [
    assumption(
        "auth-key-ttl",
        Field::Seconds(|rules| &mut rules.auth_key_ttl),
    ),
    assumption(
        "auth-key-refused",
        Field::Code(|rules| &mut rules.auth_key_refused),
    ),
    assumption(
        "issue-customer-mismatch",
        Field::Code(|rules| &mut rules.issue_customer_mismatch),
    ),
    assumption(
        "unknown-billing-key",
        Field::Code(|rules| &mut rules.unknown_billing_key),
    ),
    assumption(
        "amount-mismatch",
        Field::Code(|rules| &mut rules.amount_mismatch),
    ),
    assumption(
        "lookup-unconfirmed",
        Field::Words("shown", "hidden", |rules| &mut rules.shows_unconfirmed),
    ),
    assumption(
        "refund-account-missing",
        Field::Code(|rules| &mut rules.refund_account_missing),
    ),
    assumption(
        "cancel-currency-missing",
        Field::Code(|rules| &mut rules.cancel_currency_missing),
    ),
    assumption(
        "consecutive-cancel",
        Field::Words("refused", "allowed", |rules| {
            &mut rules.refuses_consecutive_cancels
        }),
    ),
    assumption(
        "card-key-deleted",
        Field::Words("told", "silent", |rules| &mut rules.tells_deleted_cards),
    ),
    assumption(
        "status-changed-waiting",
        Field::Words("told", "silent", |rules| &mut rules.tells_waiting),
    ),
    assumption(
        "billing-secret",
        Field::Words("shown", "hidden", |rules| &mut rules.shows_billing_secret),
    ),
    assumption(
        "cross-origin-headers",
        Field::Words("sent", "absent", |rules| {
            &mut rules.sends_cross_origin_headers
        }),
    ),
    assumption(
        "rate-limit-code",
        Field::Text(|rules| &mut rules.rate_limit_code),
    ),
];

const fn assumption(name: &'static str, field: Field) -> Assumption {
    Assumption { name, field }
}

impl Field {
    fn show(&self, rules: &mut Rules) -> String {
        match self {
            Self::Seconds(get) => get(rules).whole_seconds().to_string(),
            Self::Code(get) => get(rules).as_str().to_owned(),
            Self::Text(get) => get(rules).clone(),
            Self::Words(yes, no, get) => if *get(rules) { yes } else { no }.to_string(),
        }
    }

    /// # Errors
    /// What the field takes.
    fn set(&self, rules: &mut Rules, value: &str) -> Result<(), &'static str> {
        match self {
            Self::Seconds(get) => {
                let seconds: u32 = value.parse().map_err(|_| "whole seconds")?;
                *get(rules) = Duration::seconds(seconds.into());
            }
            Self::Code(get) => {
                let code = ErrorCode::find(value);
                *get(rules) = code.ok_or("an error code that Toss documents")?;
            }
            Self::Text(get) => value.clone_into(get(rules)),
            Self::Words(yes, _, get) if value == *yes => *get(rules) = true,
            Self::Words(_, no, get) if value == *no => *get(rules) = false,
            Self::Words("shown", ..) => return Err("shown or hidden"),
            Self::Words("told", ..) => return Err("told or silent"),
            Self::Words("sent", ..) => return Err("sent or absent"),
            Self::Words(..) => return Err("refused or allowed"),
        }
        Ok(())
    }
}

fn names() -> [&'static str; ASSUMPTIONS.len()] {
    ASSUMPTIONS.map(|assumption| assumption.name)
}

impl Rules {
    /// Changes one assumption, written `NAME=VALUE`.
    ///
    /// # Errors
    /// An unknown name, or a value that it does not take.
    pub fn assume(&mut self, text: &str) -> Result<(), RulesError> {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| RulesError::Shape(text.to_owned()))?;
        let assumption = ASSUMPTIONS.iter().find(|known| known.name == name);
        let assumption = assumption.ok_or_else(|| RulesError::Name(name.to_owned()))?;
        let set = assumption.field.set(self, value);
        set.map_err(|expected| RulesError::Value {
            name: assumption.name,
            expected,
            value: value.to_owned(),
        })
    }

    /// Every assumption with its value, for the console.
    pub fn list(&self) -> Vec<(&'static str, String)> {
        let mut rules = self.clone();
        ASSUMPTIONS
            .iter()
            .map(|assumption| (assumption.name, assumption.field.show(&mut rules)))
            .collect()
    }

    pub(crate) fn shows(&self, status: Status) -> bool {
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
        assert_eq!(rules.auth_key_refused.status(), 404);
        rules.assume("lookup-unconfirmed=hidden").unwrap();
        assert!(!rules.shows(Status::InProgress) && rules.shows(Status::Expired));
        assert!(
            rules
                .list()
                .contains(&("lookup-unconfirmed", "hidden".to_owned()))
        );
    }

    #[test]
    fn names_are_told_apart_and_no_two_change_the_same_field() {
        for (at, (name, before)) in Rules::default().list().into_iter().enumerate() {
            let other = match before.as_str() {
                "shown" => "hidden",
                "told" => "silent",
                "silent" => "told",
                "absent" => "sent",
                "allowed" => "refused",
                "600" => "1",
                _ => "NOT_FOUND",
            };
            let mut rules = Rules::default();
            rules.assume(&format!("{name}={other}")).unwrap();
            let (was, is) = (Rules::default().list(), rules.list());
            let changed: Vec<_> = (0..is.len()).filter(|at| was[*at] != is[*at]).collect();
            assert_eq!(changed, [at], "{name}");
        }
    }

    #[test]
    fn what_cannot_be_assumed_is_named() {
        let mut rules = Rules::default();
        assert!(matches!(rules.assume("x"), Err(RulesError::Shape(_))));
        assert!(matches!(rules.assume("x=1"), Err(RulesError::Name(_))));
        for bad in [
            "amount-mismatch=NO_SUCH",
            "auth-key-ttl=-1",
            "billing-secret=told",
        ] {
            assert!(matches!(rules.assume(bad), Err(RulesError::Value { .. })));
        }
    }
}
