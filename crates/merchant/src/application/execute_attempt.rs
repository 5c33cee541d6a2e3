//! The one place that sends requests which move money and reads what came of them. Used by the request
//! that began an attempt and by whoever takes it up later.

mod find;
mod request;
mod send;

use self::{
    find::{Found, find},
    request::Request,
    send::{repeat, send},
};
use super::{
    apply_provider_payment::ProviderReport,
    attempts::{Begun, Held},
    error::UseCaseError,
    services::Services,
};
use crate::domain::{
    attempt::{AttemptFailure, AttemptKind},
    lookup::{Absence, absence, may_repeat},
    provider_payment::IssuedMethod,
    time::Millis,
};

/// What came of an attempt.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Toss has the payment, and the attempt's part in it is decided.
    Payment(Box<ProviderReport>),
    /// Toss registered a card or account.
    Issued(Box<IssuedMethod>),
    /// Toss refused, and nothing happened.
    Refused(AttemptFailure),
    /// Nobody knows; look again then.
    Unknown(Millis),
    /// The same, and Toss has answered the repeated request with a fault. It is not sent again: it counts
    /// as refused unless a look from then on finds it.
    Fault {
        /// What Toss said.
        failure: AttemptFailure,
        /// When a look tells.
        again_at: Millis,
    },
    /// Toss said something about another payment. Nothing of it was believed; look again then.
    Foreign {
        /// What differs.
        field: &'static str,
        /// When.
        again_at: Millis,
    },
    /// Only a human can decide.
    NeedsAttention(&'static str),
}

impl Outcome {
    /// Its name in metrics.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Payment(_) => "payment",
            Self::Issued(_) => "issued",
            Self::Refused(_) => "refused",
            Self::Unknown(_) | Self::Fault { .. } => "unknown",
            Self::Foreign { .. } => "foreign",
            Self::NeedsAttention(_) => "needs_attention",
        }
    }
}

/// Sends an attempt that was just written down.
pub(super) async fn execute(
    services: &Services,
    held: &Held,
    begun: Option<Begun>,
) -> Result<Outcome, UseCaseError> {
    let shop = services.credentials(&held.attempt.shop_id).await?;
    let (payment, around) = begun.map(|it| (it.payment, it.around)).unzip();
    let revision = payment.as_ref().map(|payment| payment.revision);
    let request = Request::prepare(services, &held.attempt, payment).await?;
    let mut outcome = send(services, held, &shop, &request).await?;
    if let Outcome::Payment(report) = &mut outcome
        && revision == Some(report.payment.revision)
    {
        report.around = around;
    }
    Ok(outcome)
}

/// Takes up an attempt whose outcome is open: looks first, and sends the same request again only if Toss
/// has certainly not carried it out.
pub(super) async fn resume(services: &Services, held: &Held) -> Result<Outcome, UseCaseError> {
    let attempt = &held.attempt;
    let shop = services.credentials(&attempt.shop_id).await?;
    // A one-time key that cannot be opened any more does not keep us from looking.
    let request = Request::prepare(services, attempt, None).await;
    if attempt.kind == AttemptKind::Issue {
        // There is nothing to look up, but the same request under the same key gets the first answer.
        return match may_repeat(attempt, services.now(), &shop.fingerprint) {
            Ok(()) => repeat(services, held, &shop, &request?).await,
            Err(reason) => Ok(Outcome::NeedsAttention(reason)),
        };
    }
    let asked_at = services.now();
    match find(services, attempt, &shop).await? {
        Found::Payment(report) => Ok(Outcome::Payment(report)),
        Found::Foreign(field) => Ok(Outcome::Foreign {
            field,
            again_at: held.again_at(services, None),
        }),
        Found::NoAnswer(wait) => Ok(Outcome::Unknown(held.again_at(services, wait))),
        Found::Superseded => Ok(Outcome::Refused(superseded())),
        Found::NotDone => match absence(attempt, asked_at, &shop.fingerprint) {
            Absence::TooEarly(at) => Ok(Outcome::Unknown(held.again_at(services, None).min(at))),
            Absence::NeedsAttention(reason) => Ok(Outcome::NeedsAttention(reason)),
            Absence::Repeat => match &attempt.failure {
                Some(fault) => Ok(Outcome::Refused(lasting(fault))),
                None => repeat(services, held, &shop, &request?).await,
            },
        },
    }
}

/// A fault that stays is a refusal, and no fault of the server that tells of it.
fn lasting(fault: &AttemptFailure) -> AttemptFailure {
    AttemptFailure {
        status: 400,
        ..fault.clone()
    }
}

/// The order was paid by another attempt meanwhile; sending this one would take its money twice.
fn superseded() -> AttemptFailure {
    AttemptFailure {
        code: "ALREADY_PROCESSED_PAYMENT".into(),
        message: String::new(),
        status: 400,
    }
}
