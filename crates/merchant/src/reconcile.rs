//! What happens without being asked: open questions are resolved, sessions end, webhooks that were
//! left over are worked on. Runs at the start and then at every tick.

use std::sync::Arc;

use toss_checkout_contract::SessionStatus;

use crate::{
    billing,
    clock::Millis,
    core::Core,
    sessions::{
        confirm,
        outcome::{Applied, apply},
    },
    store::{
        StoreError,
        records::{Attempt, AttemptKind, Change, NextCheck, SessionPatch, SessionRecord},
    },
    webhooks,
};

/// How many of a kind are taken per tick, so that a backlog does not flood Toss: a test key may ask
/// 100 times a minute. Source: <https://docs.tosspayments.com/guides/v2/get-started/environment>.
const BATCH: u64 = 20;
/// Nobody waits for these.
const DEPOSITS: u64 = 3;
const SWEEP: u64 = 500;

/// Goes on until the process stops.
pub(crate) async fn run(core: Arc<Core>) {
    loop {
        if let Err(error) = tick(&core).await {
            tracing::error!(%error, "the reconciler will try again");
        }
        if !core.pause(core.config.timing.tick).await {
            return;
        }
    }
}

async fn tick(core: &Arc<Core>) -> Result<(), StoreError> {
    end_sessions(core).await?;
    for attempt in core.store.abandoned(core.now(), BATCH).await? {
        take_up(core, attempt).await?;
    }
    for record in core.store.deposits_to_check(core.now(), DEPOSITS).await? {
        check_deposit(core, record).await?;
    }
    for event in core.store.waiting_webhooks(core.now(), BATCH).await? {
        webhooks::take_up(core, event).await?;
    }
    Ok(())
}

async fn end_sessions(core: &Core) -> Result<(), StoreError> {
    for record in core.store.ended(core.now(), SWEEP).await? {
        expire(core, &record).await?;
    }
    Ok(())
}

/// `false`: it changed in between.
async fn expire(core: &Core, record: &SessionRecord) -> Result<bool, StoreError> {
    let mut change = Change::of(record);
    change.patch = SessionPatch {
        status: Some(SessionStatus::Expired),
        next_check: Some(NextCheck::Never),
        ..SessionPatch::default()
    };
    core.commit(change).await
}

/// Resolves an attempt that was left open by a lost answer, a crash or a stop.
async fn take_up(core: &Arc<Core>, attempt: Attempt) -> Result<(), StoreError> {
    let timing = &core.config.timing;
    let lease = core.lease(match attempt.kind {
        AttemptKind::Confirm | AttemptKind::Issue => timing.confirm + timing.lookup,
        AttemptKind::Charge => timing.charge + timing.lookup,
    });
    if !core.store.take_attempt(&attempt, lease).await? {
        return Ok(());
    }
    let worker = Arc::clone(core);
    core.detach(async move {
        tracing::info!(
            attempt = attempt.id,
            tries = attempt.tries,
            "looking up an open attempt"
        );
        let done = match attempt.kind {
            AttemptKind::Confirm => confirm::resume(&worker, &attempt).await,
            AttemptKind::Issue => billing::resume(&worker, &attempt).await,
            AttemptKind::Charge => billing::charge::resume(&worker, &attempt).await,
        };
        if let Err(error) = done {
            tracing::error!(%error, attempt = attempt.id, "an open attempt stays open");
            let again = confirm::again_at(&worker, &attempt);
            if let Err(error) = worker.store.release_attempt(&attempt.id, again).await {
                tracing::error!(%error, "the store failed");
            }
        }
    });
    Ok(())
}

/// Toss sends no webhook when a virtual account closes, and a webhook may be lost; so Toss is asked.
/// Source: <https://docs.tosspayments.com/reference/using-api/webhook-events>.
async fn check_deposit(core: &Core, record: SessionRecord) -> Result<(), StoreError> {
    let timing = &core.config.timing;
    let now = core.now();
    let id = record.session.id.clone();
    let closed = record.due_at.is_some_and(|due| due <= now);
    let Some(order_id) = record.session.order_id.clone() else {
        return Ok(());
    };
    let later = |wait: std::time::Duration| -> Millis { now.plus(wait) };
    match core.toss.payment_of_order(&order_id).await {
        Ok(Some(payment)) => match apply(core, record.clone(), payment, false).await? {
            Applied::NothingNew if closed => {
                // Still no money, and the account has closed.
                expire(core, &record).await?;
                Ok(())
            }
            Applied::Done => Ok(()),
            Applied::NothingNew | Applied::Foreign | Applied::Unavailable => {
                core.store
                    .check_later(&id, later(timing.deposit_check))
                    .await
            }
        },
        Ok(None) => {
            tracing::error!("Toss does not know an order whose account it issued");
            core.store
                .check_later(&id, later(timing.deposit_check))
                .await
        }
        Err(error) => {
            tracing::warn!(%error, "an order could not be looked up");
            core.store
                .check_later(&id, later(timing.tick.max(timing.retry_pause) * 10))
                .await
        }
    }
}
