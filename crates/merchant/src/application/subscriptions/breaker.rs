//! Stops the charges of a shop whose settings make Toss refuse them: a wrong key or a changed `customerKey`
//! must not reach every customer, and nobody is dunned for it.

use std::time::Duration;

use crate::{
    application::{
        error::UseCaseError,
        ports::{Queue, RecordsError},
        services::Services,
        subscription_records::ChargeOutcome,
        subscription_step::Loaded,
    },
    domain::{
        attempt::AttemptStatus,
        breaker::{LOOKS_AT, is_about_settings, is_open, says},
        ids::{AttemptId, ShopId},
        time::Millis,
    },
};

/// While charges are stopped, one is tried so often: when it is not refused like the others, all go on.
const PROBE: Duration = Duration::from_mins(15);

/// Whether a charge may be sent. While a shop's charges are stopped, the first one after each pause is: it
/// finds out whether the settings are right again.
pub(super) async fn may_charge(
    services: &Services,
    loaded: &Loaded,
    now: Millis,
) -> Result<bool, RecordsError> {
    let Some(until) = loaded.stop.until else {
        return Ok(true);
    };
    let shop = &loaded.subscription.shop_id;
    // Whoever moves the moment forward has the probe.
    services
        .subscriptions
        .stop_charges(shop, Some(until), Some(now.plus(PROBE)), now)
        .await
}

/// Looks at the last charges of a shop after one of them has an outcome that may change something.
pub(super) async fn look(
    services: &Services,
    shop: &ShopId,
    made: &AttemptId,
) -> Result<(), UseCaseError> {
    let records = &services.subscriptions;
    let charges = records.charge_stop(shop).await?;
    let made = services.records.attempt(made).await?;
    let failure = made.and_then(|attempt| attempt.failure);
    if charges.until.is_none() && failure.is_none_or(|failure| !is_about_settings(&failure.code)) {
        return Ok(());
    }
    // What came before charges went on again has had its effect.
    let last = records
        .last_charges(shop, charges.resumed_at, LOOKS_AT)
        .await?;
    let now = services.now();
    let code = |charge: &ChargeOutcome| {
        let declined = charge.status == AttemptStatus::Declined;
        charge.code.clone().filter(|_| declined)
    };
    let refused: Vec<bool> = last
        .iter()
        .filter_map(|charge| says(code(charge).as_ref(), charge.code_before.as_ref()))
        .collect();
    let newest = last
        .first()
        .map(|charge| code(charge).is_some_and(|code| is_about_settings(&code)));
    match charges.until {
        // The newest one is the probe, or was on its way when the others failed.
        Some(until) if newest == Some(false) => {
            let mine = records.stop_charges(shop, Some(until), None, now).await?;
            services.wake.up(Queue::Subscriptions);
            tracing::info!(%shop, mine, "Toss takes charges again: subscriptions go on");
        }
        None if is_open(&refused) => {
            let until = Some(now.plus(PROBE));
            let mine = records.stop_charges(shop, None, until, now).await?;
            tracing::error!(
                %shop,
                mine,
                "Toss refuses this shop's charges because of its settings: subscriptions are not charged until that is over; check its keys and merchant id (toss-merchant doctor)"
            );
        }
        _ => {}
    }
    Ok(())
}

/// The same after an attempt that was taken up: whoever sent it did not learn its outcome. Should it have been
/// the one that finds out, charges would wait for the next.
///
/// # Errors
/// The records fail.
pub async fn look_at_the_shop(services: &Services, attempt: &str) -> Result<(), UseCaseError> {
    let attempt = services.records.attempt(&AttemptId::new(attempt)).await?;
    match attempt.filter(|attempt| attempt.charge.is_some() && !attempt.is_open()) {
        Some(charge) => look(services, &charge.shop_id, &charge.id).await,
        None => Ok(()),
    }
}
