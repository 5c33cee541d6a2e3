//! Whether the clock can be trusted with money: one that runs ahead would charge tomorrow's customers
//! today.

use std::time::Duration;

use crate::{
    application::{error::UseCaseError, services::Services},
    domain::{ids::ShopId, time::Millis},
    telemetry,
};

/// The clock may differ from others by this much.
const TOLERANCE: Duration = Duration::from_secs(30);

/// Compares the clock with the database's and with Toss's. Nobody who can be asked: it is taken as right.
pub(super) async fn is_right(services: &Services, shop: &ShopId) -> Result<bool, UseCaseError> {
    let right = compare(services, shop).await?;
    telemetry::charges_stand_still(!right);
    Ok(right)
}

async fn compare(services: &Services, shop: &ShopId) -> Result<bool, UseCaseError> {
    if services.clock.is_the_machines()
        && let Some(database) = services.subscriptions.database_clock().await?
        && differs(services.now(), database)
    {
        tell("the database", services.now(), database);
        return Ok(false);
    }
    let credentials = services.credentials(shop).await?;
    for fresh in [false, true] {
        match services.provider.clock(&credentials, fresh).await {
            Some(toss) if differs(services.now(), toss) && fresh => {
                tell("Toss", services.now(), toss);
                return Ok(false);
            }
            // What was read before may be of a clock that somebody has set since.
            Some(toss) if differs(services.now(), toss) => {}
            Some(_) | None => break,
        }
    }
    Ok(true)
}

fn differs(one: Millis, other: Millis) -> bool {
    one.since(other).max(other.since(one)) > TOLERANCE
}

fn tell(whose: &str, ours: Millis, theirs: Millis) {
    tracing::error!(
        ours = ours.kst().as_str(),
        theirs = theirs.kst().as_str(),
        "the clock differs from that of {whose}: no subscription is charged until it is set right"
    );
}
