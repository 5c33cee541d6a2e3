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

/// The time, and whether our clock says the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reading {
    /// The time: Toss's or the database's where ours differs from it.
    pub(super) now: Millis,
    /// Whether ours can be trusted.
    pub(super) is_right: bool,
}

/// Compares the clock with the database's and with Toss's. Nobody who can be asked: it is taken as right.
pub(super) async fn is_right(services: &Services, shop: &ShopId) -> Result<bool, UseCaseError> {
    let right = read(services, shop).await?.is_right;
    telemetry::charges_suspended(!right);
    Ok(right)
}

/// The time. What a command decides holds for the time after the clock was set right, so it never decides
/// by a wrong one.
pub(super) async fn read(services: &Services, shop: &ShopId) -> Result<Reading, UseCaseError> {
    let ours = services.now();
    let mut reading = Reading {
        now: ours,
        is_right: true,
    };
    if services.clock.is_the_machines()
        && let Some(database) = services.subscriptions.database_clock().await?
        && differs(ours, database)
    {
        tell("the database", ours, database);
        reading = Reading {
            now: database,
            is_right: false,
        };
    }
    let credentials = services.credentials(shop).await?;
    for fresh in [false, true] {
        match services.provider.clock(&credentials, fresh).await {
            Some(toss) if differs(services.now(), toss) && fresh => {
                tell("Toss", services.now(), toss);
                reading = Reading {
                    now: toss,
                    is_right: false,
                };
            }
            // What was read before may be of a clock that somebody has set since.
            Some(toss) if differs(services.now(), toss) => {}
            Some(_) => {
                reading.now = services.now();
                break;
            }
            None => break,
        }
    }
    Ok(reading)
}

/// Whether subscriptions that are due may be worked on. Nobody is asked for the time while none is due.
///
/// # Errors
/// The records or a sealed value cannot be read.
pub async fn may_work(services: &Services) -> Result<bool, UseCaseError> {
    let Some(shop) = services.shops.first() else {
        return Ok(true);
    };
    if services.subscriptions.is_any_due(services.now()).await? {
        return is_right(services, shop).await;
    }
    // It may have been set right since.
    telemetry::charges_suspended(false);
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
