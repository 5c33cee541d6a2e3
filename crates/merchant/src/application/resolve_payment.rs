//! What an operator decides about a payment that the program cannot. Nothing here says that money moved:
//! that is Toss's word alone. Whatever is decided is written down with who decided it and why.

use super::{
    apply_provider_payment::payment_change,
    attempts::Held,
    change::{Change, Committed},
    error::UseCaseError,
    services::Services,
    settle_attempt::decline,
};
use crate::domain::{
    attempt::{Attempt, AttemptFailure},
    audit::{AuditAction, NewAudit},
    payment::Payment,
};

/// The failure of a request that an operator has closed.
pub const NOT_CARRIED_OUT: &str = "CHECKOUT_NOT_CARRIED_OUT";

/// Closes the request of a payment whose outcome nobody knows: the operator has seen at Toss that it was
/// not carried out. Should Toss tell otherwise later, that is recorded as surplus.
///
/// # Errors
/// No request of the payment was set aside for a human.
pub async fn not_carried_out(
    services: &Services,
    payment: &Payment,
    actor: &str,
    reason: &str,
) -> Result<(), UseCaseError> {
    let attempt = set_aside(services, payment).await?;
    let attention = attempt.needs_attention.clone();
    let failure = AttemptFailure {
        code: NOT_CARRIED_OUT.into(),
        message: reason.to_owned(),
        status: 409,
    };
    let held = Held {
        lease_no: attempt.work.lease_no,
        tries: attempt.work.tries,
        attempt,
    };
    let audit = entry(payment, AuditAction::NotCarriedOut, actor, reason);
    decline(services, &held, failure, Some(audit)).await?;
    let fresh = services.records.payment(&payment.id).await?;
    match fresh {
        // A refund that did not happen leaves the payment as it was, and nothing to look at.
        Some(fresh) if fresh.needs_attention.is_some() && fresh.needs_attention == attention => {
            clear(services, &fresh, None).await
        }
        _ => Ok(()),
    }
}

/// Takes a payment off the list of those that need attention: the operator has dealt with the reason.
///
/// # Errors
/// It needs no attention, or a request of it is still open.
pub async fn handled(
    services: &Services,
    payment: &Payment,
    actor: &str,
    reason: &str,
) -> Result<(), UseCaseError> {
    if payment.needs_attention.is_none() {
        return Err(UseCaseError::Conflict(format!(
            "payment {} needs no attention",
            payment.id
        )));
    }
    let attempts = services.records.attempts_of_payment(&payment.id).await?;
    if let Some(open) = attempts.iter().find(|attempt| attempt.is_open()) {
        return Err(UseCaseError::Conflict(format!(
            "the outcome of request {} ({}) is open: have Toss asked with --ask, or, when Toss's dashboard shows that it was not carried out, say --not-carried-out",
            open.id, open.kind
        )));
    }
    let audit = entry(payment, AuditAction::Handled, actor, reason);
    clear(services, payment, Some(audit)).await
}

async fn clear(
    services: &Services,
    payment: &Payment,
    audit: Option<NewAudit>,
) -> Result<(), UseCaseError> {
    let mut new = payment.clone();
    new.needs_attention = None;
    new.revision += 1;
    let change = Change {
        audit,
        ..payment_change(payment, &new)
    };
    match services.commit(change).await? {
        Committed::Done => Ok(()),
        Committed::Stale | Committed::Conflict => Err(UseCaseError::Conflict(format!(
            "payment {} was changed just now; look at it again",
            payment.id
        ))),
    }
}

async fn set_aside(services: &Services, payment: &Payment) -> Result<Attempt, UseCaseError> {
    let attempts = services.records.attempts_of_payment(&payment.id).await?;
    let Some(open) = attempts.into_iter().find(Attempt::is_open) else {
        return Err(UseCaseError::Conflict(format!(
            "no request of payment {} is open, so nothing is to be decided",
            payment.id
        )));
    };
    if open.needs_attention.is_none() {
        return Err(UseCaseError::Conflict(format!(
            "request {} ({}) is still being looked up; nothing is to be decided until it needs attention. To have Toss asked now, say --ask",
            open.id, open.kind
        )));
    }
    Ok(open)
}

/// Who decided what about a payment, and why.
pub fn entry(payment: &Payment, action: AuditAction, actor: &str, reason: &str) -> NewAudit {
    NewAudit {
        actor: actor.to_owned(),
        action,
        subject: payment.id.to_string(),
        reason: reason.to_owned(),
    }
}
