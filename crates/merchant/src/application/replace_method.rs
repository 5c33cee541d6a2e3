//! A checkout that registers another card or account for a subscription, and what follows when it has.

use std::time::Duration;

use toss_checkout_contract::{
    Amount, Interval, Locale, Plan, Session, SessionId, SessionKind, SessionStatus,
};

use super::{
    attempts::ROUNDS,
    change::{Change, Committed, Update},
    create_session::customer_key,
    error::UseCaseError,
    ports::Queue,
    services::Services,
    subscription_step::{Loaded, change_of},
    trusted_clock,
};
use crate::{
    crypto::random_name,
    domain::{
        edit::Edit,
        ids::PaymentMethodId,
        minimum,
        session::{SessionPatch, SessionRecord},
        subscription::{
            Subscription,
            calendar::Unit,
            commands::{Refusal, replace_method},
            engine::has_unhandled_outcome,
        },
        time::Millis,
        work::Work,
    },
};

/// As long as a checkout that the merchant's server makes.
const LASTS: Duration = Duration::from_hours(1);
/// How long a charge that is under way is waited for before it is looked at again.
const UNDER_WAY: Duration = Duration::from_secs(2);

/// Makes a checkout in which the customer registers another card or account for a subscription.
///
/// # Errors
/// It is over, or Toss's script does not take the customer's key.
pub(super) async fn create(
    services: &Services,
    subscription: &Subscription,
    return_url: String,
    locale: Option<Locale>,
) -> Result<SessionId, UseCaseError> {
    if subscription.is_over() {
        return Err(UseCaseError::Conflict(
            "the subscription is canceled; nothing is charged any more".to_owned(),
        ));
    }
    customer_key(&subscription.customer_key)?;
    let shop = services.shop_for(SessionKind::Billing).await?;
    let now = services.now();
    let expires_at = now.plus(LASTS);
    let id = SessionId::new(random_name(SessionId::PREFIX))
        .map_err(|_| UseCaseError::Incomplete("name"))?;
    let record = SessionRecord {
        session: Session {
            id: id.clone(),
            kind: SessionKind::Billing,
            status: SessionStatus::Open,
            revision: 1,
            order_id: None,
            order_name: subscription.order_name.clone(),
            amount: None,
            customer_key: subscription.customer_key.clone(),
            client_key: shop.client_key.clone(),
            methods: minimum::default_methods(SessionKind::Billing, None),
            customer: subscription.state.customer.clone(),
            virtual_account: None,
            card: None,
            foreign_easy_pay: None,
            plan: plan(subscription),
            charge_now: false,
            consent: None,
            locale,
            return_url: Some(return_url),
            expires_at: expires_at.kst(),
            now: None,
            result: None,
        },
        shop_id: shop.id.clone(),
        payment_id: None,
        payment_method_id: None,
        subscribe: false,
        replaces_method_of: Some(subscription.id.clone()),
        consent_given: None,
        expires_at,
        idempotency_key: None,
        request_digest: None,
        created_at: now,
        work: Work::at(expires_at),
        needs_attention: None,
    };
    let change = Change {
        new_session: Some(record),
        ..Change::default()
    };
    match services.commit(change).await? {
        Committed::Done => Ok(id),
        Committed::Stale | Committed::Conflict => Err(UseCaseError::Incomplete("unused name")),
    }
}

/// What the checkout shows of the subscription. Plans know no intervals of two months or the like; then it
/// shows the name alone.
fn plan(subscription: &Subscription) -> Option<Plan> {
    let interval = subscription.state.schedule.interval;
    let interval = match (interval.unit, interval.count) {
        (Unit::Day, 1) => Interval::Day,
        (Unit::Week, 1) => Interval::Week,
        (Unit::Month, 1) => Interval::Month,
        (Unit::Year, 1) => Interval::Year,
        _ => return None,
    };
    let amount = Amount::won(subscription.state.price).ok()?;
    Some(Plan { amount, interval })
}

/// Whether a session has registered what a subscription is to be charged by.
pub(super) fn is_for_a_subscription(record: &SessionRecord) -> bool {
    record.replaces_method_of.is_some()
        && record.session.status == SessionStatus::Registered
        && record.payment_method_id.is_some()
}

/// The subscription is charged by what the session registered from now on; what is owed is due at once.
/// Written in one transaction with the session, which is due until then. Answers when to try again.
pub(super) async fn put_in_place(
    services: &Services,
    session: &SessionId,
) -> Result<Option<Millis>, UseCaseError> {
    for _ in 0..ROUNDS {
        let Some(record) = services.records.session(session).await? else {
            return Ok(None);
        };
        let (Some(subscription), Some(method)) =
            (&record.replaces_method_of, &record.payment_method_id)
        else {
            return Ok(None);
        };
        let mut change = match Loaded::read(services, subscription).await? {
            Some(loaded) => match replaced(services, loaded, method).await? {
                Some(change) => change,
                None => return Ok(Some(services.now().plus(UNDER_WAY))),
            },
            None => Change::default(),
        };
        change.session = Some(Update {
            id: record.session.id.clone(),
            revision: record.session.revision,
            patch: SessionPatch {
                next_action_at: Edit::Clear,
                ..SessionPatch::default()
            },
        });
        if services.commit(change).await? == Committed::Done {
            // What is owed is charged at once.
            services.wake.up(Queue::Subscriptions);
            return Ok(None);
        }
    }
    Ok(Some(services.now().plus(UNDER_WAY)))
}

/// What changes in the subscription: nothing when it is over meanwhile. `None`: a charge is under way, or
/// its outcome has not been acted on.
async fn replaced(
    services: &Services,
    mut loaded: Loaded,
    method: &PaymentMethodId,
) -> Result<Option<Change>, UseCaseError> {
    let now = trusted_clock::read(services, &loaded.subscription.shop_id)
        .await?
        .now;
    if has_unhandled_outcome(&loaded.world(services), now) {
        return Ok(None);
    }
    let new = services.records.payment_method(method).await?;
    let new = new.ok_or(UseCaseError::Incomplete("payment method"))?;
    let (id, shop) = (new.id.clone(), new.shop_id.clone());
    // What is due afterwards depends on whether the new one can be charged.
    loaded.method = Some(new);
    match replace_method(&loaded.world(services), &id, &shop, now) {
        Ok(step) => Ok(Some(change_of(services, &loaded, step, now).await?.0)),
        Err(Refusal::UnderWay) => Ok(None),
        Err(refusal) => {
            tracing::info!(%refusal, subscription = %loaded.subscription.id, "a new card is not charged for the subscription");
            Ok(Some(Change::default()))
        }
    }
}
