//! Payments that a human has to look at.

use super::payment_change;
use crate::{
    application::{
        attempts::ROUNDS,
        change::{Change, Committed},
        error::UseCaseError,
        services::Services,
    },
    domain::{event_data::attention, ids::PaymentId, payment::Payment},
};

/// What begins the reason of a payment that Toss contradicted; a later answer that fits takes it back.
pub(in crate::application) const FOREIGN: &str = "Toss told of something else:";

/// The reason of a payment of which nobody knows for a day; an answer takes it back.
pub(in crate::application) const STILL_UNKNOWN: &str =
    "nobody has known for a day what came of its request to Toss; look into Toss's dashboard";

pub(in crate::application) fn foreign(field: &str) -> String {
    format!("{FOREIGN} its {field} is not the stored one")
}

/// Sets a payment before a human by its name, once.
pub(in crate::application) async fn tell_of(
    services: &Services,
    id: &PaymentId,
    reason: &str,
) -> Result<(), UseCaseError> {
    match services.records.payment(id).await? {
        Some(payment) => tell(services, &payment, reason).await,
        None => Ok(()),
    }
}

/// Sets a payment before a human, once.
pub(in crate::application) async fn tell(
    services: &Services,
    payment: &Payment,
    reason: &str,
) -> Result<(), UseCaseError> {
    let mut old = payment.clone();
    for _ in 0..ROUNDS {
        if old.needs_attention.is_some() {
            return Ok(());
        }
        tracing::error!(payment = %old.id, reason, "a payment needs attention");
        let mut new = old.clone();
        new.needs_attention = Some(reason.to_owned());
        new.revision += 1;
        let change = Change {
            events: vec![attention(&new, reason)],
            ..payment_change(&old, &new)
        };
        if services.commit(change).await? == Committed::Done {
            return Ok(());
        }
        match services.records.payment(&old.id).await? {
            Some(fresh) => old = fresh,
            None => return Ok(()),
        }
    }
    Ok(())
}
