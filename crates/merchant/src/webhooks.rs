//! Toss's webhooks. They are not signed, so none of them is believed: it is a reason to ask Toss.

mod parse;

use std::{sync::Arc, time::Duration};

pub(crate) use self::parse::parse;

use crate::{
    core::Core,
    crypto,
    sessions::outcome::{Applied, apply},
    store::{
        StoreError,
        records::{WebhookEvent, WebhookState},
        webhooks::NewWebhook,
    },
    toss::verdict::pause,
};

const LONGEST_PAUSE: Duration = Duration::from_hours(1);

/// Stores a webhook and sets the work going. A repeated delivery changes nothing.
pub(crate) async fn receive(core: &Arc<Core>, new: NewWebhook) -> Result<(), StoreError> {
    let lease = core.lease(core.config.timing.lookup);
    let Some(event) = core.store.insert_webhook(new, lease, core.now()).await? else {
        tracing::info!("a webhook that was delivered before");
        return Ok(());
    };
    let worker = Arc::clone(core);
    core.detach(async move { work(&worker, &event).await });
    Ok(())
}

/// Takes up a webhook that was left over.
pub(crate) async fn take_up(core: &Arc<Core>, event: WebhookEvent) -> Result<(), StoreError> {
    let lease = core.lease(core.config.timing.lookup);
    if core.store.take_webhook(&event, lease).await? {
        let worker = Arc::clone(core);
        core.detach(async move { work(&worker, &event).await });
    }
    Ok(())
}

/// What became of it.
enum Fate {
    Processed(&'static str),
    Ignored(&'static str),
    Later(&'static str),
}

async fn work(core: &Core, event: &WebhookEvent) {
    let fate = match process(core, event).await {
        Ok(fate) => fate,
        Err(error) => {
            tracing::error!(%error, "a webhook will be tried again");
            return;
        }
    };
    let again = core.now().plus(pause(
        event.tries,
        core.config.timing.retry_pause,
        LONGEST_PAUSE,
    ));
    let (state, note) = match fate {
        Fate::Processed(note) => (WebhookState::Processed, note),
        Fate::Ignored(note) => (WebhookState::Ignored, note),
        Fate::Later(note) => (WebhookState::Pending, note),
    };
    tracing::info!(
        event = event.event_type,
        state = state.as_str(),
        note,
        "webhook"
    );
    if let Err(error) = core
        .store
        .finish_webhook(event.seq, state, note, again)
        .await
    {
        tracing::error!(%error, "a webhook will be tried again");
    }
}

async fn process(core: &Core, event: &WebhookEvent) -> Result<Fate, StoreError> {
    let Some(order_id) = &event.order_id else {
        return Ok(Fate::Ignored("about no order"));
    };
    // Read before asking Toss: see `apply`.
    let Some(record) = core.store.session_of_order(order_id).await? else {
        return Ok(Fate::Ignored("no session has this order"));
    };
    if let Some(known) = &record.secret_digest {
        let proven = match &event.secret_digest {
            Some(given) => crypto::same(known, given),
            // Only DEPOSIT_CALLBACK always carries it.
            None => event.event_type != parse::DEPOSIT_CALLBACK,
        };
        if !proven {
            tracing::warn!("a webhook with a wrong secret");
            return Ok(Fate::Ignored("wrong secret"));
        }
    }
    // Without a stored secret (its answer was lost) the webhook is a hint like any other.
    let payment = match core.toss.payment_of_order(order_id).await {
        Ok(Some(payment)) => payment,
        Ok(None) => return Ok(Fate::Ignored("Toss knows no such order")),
        Err(error) => {
            tracing::warn!(%error, "an order could not be looked up");
            return Ok(Fate::Later("Toss could not be asked"));
        }
    };
    Ok(match apply(core, record, payment, false).await? {
        Applied::Done => Fate::Processed("applied what Toss says"),
        Applied::NothingNew => Fate::Processed("Toss says nothing new"),
        Applied::Foreign => Fate::Ignored("Toss's payment does not fit the session"),
        Applied::Unavailable => Fate::Later("Toss could not be asked"),
    })
}
