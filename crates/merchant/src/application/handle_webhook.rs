//! Toss's webhooks. They are not signed, so none of them is believed: it is a reason to ask Toss.

mod parse;

pub use self::parse::{Unreadable, parse};

use super::{
    apply_provider_payment::{Applied, ProviderReport, apply},
    check_payment::ask,
    delete_method::deleted_at_toss,
    error::UseCaseError,
    ports::{Claimed, Release},
    services::Services,
};
use crate::domain::{
    attempt::AttemptKind,
    lookup::{WebhookProof, distance, webhook_proof},
    payment::Payment,
    time::Millis,
    webhook::{NewWebhook, Webhook, WebhookState},
};

/// Stores a webhook, due at once. A repeated delivery is only counted.
///
/// # Errors
/// The records fail.
pub async fn receive_webhook(services: &Services, new: NewWebhook) -> Result<(), UseCaseError> {
    let stored = services.records.insert_webhook(new, services.now()).await?;
    if stored.is_none() {
        tracing::debug!("a webhook that was delivered before");
    }
    Ok(())
}

/// What became of it.
enum Disposition {
    Processed(&'static str),
    Ignored(&'static str),
    /// To be tried then.
    Later(Millis),
}

/// Works on a webhook. One look-up answers every pending webhook of its order that came before it.
///
/// # Errors
/// The records fail.
pub async fn process_webhook(
    services: &Services,
    claimed: &Claimed,
) -> Result<Release, UseCaseError> {
    let webhook = services.records.webhook(&claimed.id).await?;
    let Some(webhook) = webhook.filter(|webhook| webhook.state == WebhookState::Pending) else {
        return Ok(Release::Done);
    };
    // What is stored until now is answered by what Toss says from now on.
    let until = services.now();
    let (state, note) = match process(services, claimed, &webhook).await? {
        Disposition::Processed(note) => (WebhookState::Processed, note),
        Disposition::Ignored(note) => (WebhookState::Ignored, note),
        Disposition::Later(at) => return Ok(Release::Again(at)),
    };
    tracing::info!(
        event = webhook.content.event_type,
        state = state.as_str(),
        note,
        "webhook"
    );
    // One that proves nothing about an order speaks for itself only.
    let until = if state == WebhookState::Processed {
        until
    } else {
        Millis(i64::MIN)
    };
    services
        .records
        .finish_webhook(claimed, state, note, until)
        .await?;
    Ok(Release::Done)
}

async fn process(
    services: &Services,
    claimed: &Claimed,
    webhook: &Webhook,
) -> Result<Disposition, UseCaseError> {
    let content = &webhook.content;
    if let Some(digest) = &content.key_digest {
        return Ok(if deleted_at_toss(services, digest).await? {
            Disposition::Processed("the card or account is deleted")
        } else {
            Disposition::Ignored("no card or account of ours")
        });
    }
    let Some(order) = &content.order_id else {
        return Ok(Disposition::Ignored("about no order"));
    };
    // Read before asking Toss: see `apply`.
    let Some(payment) = services.records.payment_of_order(order).await? else {
        return Ok(Disposition::Ignored("no payment has this order"));
    };
    let proof = webhook_proof(
        payment.secret_digest.as_deref(),
        content.secret_digest.as_deref(),
    );
    if proof == WebhookProof::OtherSecret && !has_other_attempts(services, &payment).await? {
        return Ok(Disposition::Ignored("another payment's secret"));
    }
    if proof != WebhookProof::Proven {
        let (per_minute, now) = (services.timing.hints_per_minute, services.now());
        let hint = services
            .records
            .hint(&payment.shop_id, &payment.id, per_minute, now);
        if let Err(free_at) = hint.await? {
            return Ok(Disposition::Later(free_at));
        }
    }
    look_up(services, claimed, payment, proof).await
}

async fn look_up(
    services: &Services,
    claimed: &Claimed,
    payment: Payment,
    proof: WebhookProof,
) -> Result<Disposition, UseCaseError> {
    let asked = if proof == WebhookProof::OtherSecret {
        // About another visit to the window: the order's newest payment may be that one.
        let shop = services.credentials(&payment.shop_id).await?;
        services
            .provider
            .payment_by_order(&shop, &payment.order_id)
            .await
    } else {
        ask(services, &payment).await?
    };
    let said = match asked {
        Ok(Some(said)) => said,
        Ok(None) => return Ok(Disposition::Ignored("Toss knows no such order")),
        Err(error) => {
            tracing::warn!(%error, "Toss could not be asked");
            let wait = distance(claimed.tries, services.timing.retry_pause)
                .max(error.retry_after().unwrap_or_default());
            return Ok(Disposition::Later(services.now().plus(wait)));
        }
    };
    Ok(
        match apply(services, ProviderReport::about(payment, said), None).await? {
            Applied::Done { .. } => Disposition::Processed("applied what Toss says"),
            Applied::NothingNew => Disposition::Processed("Toss says nothing new"),
            Applied::Foreign(_) => Disposition::Ignored("Toss's payment does not fit ours"),
            Applied::Unavailable => {
                let wait = distance(claimed.tries, services.timing.retry_pause);
                Disposition::Later(services.now().plus(wait))
            }
        },
    )
}

/// Whether the order was tried more than once, so that Toss may tell of another payment of it.
async fn has_other_attempts(services: &Services, payment: &Payment) -> Result<bool, UseCaseError> {
    let attempts = services.records.attempts_of_payment(&payment.id).await?;
    let confirms = attempts
        .iter()
        .filter(|attempt| attempt.kind == AttemptKind::Confirm);
    Ok(confirms.count() > 1)
}
