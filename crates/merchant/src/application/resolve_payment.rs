//! What an operator decides about a payment or a registration that the program cannot. Nothing here says that money moved:
//! that is Toss's word alone. Whatever is decided is written down with who decided it and why.

use super::{
    apply_provider_payment::payment_change,
    attempts::Held,
    change::{Change, Committed},
    error::UseCaseError,
    services::Services,
    settle_attempt::decline,
};
use toss_checkout_contract::SessionId;

use crate::domain::{
    attempt::{Attempt, AttemptFailure, AttemptKind},
    audit::{AuditAction, NewAudit},
    decline::NOT_CARRIED_OUT,
    payment::Payment,
};

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
    let attempts = services.records.attempts_of_payment(&payment.id).await?;
    let attempt = set_aside(attempts, &format!("payment {}", payment.id))?;
    let attention = attempt.needs_attention.clone();
    let audit = entry(payment, AuditAction::NotCarriedOut, actor, reason);
    close(services, attempt, audit).await?;
    let fresh = services.records.payment(&payment.id).await?;
    match fresh {
        // A refund that did not happen leaves the payment as it was, and nothing to look at.
        Some(fresh) if fresh.needs_attention.is_some() && fresh.needs_attention == attention => {
            clear(services, &fresh, None).await
        }
        _ => Ok(()),
    }
}

/// Closes the registration of a session whose outcome nobody knows: no card or account was registered, or
/// nobody will charge it. Toss has nothing to look a registration up by, so this is not known better later; the
/// buyer may register again.
///
/// # Errors
/// No registration of the session was set aside for a human.
pub async fn registration_not_carried_out(
    services: &Services,
    session: &SessionId,
    actor: &str,
    reason: &str,
) -> Result<(), UseCaseError> {
    let mut attempts = services.records.attempts_of_session(session).await?;
    attempts.retain(|attempt| attempt.kind == AttemptKind::Issue);
    let attempt = set_aside(attempts, "this session")?;
    let audit = NewAudit {
        actor: actor.to_owned(),
        action: AuditAction::NotCarriedOut,
        // The session's id opens it.
        subject: attempt.id.to_string(),
        reason: reason.to_owned(),
    };
    close(services, attempt, audit).await
}

async fn close(services: &Services, attempt: Attempt, audit: NewAudit) -> Result<(), UseCaseError> {
    let failure = AttemptFailure {
        code: NOT_CARRIED_OUT.into(),
        message: audit.reason.clone(),
        status: 409,
    };
    let held = Held {
        lease_no: attempt.work.lease_no,
        tries: attempt.work.tries,
        attempt,
    };
    Box::pin(decline(services, &held, failure, Some(audit))).await?;
    Ok(())
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

fn set_aside(attempts: Vec<Attempt>, of: &str) -> Result<Attempt, UseCaseError> {
    let Some(open) = attempts.into_iter().find(Attempt::is_open) else {
        return Err(UseCaseError::Conflict(format!(
            "no request of {of} is open, so nothing is to be decided"
        )));
    };
    if open.needs_attention.is_none() {
        return Err(UseCaseError::Conflict(format!(
            "request {} ({}) is still being looked up; nothing is to be decided until it needs attention",
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
