//! Toss said no.

use super::{Settled, session_change};
use crate::{
    application::{
        apply_provider_payment::payment_change,
        attempts::{Held, ROUNDS},
        change::{
            AttemptUpdate, Change, Committed, PaymentMethodPatch, RefundUpdate, Settlement, Update,
        },
        error::UseCaseError,
        services::Services,
    },
    domain::{
        attempt::{AttemptFailure, AttemptKind},
        audit::NewAudit,
        decline::{ends_the_method, may_go_through},
        edit::Edit,
        event_data::{about_payment, payment_change as change_name},
        ids::PaymentMethodId,
        lookup::settles_after,
        payment::{PaymentDetails, PaymentStatus},
        payment_method::PaymentMethodStatus,
        refund::RefundStatus,
        session::SessionPatch,
    },
};
use toss_checkout_contract::{SessionResult, SessionStatus};

/// Writes a refusal down: what was tried may be tried again with another key or card. `audit`: an operator
/// has said so.
pub(in crate::application) async fn decline(
    services: &Services,
    held: &Held,
    failure: AttemptFailure,
    audit: Option<NewAudit>,
) -> Result<Settled, UseCaseError> {
    for _ in 0..ROUNDS {
        let mut change = match held.attempt.kind {
            AttemptKind::Confirm | AttemptKind::Charge => payment(services, held, &failure).await?,
            AttemptKind::Issue => registration(services, held, &failure).await?,
            AttemptKind::Cancel => refund(held, &failure),
        };
        change.attempt = Some(AttemptUpdate::of(
            &held.attempt,
            Some(held.lease_no),
            Settlement::Declined(failure.clone()),
        ));
        change.audit.clone_from(&audit);
        if services.commit(change).await? == Committed::Done {
            return Ok(Settled::Closed(None));
        }
        let fresh = services.records.attempt(&held.attempt.id).await?;
        let mine = fresh.is_some_and(|it| it.is_open() && it.work.lease_no == held.lease_no);
        if !mine {
            // Toss's own word, or another worker, has decided it.
            return Ok(Settled::Closed(None));
        }
    }
    Ok(Settled::Open(held.again_at(services, None)))
}

async fn payment(
    services: &Services,
    held: &Held,
    failure: &AttemptFailure,
) -> Result<Change, UseCaseError> {
    let payment = services.payment_of(&held.attempt).await?;
    let method = method(services, held, failure).await?;
    // Another attempt, or Toss's own word, has brought it further.
    if !matches!(
        payment.status,
        PaymentStatus::Ready
            | PaymentStatus::Confirming
            | PaymentStatus::Unknown
            | PaymentStatus::Failed
    ) {
        return Ok(Change {
            method,
            ..Change::default()
        });
    }
    let mut new = payment.clone();
    new.status = PaymentStatus::Failed;
    new.details = PaymentDetails {
        failure: Some(failure.shown()),
        ..PaymentDetails::default()
    };
    new.needs_attention = None;
    new.revision += 1;
    let mut change = payment_change(&payment, &new);
    if may_go_through(&failure.code)
        && let Some(update) = &mut change.payment
    {
        let at = services.now().plus(settles_after(held.attempt.kind));
        update.patch.next_action_at = Edit::To(at);
    }
    change.session = session_change(services, &new).await?;
    change.method = method;
    change.events = change_name(&payment, &new)
        .map(|kind| about_payment(kind, &new))
        .into_iter()
        .collect();
    Ok(change)
}

/// A card or account that will not be charged any more is not offered again.
async fn method(
    services: &Services,
    held: &Held,
    failure: &AttemptFailure,
) -> Result<Option<Update<PaymentMethodId, PaymentMethodPatch>>, UseCaseError> {
    let id = match &held.attempt.payment_method_id {
        Some(id) if held.attempt.kind == AttemptKind::Charge && ends_the_method(&failure.code) => {
            id
        }
        _ => return Ok(None),
    };
    let method = services.records.payment_method(id).await?;
    Ok(method
        .filter(|method| method.status == PaymentMethodStatus::Active)
        .map(|method| Update {
            id: method.id,
            revision: method.revision,
            patch: PaymentMethodPatch {
                status: Some(PaymentMethodStatus::Dead),
                dead_code: Some(failure.code.clone()),
                ..PaymentMethodPatch::default()
            },
        }))
}

async fn registration(
    services: &Services,
    held: &Held,
    failure: &AttemptFailure,
) -> Result<Change, UseCaseError> {
    let record = services.session_of(&held.attempt).await?;
    if record.session.status.is_finished() {
        return Ok(Change::default());
    }
    Ok(Change {
        session: Some(Update {
            id: record.session.id.clone(),
            revision: record.session.revision,
            patch: SessionPatch {
                status: Some(SessionStatus::Failed),
                result: Some(SessionResult {
                    failure: Some(failure.shown()),
                    ..SessionResult::default()
                }),
                ..SessionPatch::default()
            },
        }),
        ..Change::default()
    })
}

fn refund(held: &Held, failure: &AttemptFailure) -> Change {
    let refunds = held.attempt.refund_id.iter().map(|id| RefundUpdate {
        id: id.clone(),
        status: RefundStatus::Declined,
        transaction_key: None,
        details: crate::domain::refund::RefundDetails {
            failure: Some(failure.shown()),
            ..crate::domain::refund::RefundDetails::default()
        },
    });
    Change {
        refunds: refunds.collect(),
        ..Change::default()
    }
}
