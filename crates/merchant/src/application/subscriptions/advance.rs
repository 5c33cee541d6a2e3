//! Carries a subscription on: every step that is due, one after the other, each committed for itself.

use std::{sync::Arc, time::Duration};

use tokio::{sync::oneshot, time::Instant};

use super::{breaker, clock};
use crate::{
    application::{
        change::Committed,
        error::UseCaseError,
        ports::{Claimed, RecordsError, Release},
        refund_payment::{RefundRequest, refund_payment},
        services::Services,
        settle_attempt::drive,
        subscription_step::{Loaded, change_of},
    },
    domain::{
        attempt::AttemptStatus,
        ids::SubscriptionId,
        refund::RefundStatus,
        subscription::{
            engine::{Next, next, steps::refunded},
            invoice::Charge,
            state::RefundDue,
        },
        time::Millis,
    },
};
use toss_checkout_contract::Amount;

/// No subscription has more to do at once; what is left is due again at once.
const MOST_STEPS: usize = 64;
/// Other workers do not wake whoever waits for them.
const LOOK: Duration = Duration::from_millis(100);
/// How long a subscription waits while the clock cannot be trusted.
const STANDS_STILL: Duration = Duration::from_mins(1);

/// Where a subscription came to rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rest {
    /// Whether anything was written: the row then says itself when it is due.
    wrote: bool,
    /// When it is due next.
    at: Option<Millis>,
    /// Whether another worker is sending a charge of it at this moment.
    being_sent: bool,
}

/// Works on a subscription that is due. `None`: what was written says when it is due next.
///
/// # Errors
/// The records or a sealed value cannot be read.
pub async fn resume_subscription(
    services: &Arc<Services>,
    claimed: &Claimed,
) -> Result<Option<Release>, UseCaseError> {
    let id = SubscriptionId::new(claimed.id.as_str());
    let Some(subscription) = services.subscriptions.subscription(&id).await? else {
        return Ok(Some(Release::Done));
    };
    if !clock::is_right(services, &subscription.shop_id).await? {
        let later = services.now().plus(STANDS_STILL);
        return Ok(Some(Release::At(later)));
    }
    let rest = Box::pin(advance(services, &id)).await?;
    Ok(match (rest.wrote, rest.at) {
        (true, _) => None,
        (false, Some(at)) => Some(Release::At(at)),
        (false, None) => Some(Release::Done),
    })
}

/// Carries it on in a task that no cancelled request ends, and waits, but not longer than `patience`.
pub(super) async fn advance_now(services: &Arc<Services>, id: &SubscriptionId, patience: Duration) {
    let (end, ended) = oneshot::channel::<()>();
    let (worker, id) = (Arc::clone(services), id.clone());
    let deadline = Instant::now() + patience;
    services.detach(async move {
        loop {
            match Box::pin(advance(&worker, &id)).await {
                // The job was quicker: what it sends has an outcome soon.
                Ok(rest) if rest.being_sent && Instant::now() < deadline => {
                    if !worker.pause(LOOK).await {
                        break;
                    }
                }
                Ok(_) => break,
                Err(error) => {
                    tracing::error!(%error, subscription = %id, "left to be carried on later");
                    break;
                }
            }
        }
        let _ = end.send(());
    });
    tokio::select! {
        _ = ended => {}
        () = tokio::time::sleep(patience) => {}
        () = services.stop.cancelled() => {}
    }
}

async fn advance(services: &Arc<Services>, id: &SubscriptionId) -> Result<Rest, UseCaseError> {
    let mut wrote = false;
    for _ in 0..MOST_STEPS {
        let Some(loaded) = Loaded::read(services, id).await? else {
            return Ok(Rest {
                wrote,
                at: None,
                being_sent: false,
            });
        };
        let now = services.now();
        let step = match next(&loaded.world(services), now) {
            Next::Nothing => {
                let sent = |charge: &Charge| {
                    matches!(charge.status, AttemptStatus::Intended | AttemptStatus::Sent)
                };
                return Ok(Rest {
                    wrote,
                    at: None,
                    being_sent: loaded.charges.iter().any(sent),
                });
            }
            Next::At(at) => {
                return Ok(Rest {
                    wrote,
                    at: Some(at),
                    being_sent: false,
                });
            }
            Next::Do(step) => *step,
            Next::Refund(due) => {
                let problem = give_back(services, &loaded, &due).await?;
                let mut step = refunded(&loaded.world(services));
                step.subscription.needs_attention =
                    problem.or(step.subscription.needs_attention.take());
                step
            }
        };
        if step.charge.is_some() && !breaker::may_charge(services, &loaded, now).await? {
            continue;
        }
        let (change, attempt) = change_of(services, &loaded, step).await?;
        if services.commit(change).await? != Committed::Done {
            // Somebody else took a step; what is due now is decided anew.
            continue;
        }
        wrote = true;
        if let Some(attempt) = attempt {
            let made = attempt.id.clone();
            Box::pin(drive(services, attempt, None)).await?;
            breaker::look(services, &loaded.subscription.shop_id, &made).await?;
        }
    }
    tracing::warn!(subscription = %id, "more steps than one turn takes; the rest is due again");
    Ok(Rest {
        wrote: false,
        at: Some(services.now()),
        being_sent: false,
    })
}

/// Gives money of an invoice back; says what a human has to know when it cannot be.
async fn give_back(
    services: &Arc<Services>,
    loaded: &Loaded,
    due: &RefundDue,
) -> Result<Option<String>, UseCaseError> {
    let attempts = services
        .subscriptions
        .attempts_of_invoice(&due.invoice_id)
        .await?;
    let paid = attempts.into_iter().find(|attempt| {
        matches!(
            attempt.status,
            AttemptStatus::Succeeded | AttemptStatus::Surplus
        )
    });
    let payment = match paid.and_then(|attempt| attempt.payment_id) {
        Some(id) => services.records.payment(&id).await?,
        None => None,
    };
    let Some(payment) = payment else {
        return Ok(Some("its payment was not found to be refunded".to_owned()));
    };
    let Ok(amount) = Amount::won(due.amount.min(payment.balance)) else {
        return Ok(None);
    };
    let request = RefundRequest {
        payment_id: payment.id.clone(),
        request_key: format!("cancel-{}", loaded.subscription.id),
        expected_revision: None,
        amount: Some(amount),
        reason: "구독 해지".to_owned(),
        expected_balance: None,
        account: None,
    };
    let problem = match Box::pin(refund_payment(services, &request)).await {
        Ok(refund) if refund.status == RefundStatus::Declined => "Toss refused it".to_owned(),
        Ok(_) => return Ok(None),
        Err(UseCaseError::Records(error)) => return Err(RecordsError::into(error)),
        Err(error) => error.to_string(),
    };
    let problem = format!(
        "{amount} of payment {} were to go back: {problem}",
        payment.id
    );
    tracing::error!(problem, subscription = %loaded.subscription.id, "a refund was not made");
    Ok(Some(problem))
}
