//! Carries a subscription on: every step that is due, one after the other, each committed for itself.

use std::{sync::Arc, time::Duration};

use tokio::{sync::oneshot, time::Instant};

use super::{
    breaker,
    last_look::{LastLook, asks, last_look},
    refunds,
};
use crate::{
    application::{
        change::Committed,
        error::UseCaseError,
        ports::{Claimed, RecordsError, Release},
        services::Services,
        settle_attempt::drive,
        subscription_step::{Loaded, change_of},
        trusted_clock,
    },
    domain::{
        attempt::AttemptStatus,
        ids::{ShopId, SubscriptionId},
        subscription::{
            engine::{Next, Step, next, steps::hold},
            invoice::{Charge, Invoice, InvoiceStatus},
            rules::next_time,
        },
        time::Millis,
    },
};

/// No subscription has more to do at once; what is left is due again at once.
const MOST_STEPS: usize = 64;
/// Other workers do not wake whoever waits for them.
const LOOK: Duration = Duration::from_millis(100);
/// Why somebody has to look at a subscription whose card or account cannot be charged by us.
const SEALED: &str = "its billing key cannot be opened: BILLING_KEY_ENCRYPTION_KEYS lacks the key that sealed it; the customer is not dunned for that";

/// What was done for a subscription in one turn.
#[derive(Debug, Default)]
struct Turn {
    /// Whether anything was written: the row then says itself when it is due.
    wrote: bool,
    /// The shop whose requests to Toss were made.
    shop: Option<ShopId>,
    /// How many there were.
    requests: u32,
}

impl Turn {
    fn ends(self, next: Due) -> Rest {
        Rest {
            turn: self,
            next,
            being_sent: false,
        }
    }
}

/// Where a subscription came to rest.
#[derive(Debug)]
struct Rest {
    turn: Turn,
    /// When it is due next.
    next: Due,
    /// Whether another worker is sending a charge of it at this moment.
    being_sent: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Due {
    Never,
    At(Millis),
    /// It was due, and the clock cannot be trusted.
    AsItWas,
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
    let rest = Box::pin(advance(services, &id)).await?;
    correct_rate(services, &rest.turn).await?;
    Ok(match (rest.turn.wrote, rest.next) {
        (true, _) => None,
        (false, Due::At(at)) => Some(Release::At(at)),
        // A moment counted from the wrong clock would make it late by the size of the error.
        (false, Due::AsItWas) => Some(Release::At(claimed.due_at)),
        (false, Due::Never) => Some(Release::Done),
    })
}

/// One request of the shop was reserved when the row was claimed; its work may have made none, or several.
async fn correct_rate(services: &Services, turn: &Turn) -> Result<(), RecordsError> {
    let Some(shop) = turn.shop.as_ref().filter(|_| turn.requests != 1) else {
        return Ok(());
    };
    let (made, rate) = (turn.requests, services.timing.shop_rate);
    let records = &services.subscriptions;
    records.correct_rate(shop, made, rate, services.now()).await
}

/// Carries it on in a task that no cancelled request ends, and waits, but not longer than `patience`.
pub(in crate::application) async fn advance_now(
    services: &Arc<Services>,
    id: &SubscriptionId,
    patience: Duration,
) {
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
    let mut turn = Turn::default();
    for _ in 0..MOST_STEPS {
        let Some(loaded) = Loaded::read(services, id).await? else {
            return Ok(turn.ends(Due::Never));
        };
        turn.shop = Some(loaded.subscription.shop_id.clone());
        let now = services.now();
        let next = next(&loaded.world(services), now);
        let is_due = matches!(next, Next::Do(_) | Next::Refund(_));
        if is_due && !trusted_clock::is_right(services, &loaded.subscription.shop_id).await? {
            return Ok(turn.ends(Due::AsItWas));
        }
        let step = match next {
            Next::Nothing => {
                let sent = |charge: &Charge| {
                    matches!(charge.status, AttemptStatus::Intended | AttemptStatus::Sent)
                };
                return Ok(Rest {
                    being_sent: loaded.charges.iter().any(sent),
                    ..turn.ends(Due::Never)
                });
            }
            Next::At(at) => return Ok(turn.ends(Due::At(at))),
            Next::Do(step) => *step,
            Next::Refund(_) => {
                turn.requests += 1;
                match Box::pin(refunds::give_back(services, &loaded)).await? {
                    Some(step) => step,
                    None => return Ok(turn.ends(Due::At(now.plus(refunds::LOOKS_AGAIN)))),
                }
            }
        };
        if step.charge.is_some() && asks(&loaded) {
            turn.requests += 1;
        }
        let step = match before_a_charge(services, &loaded, step, now).await? {
            Before::Commit(step) => *step,
            Before::LookAgain => continue,
            Before::Wait(at) => return Ok(turn.ends(Due::At(at))),
        };
        let (change, attempt) = change_of(services, &loaded, step, now).await?;
        if services.commit(change).await? != Committed::Done {
            // Somebody else took a step; what is due now is decided anew.
            continue;
        }
        turn.wrote = true;
        if let Some(attempt) = attempt {
            turn.requests += 1;
            let made = attempt.id.clone();
            Box::pin(drive(services, attempt, None)).await?;
            breaker::look(services, &loaded.subscription.shop_id, &made).await?;
        }
    }
    tracing::warn!(subscription = %id, "more steps than one turn takes; the rest is due again");
    turn.wrote = false;
    Ok(turn.ends(Due::At(services.now())))
}

/// What is to be done with a step.
enum Before {
    Commit(Box<Step>),
    /// Something has changed; what is due is decided anew.
    LookAgain,
    /// Nothing before then.
    Wait(Millis),
}

/// What has to hold before the intent of a charge is committed, since it is sent from then on.
async fn before_a_charge(
    services: &Services,
    loaded: &Loaded,
    step: Step,
    now: Millis,
) -> Result<Before, UseCaseError> {
    if step.charge.is_none() {
        return Ok(Before::Commit(Box::new(step)));
    }
    if let Some(method) = &loaded.method
        && let Err(error) = services.billing_key(method)
    {
        tracing::error!(%error, method = %method.id, "a billing key cannot be opened; its charge is held");
        let is_held = |invoice: &Invoice| invoice.status == InvoiceStatus::Held;
        let is_told = loaded.subscription.needs_attention.is_some();
        if is_told && loaded.invoice.as_ref().is_some_and(is_held) {
            let slot = services.rules.hours.slot(loaded.subscription.id.as_str());
            return Ok(Before::Wait(next_time(now, slot)));
        }
        let step = hold(&loaded.world(services), step, SEALED, now);
        return Ok(Before::Commit(Box::new(step)));
    }
    match last_look(services, loaded).await? {
        LastLook::NotCharged => {}
        LastLook::News => return Ok(Before::LookAgain),
        LastLook::Later(at) => return Ok(Before::Wait(at)),
    }
    Ok(if breaker::may_charge(services, loaded, now).await? {
        Before::Commit(Box::new(step))
    } else {
        Before::LookAgain
    })
}
