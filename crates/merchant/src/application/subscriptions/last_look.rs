//! One more look at a charge that was refused, before the next one is sent: Toss may refuse a charge for a
//! passing fault and approve it all the same.

use std::time::Duration;

use crate::{
    application::{
        apply_provider_payment::{Applied, ProviderReport, apply},
        check_payment::ask,
        error::UseCaseError,
        services::Services,
        subscription_step::Loaded,
    },
    domain::{
        attempt::{AttemptKind, AttemptStatus},
        decline::is_certain,
        ids::PaymentId,
        lookup::settles_after,
        subscription::invoice::Charge,
        time::Millis,
        transitions::{Money, money},
    },
};

/// How long the next charge waits while Toss cannot be asked.
const PATIENCE: Duration = Duration::from_mins(1);

/// What a last look tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LastLook {
    /// Nothing was charged: the next charge may be sent.
    NotCharged,
    /// Something is known that was not known before.
    News,
    /// Nobody knows before then.
    Later(Millis),
}

/// Whether Toss is asked before the next charge.
pub(super) fn asks(loaded: &Loaded) -> bool {
    loaded.charges.last().is_some_and(may_be_charged)
}

/// Looks at the last charge of what is owed, if its refusal is not certain.
pub(super) async fn last_look(
    services: &Services,
    loaded: &Loaded,
) -> Result<LastLook, UseCaseError> {
    let Some(last) = loaded.charges.last().filter(|last| may_be_charged(last)) else {
        return Ok(LastLook::NotCharged);
    };
    let settled = last.settled_at.unwrap_or_else(|| services.now());
    let counts_at = settled.plus(settles_after(AttemptKind::Charge));
    if services.now() < counts_at {
        return Ok(LastLook::Later(counts_at));
    }
    let Some(order) = &last.order_id else {
        return Ok(LastLook::NotCharged);
    };
    let Some(payment) = services.records.payment_of_order(order).await? else {
        return Ok(LastLook::NotCharged);
    };
    let later = |wait| LastLook::Later(services.now().plus(wait));
    let said = match ask(services, &payment).await? {
        Ok(Some(said)) => said,
        Ok(None) => return Ok(LastLook::NotCharged),
        Err(error) => {
            tracing::warn!(%error, payment = %payment.id, "Toss could not be asked; the next charge waits");
            return Ok(later(error.retry_after().unwrap_or(PATIENCE)));
        }
    };
    let (id, money) = (payment.id.clone(), money(&said));
    Ok(
        match apply(services, ProviderReport::about(payment, said), None).await? {
            Applied::Done { .. } => LastLook::News,
            // Nothing new for the records may be news here: whoever else looked was quicker, and has
            // written it down since the charges were read.
            Applied::NothingNew if !is_still_refused(services, &id).await? => LastLook::News,
            Applied::NothingNew if money == Money::GivenUp => LastLook::NotCharged,
            Applied::NothingNew | Applied::Foreign(_) | Applied::Unavailable => {
                tracing::warn!(payment = %id, ?money, "nobody knows whether it was charged; the next charge waits");
                later(PATIENCE)
            }
        },
    )
}

fn may_be_charged(charge: &Charge) -> bool {
    charge.status == AttemptStatus::Declined && !charge.code.as_ref().is_some_and(is_certain)
}

async fn is_still_refused(services: &Services, payment: &PaymentId) -> Result<bool, UseCaseError> {
    let attempts = services.records.attempts_of_payment(payment).await?;
    Ok(attempts
        .iter()
        .filter(|attempt| attempt.kind == AttemptKind::Charge)
        .all(|attempt| attempt.status == AttemptStatus::Declined))
}
