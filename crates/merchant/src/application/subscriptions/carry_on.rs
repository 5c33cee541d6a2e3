//! What an operator decides about a subscription that was set before a human.

use crate::{
    application::{
        change::{Change, Committed, SubscriptionChange, SubscriptionUpdate},
        error::UseCaseError,
        ports::Records,
        subscription_records::SubscriptionRecords,
    },
    domain::{audit::NewAudit, ids::SubscriptionId, subscription::commands, time::Millis},
};

/// How often it is tried against changes that come in between.
const ROUNDS: usize = 8;

/// Takes a subscription off the list of those that need attention and makes it due now; what was held is
/// charged then. `false`: it needs no attention.
///
/// # Errors
/// There is no such subscription, or the records fail.
pub async fn carry_on(
    records: &dyn Records,
    subscriptions: &dyn SubscriptionRecords,
    id: &SubscriptionId,
    audit: &NewAudit,
    now: Millis,
) -> Result<bool, UseCaseError> {
    for _ in 0..ROUNDS {
        let known = subscriptions.subscription(id).await?;
        let known = known.ok_or(UseCaseError::NoSubscription)?;
        let owed = subscriptions.owed_invoice(id).await?;
        let Some(step) = commands::carry_on(&known, owed.as_ref(), now) else {
            return Ok(false);
        };
        let change = Change {
            subscribing: Some(Box::new(SubscriptionChange {
                subscription: Some(SubscriptionUpdate {
                    revision: known.revision,
                    new: Box::new(step.subscription),
                    next_action_at: Some(now),
                }),
                invoice: step.invoice,
                ..SubscriptionChange::default()
            })),
            audit: Some(audit.clone()),
            ..Change::default()
        };
        if records.commit(change, now).await? == Committed::Done {
            return Ok(true);
        }
    }
    Err(UseCaseError::Conflict(
        "the subscription changes all the time; try again".to_owned(),
    ))
}
