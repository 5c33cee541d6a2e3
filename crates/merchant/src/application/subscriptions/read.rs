//! A subscription as it is shown.

use crate::{
    application::{error::UseCaseError, services::Services, subscription_step::Loaded},
    domain::{
        ids::SubscriptionId,
        payment_method::PaymentMethod,
        subscription::{
            Subscription, SubscriptionStatus,
            commands::consent_asked_for,
            consent::Needed,
            price::{Left, due, with_credit},
        },
        time::Millis,
    },
};

/// A subscription with what can be told of its future.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The subscription.
    pub subscription: Subscription,
    /// Whether the customer is to be given what they subscribed to.
    pub entitled: bool,
    /// When something is charged next, and how much, in won.
    pub next_charge: Option<(Millis, u64)>,
    /// What is owed, in won.
    pub owed: Option<u64>,
    /// The consent that the next charge waits for.
    pub consent_needed: Option<Needed>,
    /// The card or account.
    pub method: Option<PaymentMethod>,
}

/// Reads a subscription as it is shown.
///
/// # Errors
/// There is none, or the records fail.
pub async fn show(services: &Services, id: &SubscriptionId) -> Result<Shown, UseCaseError> {
    let loaded = read_at_rest(services, id).await?;
    Ok(shown(services, &loaded))
}

/// Reads a page of subscriptions as they are shown, in their order: one query for each kind of row.
///
/// # Errors
/// The records fail.
pub async fn show_all(
    services: &Services,
    page: Vec<Subscription>,
) -> Result<Vec<Shown>, UseCaseError> {
    let all = Loaded::read_all(services, page).await?;
    Ok(all.iter().map(|loaded| shown(services, loaded)).collect())
}

/// What was read, as it is shown.
pub(in crate::application) fn shown(services: &Services, loaded: &Loaded) -> Shown {
    let now = services.now();
    let world = loaded.world(services);
    let subscription = &loaded.subscription;
    let retry = loaded
        .invoice
        .as_ref()
        .map(|invoice| (invoice.state.retry, invoice.amount));
    let next_charge = match retry {
        Some((retry, amount)) => retry.map(|retry| (retry.at, amount)),
        None => next_period(loaded, services, world.minimum),
    };
    Shown {
        entitled: subscription.is_entitled(),
        next_charge,
        owed: retry.map(|(_, amount)| amount),
        consent_needed: consent_asked_for(&world, now),
        subscription: subscription.clone(),
        method: loaded.method.clone(),
    }
}

/// How often subscriptions are read anew of which one changes while they are read.
const ROUNDS: usize = 5;

/// A subscription, its invoice and its charges as they were at one moment.
pub(in crate::application) async fn read_at_rest(
    services: &Services,
    id: &SubscriptionId,
) -> Result<Loaded, UseCaseError> {
    let find = || async {
        let found = services.subscriptions.subscription(id).await?;
        Ok(found.into_iter().collect())
    };
    let loaded = read_all_at_rest(services, find).await?;
    loaded
        .into_iter()
        .next()
        .ok_or(UseCaseError::NoSubscription)
}

/// Subscriptions, each with its invoice and charges as they were at one moment. `find`: reads their rows.
pub(in crate::application) async fn read_all_at_rest<F>(
    services: &Services,
    find: impl Fn() -> F,
) -> Result<Vec<Loaded>, UseCaseError>
where
    F: Future<Output = Result<Vec<Subscription>, UseCaseError>>,
{
    let mut subscriptions = find().await?;
    let mut rounds = 0;
    loop {
        let loaded = Loaded::read_all(services, subscriptions).await?;
        subscriptions = find().await?;
        let was = loaded.iter().map(|it| &it.subscription);
        let rests = was.map(revision).eq(subscriptions.iter().map(revision));
        rounds += 1;
        if rests || rounds == ROUNDS {
            return Ok(loaded);
        }
    }
}

fn revision(subscription: &Subscription) -> (&SubscriptionId, u64) {
    (&subscription.id, subscription.revision)
}

fn next_period(loaded: &Loaded, services: &Services, minimum: u64) -> Option<(Millis, u64)> {
    use SubscriptionStatus as S;
    let subscription = &loaded.subscription;
    let upcoming = subscription
        .state
        .upcoming(&subscription.id, &services.rules);
    let goes_on = matches!(subscription.status, S::Active | S::Trialing | S::Incomplete);
    let state = &subscription.state;
    let ends = state.cancel.is_some_and(|cancel| cancel.at <= upcoming.at)
        || state.pause.is_some_and(|pause| pause.at <= upcoming.at);
    let rest = state.rest_from.map(|day| Left::of(upcoming.period, day));
    let due = due(upcoming.price, rest, minimum);
    let (amount, _) = with_credit(due, state.credit, minimum);
    (goes_on && !ends).then_some((upcoming.at, amount))
}
