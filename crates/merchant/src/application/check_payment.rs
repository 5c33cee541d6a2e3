//! Asks Toss about a payment without being asked to: Toss sends no webhook when a virtual account closes,
//! and any webhook may be lost.

use super::{
    apply_provider_payment::{Applied, ProviderReport, apply, next_look},
    error::UseCaseError,
    expire::expire_account,
    ports::{Claimed, Release},
    provider::ProviderError,
    services::Services,
};
use crate::domain::{
    decline::may_go_through,
    deposit::is_over,
    ids::PaymentId,
    lookup::{distance, settles_after},
    payment::{Payment, PaymentStatus},
    provider_payment::ProviderPayment,
    time::Millis,
};

/// Looks at a payment that is due for a look.
///
/// # Errors
/// The records fail.
pub async fn check_payment(
    services: &Services,
    claimed: &Claimed,
) -> Result<Release, UseCaseError> {
    let id = PaymentId::new(claimed.id.as_str());
    let Some(payment) = services.records.payment(&id).await? else {
        return Ok(Release::Done);
    };
    let later = |services: &Services| {
        let wait = distance(claimed.tries, services.timing.retry_pause);
        Release::Again(services.now().plus(wait))
    };
    let said = match ask(services, &payment).await? {
        Ok(Some(said)) => said,
        Ok(None) if payment.payment_key.is_none() => return next(services, &payment, false).await,
        Ok(None) => {
            tracing::error!(payment = %id, "Toss does not know a payment that it told of");
            return Ok(later(services));
        }
        Err(error) => {
            tracing::warn!(%error, payment = %id, "Toss could not be asked");
            let wait = distance(claimed.tries, services.timing.retry_pause)
                .max(error.retry_after().unwrap_or_default());
            return Ok(Release::Again(services.now().plus(wait)));
        }
    };
    let closed = said.account_closed;
    match apply(services, ProviderReport::about(payment, said), None).await? {
        Applied::Done { .. } | Applied::NothingNew => {}
        Applied::Foreign(_) | Applied::Unavailable => return Ok(later(services)),
    }
    let Some(payment) = services.records.payment(&id).await? else {
        return Ok(Release::Done);
    };
    let now = services.now();
    let timing = &services.timing;
    if payment.status == PaymentStatus::WaitingForDeposit
        && is_over(timing.deposits(), payment.due_at, closed, now)
    {
        // Still no money, and long after its time.
        Box::pin(expire_account(services, &payment)).await?;
        return match services.records.payment(&id).await? {
            Some(fresh) => next(services, &fresh, closed).await,
            None => Ok(Release::Done),
        };
    }
    next(services, &payment, closed).await
}

async fn next(
    services: &Services,
    payment: &Payment,
    closed: bool,
) -> Result<Release, UseCaseError> {
    let now = services.now();
    let at = match next_look(payment, closed, &services.timing, now) {
        None if !payment.status.has_outcome() => refusal_counts_at(services, payment).await?,
        at => at,
    };
    Ok(at.filter(|at| *at > now).map_or(Release::Done, Release::At))
}

/// A refusal that is not certain is looked at once more when Toss is done with the request. Whoever had Toss
/// asked before has not taken this look away.
async fn refusal_counts_at(
    services: &Services,
    payment: &Payment,
) -> Result<Option<Millis>, UseCaseError> {
    let attempts = services.records.attempts_of_payment(&payment.id).await?;
    Ok(attempts
        .iter()
        .filter(|attempt| {
            let failure = attempt.failure.as_ref();
            failure.is_some_and(|failure| may_go_through(&failure.code))
        })
        .filter_map(|attempt| Some(attempt.settled_at?.plus(settles_after(attempt.kind))))
        .max())
}

/// By the exact name where it is known: an order may have several payments at Toss.
pub(super) async fn ask(
    services: &Services,
    payment: &Payment,
) -> Result<Result<Option<ProviderPayment>, ProviderError>, UseCaseError> {
    let shop = services.credentials(&payment.shop_id).await?;
    Ok(match &payment.payment_key {
        Some(key) => services.provider.payment_by_key(&shop, key).await,
        None => {
            services
                .provider
                .payment_by_order(&shop, &payment.order_id)
                .await
        }
    })
}
