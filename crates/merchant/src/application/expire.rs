//! Sessions end by themselves, and virtual accounts when their time is over.

use super::{
    apply_provider_payment::{next_look, payment_change},
    change::{Change, Committed, Update},
    error::UseCaseError,
    ports::{Claimed, Release},
    replace_method::{is_for_a_subscription, put_in_place},
    services::Services,
    settle_attempt::session_change,
};
use crate::domain::{
    edit::Edit,
    event_data::{about_payment, payment_change as change_name},
    payment::{Payment, PaymentStatus},
    session::{SessionPatch, SessionRecord},
};
use toss_checkout_contract::{SessionId, SessionStatus};

/// Ends a session whose time is over, and carries on what one began that registered a card for a
/// subscription.
///
/// # Errors
/// The records fail.
pub async fn expire_session(
    services: &Services,
    claimed: &Claimed,
) -> Result<Release, UseCaseError> {
    let Ok(id) = SessionId::new(claimed.id.as_str()) else {
        return Err(UseCaseError::Incomplete("id"));
    };
    let record = services.records.session(&id).await?;
    if record.as_ref().is_some_and(is_for_a_subscription) {
        let again = Box::pin(put_in_place(services, &id)).await?;
        return Ok(again.map_or(Release::Done, Release::Again));
    }
    let Some(record) = record.filter(|it| it.session.status == SessionStatus::Open) else {
        return Ok(Release::Done);
    };
    if services.now() < record.expires_at {
        return Ok(Release::At(record.expires_at));
    }
    match services.commit(ending(services, &record).await?).await? {
        Committed::Done => Ok(Release::Done),
        // Something happened to it at the last moment.
        Committed::Stale | Committed::Conflict => Ok(Release::Again(services.now())),
    }
}

async fn ending(services: &Services, record: &SessionRecord) -> Result<Change, UseCaseError> {
    let payment = match &record.payment_id {
        Some(id) => services.records.payment(id).await?,
        None => None,
    };
    let mut change = match payment.filter(|payment| payment.status == PaymentStatus::Ready) {
        Some(payment) => over(&payment),
        None => Change::default(),
    };
    change.session = Some(Update {
        id: record.session.id.clone(),
        revision: record.session.revision,
        patch: SessionPatch {
            status: Some(SessionStatus::Expired),
            next_action_at: Edit::Clear,
            ..SessionPatch::default()
        },
    });
    Ok(change)
}

fn over(payment: &Payment) -> Change {
    let mut new = payment.clone();
    new.status = PaymentStatus::Expired;
    new.revision += 1;
    Change {
        events: change_name(payment, &new)
            .map(|kind| about_payment(kind, &new))
            .into_iter()
            .collect(),
        ..payment_change(payment, &new)
    }
}

/// Ends a virtual account that is over by our clock. It is still looked at for a while.
pub(super) async fn expire_account(
    services: &Services,
    payment: &Payment,
) -> Result<Committed, UseCaseError> {
    let mut change = over(payment);
    let mut ended = payment.clone();
    ended.status = PaymentStatus::Expired;
    if let Some(update) = &mut change.payment {
        update.patch.next_action_at =
            Edit::from(next_look(&ended, true, &services.timing, services.now()));
    }
    change.session = session_change(services, &ended).await?;
    Ok(services.commit(change).await?)
}
