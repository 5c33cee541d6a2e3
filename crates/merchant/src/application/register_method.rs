//! Registering a card or account for automatic payment, with the first charge if that was ordered.

use std::sync::Arc;

use toss_checkout_contract::{IssueRequest, SessionId, SessionKind};

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
    let record = services
        .records
        .session(id)
        .await?
        .ok_or(UseCaseError::NoSession)?;
    if record.session.kind != SessionKind::Billing {
        return Err(UseCaseError::WrongKind);
    }
    if record.session.customer_key != request.customer_key {
        return Err(UseCaseError::Mismatch(Mismatch::Customer));
    }
    let submission = Submission {
        kind: AttemptKind::Issue,
        key: request.auth_key.expose(),
        consent: request.consent.as_ref(),
    };
    submit(services, id, &submission).await
}
