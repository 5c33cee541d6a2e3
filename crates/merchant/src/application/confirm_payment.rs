//! Confirming a payment that the buyer authenticated in Toss's window.

use std::sync::Arc;

use toss_checkout_contract::{Amount, ConfirmRequest, SessionId, SessionKind};

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
    let record = services
        .records
        .session(id)
        .await?
        .ok_or(UseCaseError::NoSession)?;
    let session = &record.session;
    if session.kind != SessionKind::Payment {
        return Err(UseCaseError::WrongKind);
    }
    if session.order_id.as_ref() != Some(&request.order_id) {
        return Err(UseCaseError::Mismatch(Mismatch::Order));
    }
    if session.amount.map(Amount::value) != Some(request.amount) {
        return Err(UseCaseError::Mismatch(Mismatch::Amount));
    }
    let submission = Submission {
        kind: AttemptKind::Confirm,
        key: request.payment_key.expose(),
        consent: None,
    };
    submit(services, id, &submission).await
}
