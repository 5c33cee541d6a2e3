//! Registering a card or account for automatic payment, with the first charge if that was ordered.

use std::sync::Arc;

use toss_checkout_contract::{IssueRequest, Session, SessionId, SessionKind};

use super::{
    error::{Mismatch, UseCaseError},
    services::Services,
    submit::{Reply, Submission, submit},
};
use crate::domain::attempt::AttemptKind;

/// Turns the key that Toss's window brought into a stored billing key.
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
    submit(services, id, &submission).await
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
