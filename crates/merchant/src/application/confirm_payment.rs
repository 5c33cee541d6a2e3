//! Confirming a payment that the buyer authenticated in Toss's window.

use std::sync::Arc;

use toss_checkout_contract::{Amount, ConfirmRequest, Session, SessionId, SessionKind};

use super::{
    error::{Mismatch, UseCaseError},
    services::Services,
    submit::{Reply, Submission, submit},
};
use crate::domain::attempt::AttemptKind;

/// What the redirect says is compared with what was stored before the payment; then the key is used.
///
/// # Errors
/// Nothing was sent to Toss.
pub async fn confirm_payment(
    services: &Arc<Services>,
    id: &SessionId,
    request: &ConfirmRequest,
) -> Result<Reply, UseCaseError> {
    let submission = Submission {
        kind: AttemptKind::Confirm,
        key: request.payment_key.expose(),
        consent: None,
        fits: &|session| fits(session, request),
    };
    submit(services, id, &submission).await
}

fn fits(session: &Session, request: &ConfirmRequest) -> Result<(), UseCaseError> {
    if session.kind != SessionKind::Payment {
        return Err(UseCaseError::WrongKind);
    }
    if session.order_id.as_ref() != Some(&request.order_id) {
        return Err(UseCaseError::Mismatch(Mismatch::Order));
    }
    if session.amount.map(Amount::decimal) != Some(request.amount) {
        return Err(UseCaseError::Mismatch(Mismatch::Amount));
    }
    Ok(())
}
