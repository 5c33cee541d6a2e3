//! What the merchant's developer is told.

use toss_checkout_contract::{FailureCode, ValueError};
use toss_payments_sdk::SdkError;

const USE_CLIENT_KEY: &str =
    "use the client key under \"API 개별 연동 키\" (test_ck_… or live_ck_…)";

/// Why the page cannot work. [`Misconfiguration::fix`] tells the merchant's developer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misconfiguration {
    /// Neither the options nor the address name a session.
    NoSession,
    /// The address names a session that cannot be one.
    BadSession(ValueError),
    /// A secret key where the client key belongs.
    SecretKey,
    /// A key of the widget product.
    WidgetKey,
    /// No client key.
    EmptyClientKey,
    /// Not a client key at all.
    BadClientKey(ValueError),
    /// An option with a value that it does not take.
    BadOption {
        /// The option.
        name: &'static str,
        /// What is wrong and what it takes.
        problem: String,
    },
    /// The session offers no method.
    NoMethod,
    /// Toss's SDK refused what the merchant configured.
    Sdk {
        /// Toss's code.
        code: FailureCode,
        /// Toss's sentence.
        message: String,
    },
}

impl Misconfiguration {
    /// What is wrong and how to mend it, in English.
    pub fn fix(&self) -> String {
        let why = |error: &ValueError, fix: &str| [&error.to_string(), ": ", fix].concat();
        match self {
            Self::NoSession => {
                "neither the option `session` nor the address names a session: open the \
                 page with the `url` that POST /api/sessions answers, or set the option to its `id`"
                    .to_owned()
            }
            Self::BadSession(error) => why(
                error,
                "take `id` or `url` from the answer of POST /api/sessions",
            ),
            Self::SecretKey => {
                "the client key is a secret key: replace it with the client key (test_ck_… or \
                 live_ck_…), and issue a new secret key, since this one has been in a browser"
                    .to_owned()
            }
            Self::WidgetKey => [
                "the client key belongs to the payment widget (gck): ",
                USE_CLIENT_KEY,
            ]
            .concat(),
            Self::EmptyClientKey => ["the client key is empty: ", USE_CLIENT_KEY].concat(),
            Self::BadClientKey(error) => why(error, USE_CLIENT_KEY),
            Self::BadOption { name, problem } => ["option ", name, ": ", problem].concat(),
            Self::NoMethod => {
                "the session has no payment method: give `methods` at least one".to_owned()
            }
            Self::Sdk { code, message } => {
                ["Toss refused the call with ", code.as_str(), ": ", message].concat()
            }
        }
    }

    /// The SDK's refusals that the buyer can do nothing about and the developer can.
    pub fn from_sdk(error: &SdkError) -> Option<Self> {
        error.is_misconfiguration().then(|| Self::Sdk {
            code: error.failure_code(),
            message: error.message.clone(),
        })
    }
}
