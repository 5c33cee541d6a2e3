//! Sends a request and reads what came of it, by look-ups where its answer does not tell.

use std::time::Duration;

use toss_checkout_contract::codes;

use super::{
    Outcome,
    find::{Found, find},
    lasting,
    request::{Answer, Request},
    superseded,
};
use crate::{
    application::{
        attempts::Held,
        error::UseCaseError,
        ports::{Claimed, Queue, Release},
        provider::{Credentials, ProviderError},
        services::Services,
    },
    domain::{
        attempt::{AttemptFailure, AttemptKind},
        lookup::{is_long_after, settles_after},
        provider_payment::IssuedMethod,
    },
};

/// Sends the same request again, unless the worker has stood still for longer than its lease: then another
/// has the attempt, and may be sending it.
pub(super) async fn repeat(
    services: &Services,
    held: &Held,
    shop: &Credentials,
    request: &Request,
) -> Result<Outcome, UseCaseError> {
    let timing = &services.timing;
    let needed = timing.sending(held.attempt.kind) + timing.looking();
    if extend(services, held, needed).await? {
        send(services, held, shop, request).await
    } else {
        Ok(Outcome::Unknown(held.again_at(services, None)))
    }
}

pub(super) async fn send(
    services: &Services,
    held: &Held,
    shop: &Credentials,
    request: &Request,
) -> Result<Outcome, UseCaseError> {
    let timing = &services.timing;
    let key = &held.attempt.idempotency_key;
    for again in 0..=timing.repeats {
        let sent_at = services.now();
        let error = match request.post(services, shop, key).await {
            Ok(Answer::Issued(issued)) => return Ok(read_issue(request, issued)),
            Ok(Answer::Payment(report)) => match request.difference(&report.said) {
                None => return Ok(Outcome::Payment(report)),
                Some(field) => return reject_answer(services, held, shop, field).await,
            },
            Err(error) => error,
        };
        tracing::warn!(%error, attempt = %held.attempt.id, "a request that moves money did not succeed");
        match error {
            ProviderError::Refused(failure) | ProviderError::Configuration(failure) => {
                return Ok(Outcome::Refused(failure));
            }
            ProviderError::DoneBefore(failure) => {
                return done_before(services, held, shop, failure).await;
            }
            ProviderError::Unknown {
                retry_after, fault, ..
            } => {
                let outcome = look(services, held, shop, retry_after).await?;
                let fault = fault.filter(|_| is_long_after(&held.attempt, sent_at));
                return Ok(with_fault(services, held, outcome, fault));
            }
            ProviderError::NotSent(_) => {
                if again == timing.repeats || !services.pause(timing.lookup_pause).await {
                    break;
                }
            }
        }
    }
    Ok(Outcome::Unknown(held.again_at(services, None)))
}

/// Toss answers the same `Idempotency-Key` the same for 15 days (documented; refusals are known to be
/// among these answers, of faults nothing is written). Whether it did that or tried once more: a fault that
/// is named when the request is sent again, long after it was sent first, is what it comes to, unless a look-up
/// finds it.
fn with_fault(
    services: &Services,
    held: &Held,
    outcome: Outcome,
    fault: Option<AttemptFailure>,
) -> Outcome {
    let attempt = &held.attempt;
    match (outcome, fault) {
        // There is nothing to look up: this was the look.
        (Outcome::Unknown(_), Some(fault))
            if attempt.kind == AttemptKind::Issue && attempt.failure.is_some() =>
        {
            Outcome::Refused(lasting(&fault))
        }
        (Outcome::Unknown(at), Some(failure)) => Outcome::Fault {
            failure,
            again_at: at.max(services.now().plus(settles_after(attempt.kind))),
        },
        (outcome, _) => outcome,
    }
}

/// Looks a few times while the buyer waits. That Toss has it not says nothing yet.
async fn look(
    services: &Services,
    held: &Held,
    shop: &Credentials,
    retry_after: Option<Duration>,
) -> Result<Outcome, UseCaseError> {
    let timing = &services.timing;
    let attempt = &held.attempt;
    let worth_it = retry_after.is_none_or(|wait| wait <= timing.lookup);
    if attempt.kind == AttemptKind::Issue
        || !worth_it
        || !extend(services, held, timing.looking()).await?
    {
        return Ok(Outcome::Unknown(held.again_at(services, retry_after)));
    }
    let mut wait = timing.lookup_pause.max(retry_after.unwrap_or_default());
    for again in 0..timing.lookups {
        // An answer that was lost is found at once.
        let first = again == 0 && retry_after.is_none();
        if !first && !services.pause(wait).await {
            break;
        }
        match find(services, attempt, shop).await? {
            Found::Payment(report) => return Ok(Outcome::Payment(report)),
            Found::Foreign(field) => {
                let again_at = held.again_at(services, None);
                return Ok(Outcome::Foreign { field, again_at });
            }
            Found::Superseded => return Ok(Outcome::Refused(superseded())),
            Found::NotDone | Found::NoAnswer(_) => {}
        }
        if !first {
            wait = (wait * 2).min(timing.lookup);
        }
    }
    Ok(Outcome::Unknown(held.again_at(services, None)))
}

/// Holds the attempt for so long from now on. `false`: somebody else has it.
async fn extend(services: &Services, held: &Held, time: Duration) -> Result<bool, UseCaseError> {
    let until = services.now().plus(time);
    let claimed = Claimed {
        id: held.attempt.id.to_string(),
        lease_no: held.lease_no,
        tries: held.tries,
        due_at: until,
    };
    Ok(services
        .records
        .release(Queue::Attempts, &claimed, Release::Again(until))
        .await?)
}

/// An answer about another payment: Toss is asked for the one that was meant.
async fn reject_answer(
    services: &Services,
    held: &Held,
    shop: &Credentials,
    field: &'static str,
) -> Result<Outcome, UseCaseError> {
    tracing::error!(
        field,
        attempt = %held.attempt.id,
        "Toss answered about another payment than was asked for; it is not believed"
    );
    let again_at = held.again_at(services, None);
    Ok(match find(services, &held.attempt, shop).await? {
        Found::Payment(report) => Outcome::Payment(report),
        _ => Outcome::Foreign { field, again_at },
    })
}

async fn done_before(
    services: &Services,
    held: &Held,
    shop: &Credentials,
    failure: AttemptFailure,
) -> Result<Outcome, UseCaseError> {
    let outcome = match held.attempt.kind {
        AttemptKind::Issue => return Ok(Outcome::Refused(failure)),
        _ => look(services, held, shop, None).await?,
    };
    Ok(match outcome {
        // Everything was given back before, and not by this cancel.
        Outcome::Unknown(_) if held.attempt.kind == AttemptKind::Cancel => {
            Outcome::Refused(failure)
        }
        outcome => outcome,
    })
}

fn read_issue(request: &Request, issued: Box<IssuedMethod>) -> Outcome {
    if request.is_for(&issued.customer_key) {
        return Outcome::Issued(issued);
    }
    tracing::error!("Toss issued a billing key for another customer; it is not kept");
    Outcome::Refused(AttemptFailure {
        code: codes::CUSTOMER_MISMATCH.into(),
        message: "Toss answered for another customer".to_owned(),
        status: 400,
    })
}
