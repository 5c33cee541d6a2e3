//! Toss registered a card or account.

mod subscribe;

use super::Settled;
use crate::{
    application::{
        attempts::{Held, Order, ROUNDS, charge_intent, to_charge},
        change::{AttemptUpdate, Change, Committed, Settlement, SubscriptionChange, Update},
        error::UseCaseError,
        replace_method,
        services::{Services, billing_key_context},
    },
    domain::{
        attempt::Attempt,
        edit::Edit,
        event::{EventType, NewEvent},
        event_data::about_method,
        names,
        payment::{Payment, Purpose},
        payment_method::{GivenConsent, PaymentMethod, PaymentMethodDisplay, PaymentMethodStatus},
        provider_payment::IssuedMethod,
        session::{SessionPatch, SessionRecord},
        session_view::billing_result,
        work::Work,
    },
};
use toss_checkout_contract::SessionStatus;

/// What a registration begins.
#[derive(Default)]
pub(super) struct Begun {
    payment: Option<Payment>,
    attempt: Option<Attempt>,
    subscribing: Option<Box<SubscriptionChange>>,
    events: Vec<NewEvent>,
}

impl From<Option<(Payment, Attempt)>> for Begun {
    fn from(first: Option<(Payment, Attempt)>) -> Self {
        let (payment, attempt) = first.unzip();
        Self {
            payment,
            attempt,
            ..Self::default()
        }
    }
}

/// Stores the billing key, and with it the intent of the first charge if that was ordered. Toss never
/// shows a billing key again, so this is committed before anybody hears of it.
pub(super) async fn register(
    services: &Services,
    held: &Held,
    issued: &IssuedMethod,
) -> Result<Settled, UseCaseError> {
    for _ in 0..ROUNDS {
        let record = services.session_of(&held.attempt).await?;
        let method = method(services, &record, &held.attempt, issued)?;
        let begun = if let Some(id) = record.subscription_id() {
            subscribe::begin(services, &record, &method, id).await?
        } else {
            Begun::from(first_charge(services, &record, &method).await?)
        };
        let payment = begun.payment.as_ref();
        let change = Change {
            session: Some(Update {
                id: record.session.id.clone(),
                revision: record.session.revision,
                patch: SessionPatch {
                    status: Some(SessionStatus::Registered),
                    result: Some(billing_result(
                        &method,
                        payment,
                        record.subscription_id().as_ref(),
                    )),
                    payment_id: payment.map(|payment| payment.id.clone()),
                    payment_method_id: Some(method.id.clone()),
                    // Should the process end now, it is carried on.
                    next_action_at: Edit::from(
                        record.replaces_method_of.is_some().then(|| services.now()),
                    ),
                    ..SessionPatch::default()
                },
            }),
            // Whoever brings the key keeps it: Toss gives every worker the same one.
            attempt: Some(AttemptUpdate::of(
                &held.attempt,
                None,
                Settlement::Succeeded,
            )),
            new_payment: payment.cloned(),
            new_attempt: begun.attempt.clone(),
            events: [about_method(EventType::PaymentMethodRegistered, &method)]
                .into_iter()
                .chain(begun.events)
                .collect(),
            subscribing: begun.subscribing,
            new_method: Some(method),
            ..Change::default()
        };
        if services.commit(change).await? == Committed::Done {
            if record.replaces_method_of.is_some() {
                Box::pin(replace_method::put_in_place(services, &record.session.id)).await?;
            }
            return Ok(begun.attempt.map_or(Settled::Closed(None), |attempt| {
                Settled::Follows(Box::new(attempt))
            }));
        }
        let fresh = services.records.attempt(&held.attempt.id).await?;
        if !fresh.is_some_and(|attempt| attempt.is_open()) {
            // Another worker has stored the same key: Toss gave both the same answer.
            return Ok(Settled::Closed(None));
        }
    }
    Err(UseCaseError::Conflict(
        "a billing key could not be written down".to_owned(),
    ))
}

fn method(
    services: &Services,
    record: &SessionRecord,
    attempt: &Attempt,
    issued: &IssuedMethod,
) -> Result<PaymentMethod, UseCaseError> {
    let session = &record.session;
    let consent = attempt.consent.clone().map(|consent| GivenConsent {
        consent,
        at: attempt.created_at,
    });
    let mut method = PaymentMethod {
        id: names::payment_method(&session.id),
        shop_id: attempt.shop_id.clone(),
        customer_key: session.customer_key.clone(),
        session_id: Some(session.id.clone()),
        method: issued.method,
        sealed_key: String::new(),
        key_digest: names::billing_key(issued.billing_key.expose()),
        display: PaymentMethodDisplay {
            card: issued.card.clone(),
            account: issued.account.clone(),
        },
        status: PaymentMethodStatus::Active,
        dead_code: None,
        consent: consent.or_else(|| record.consent_given.clone()),
        revision: 1,
        created_at: services.now(),
        work: Work::default(),
        needs_attention: None,
    };
    method.sealed_key = services
        .keys
        .seal(issued.billing_key.expose(), &billing_key_context(&method))?;
    Ok(method)
}

/// One per session, so its name, key and order number can be told from the session alone: even a backend
/// whose database was restored from a backup would not charge twice.
async fn first_charge(
    services: &Services,
    record: &SessionRecord,
    method: &PaymentMethod,
) -> Result<Option<(Payment, Attempt)>, UseCaseError> {
    let session = &record.session;
    let Some(plan) = session.plan.filter(|_| session.charge_now) else {
        return Ok(None);
    };
    let (attempt_id, order_id) =
        names::first_charge(&session.id).map_err(|_| UseCaseError::Incomplete("order number"))?;
    let order = Order {
        order_id,
        purpose: Purpose::FirstCharge,
        session_id: Some(session.id.clone()),
        order_name: session.order_name.clone(),
        customer: session.customer.clone(),
        // From the stored plan, never from the browser.
        amount: plan.amount,
    };
    let payment = to_charge(services, method, order);
    let fingerprint = services.credentials(&payment.shop_id).await?.fingerprint;
    let attempt = charge_intent(
        services,
        attempt_id,
        &payment,
        method.id.clone(),
        fingerprint,
    );
    Ok(Some((payment, attempt)))
}
