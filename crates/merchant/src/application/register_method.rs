//! Registering a card or account for automatic payment, with the first charge if that was ordered.

use std::sync::Arc;

use toss_checkout_contract::{ChargeStatus, IssueRequest, Session, SessionId, SessionKind};

use super::{
    error::{Mismatch, UseCaseError},
    services::Services,
    submit::{Reply, Submission, submit},
    subscriptions::advance_now,
};
use crate::domain::{attempt::AttemptKind, ids::SubscriptionId};

/// Turns the key that Toss's window brought into a stored billing key. A subscription that begins with it
/// has acted on the outcome of its first charge before that is answered.
///
/// # Errors
/// Nothing was sent to Toss.
pub async fn register_method(
    services: &Arc<Services>,
    id: &SessionId,
    request: &IssueRequest,
) -> Result<Reply, UseCaseError> {
    let submission = Submission {
        kind: AttemptKind::Issue,
        key: request.auth_key.expose(),
        consent: request.consent.as_ref(),
        fits: &|session| fits(session, request),
    };
    let reply = submit(services, id, &submission).await?;
    if let Reply::Done(session) = &reply
        && let Some(subscription) = begun(session)
    {
        advance_now(services, &subscription, services.timing.wait_for_own).await;
    }
    Ok(reply)
}

/// The subscription whose first charge has an outcome.
fn begun(session: &Session) -> Option<SubscriptionId> {
    let result = session.result.as_ref()?;
    let charge = result.charge.as_ref()?;
    let id = result.subscription_id.as_ref()?;
    (charge.status != ChargeStatus::Pending).then(|| SubscriptionId::new(id))
}

fn fits(session: &Session, request: &IssueRequest) -> Result<(), UseCaseError> {
    if session.kind != SessionKind::Billing {
        return Err(UseCaseError::WrongKind);
    }
    if session.customer_key != request.customer_key {
        return Err(UseCaseError::Mismatch(Mismatch::Customer));
    }
    Ok(())
}
