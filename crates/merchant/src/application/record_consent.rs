//! What a buyer agrees to before Toss's window opens. The buyer's own clock proves nothing, so the moment
//! is the one of its arrival.

use toss_checkout_contract::{Consent, SessionId, SessionKind, SessionStatus};

use super::{
    attempts::ROUNDS,
    change::{Change, Committed, Update},
    error::UseCaseError,
    services::Services,
};
use crate::domain::{payment_method::GivenConsent, session::SessionPatch};

/// Keeps a consent with its session. The same one again keeps the first moment.
///
/// # Errors
/// The session is of the other kind, over, or wants another consent.
pub async fn record_consent(
    services: &Services,
    id: &SessionId,
    consent: &Consent,
) -> Result<(), UseCaseError> {
    for _ in 0..ROUNDS {
        let record = services
            .records
            .session(id)
            .await?
            .ok_or(UseCaseError::NoSession)?;
        let session = record.seen_at(services.now());
        if session.kind != SessionKind::Billing {
            return Err(UseCaseError::WrongKind);
        }
        if session.status == SessionStatus::Expired {
            return Err(UseCaseError::SessionExpired);
        }
        if session.status.is_finished() {
            return Err(UseCaseError::AlreadyFinished);
        }
        if session.consent.as_ref().is_some_and(|it| it != consent) {
            return Err(UseCaseError::ConsentRequired);
        }
        let before = record.consent_given.as_ref().map(|given| &given.consent);
        if before == Some(consent) {
            return Ok(());
        }
        let change = Change {
            session: Some(Update {
                id: id.clone(),
                revision: record.session.revision,
                patch: SessionPatch {
                    consent_given: Some(GivenConsent {
                        consent: consent.clone(),
                        at: services.now(),
                    }),
                    ..SessionPatch::default()
                },
            }),
            ..Change::default()
        };
        if services.commit(change).await? == Committed::Done {
            return Ok(());
        }
    }
    Err(UseCaseError::Conflict(
        "the session changed too often; send the consent again".to_owned(),
    ))
}
