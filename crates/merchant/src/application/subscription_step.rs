//! A step of a subscription as a change of the records: what the domain decided, and the intent of the
//! charge that it begins.

use std::collections::HashMap;

use toss_checkout_contract::Amount;

use super::{
    attempts::{Order, charge_intent, to_charge},
    change::{Change, SubscriptionChange, SubscriptionUpdate},
    error::UseCaseError,
    ports::RecordsError,
    services::Services,
    subscription_records::ChargeStop,
};
use crate::domain::{
    attempt::Attempt,
    charge::{ChargeOf, Trigger},
    ids::{ShopId, SubscriptionId},
    minimum,
    payment::{Payment, Purpose},
    payment_method::{PaymentMethod, PaymentMethodStatus},
    subscription::{
        Subscription,
        consent::ConsentRecord,
        engine::{Next, Step, World, next},
        invoice::{Charge, Invoice},
        names,
    },
    time::Millis,
};

/// A subscription with everything that its next step depends on, as it was read.
#[derive(Debug, Clone)]
pub(super) struct Loaded {
    pub(super) subscription: Subscription,
    pub(super) invoice: Option<Invoice>,
    pub(super) charges: Vec<Charge>,
    pub(super) method: Option<PaymentMethod>,
    pub(super) consents: Vec<ConsentRecord>,
    pub(super) stop: ChargeStop,
}

impl Loaded {
    /// The subscription first: whatever changes afterwards gives it another revision.
    pub(super) async fn read(
        services: &Services,
        id: &SubscriptionId,
    ) -> Result<Option<Self>, RecordsError> {
        let records = &services.subscriptions;
        let Some(subscription) = records.subscription(id).await? else {
            return Ok(None);
        };
        let invoice = records.owed_invoice(id).await?;
        let charges = match &invoice {
            Some(invoice) => {
                let attempts = records.attempts_of_invoice(&invoice.id).await?;
                attempts.iter().filter_map(Charge::of).collect()
            }
            None => Vec::new(),
        };
        let method = services
            .records
            .payment_method(&subscription.payment_method_id)
            .await?;
        Ok(Some(Self {
            consents: records.consents(id).await?,
            stop: records.charge_stop(&subscription.shop_id).await?,
            subscription,
            invoice,
            charges,
            method,
        }))
    }

    /// Several at once, in their order: one query for each kind of row.
    pub(super) async fn read_all(
        services: &Services,
        subscriptions: Vec<Subscription>,
    ) -> Result<Vec<Self>, RecordsError> {
        let records = &services.subscriptions;
        let ids: Vec<_> = subscriptions.iter().map(|it| it.id.clone()).collect();
        let methods: Vec<_> = subscriptions
            .iter()
            .map(|it| it.payment_method_id.clone())
            .collect();
        let invoices = records.owed_invoices(&ids).await?;
        let owed: Vec<_> = invoices.iter().map(|it| it.id.clone()).collect();
        let attempts = records.attempts_of_invoices(&owed).await?;
        let methods = records.methods_of(&methods).await?;
        let consents = records.consents_of(&ids).await?;
        // One or two shops charge for all of them.
        let mut stops: HashMap<ShopId, ChargeStop> = HashMap::new();
        for subscription in &subscriptions {
            if !stops.contains_key(&subscription.shop_id) {
                let stop = records.charge_stop(&subscription.shop_id).await?;
                stops.insert(subscription.shop_id.clone(), stop);
            }
        }
        let all = subscriptions.into_iter().map(|subscription| {
            let of = |id: &SubscriptionId| *id == subscription.id;
            let invoice = invoices.iter().find(|it| of(&it.subscription_id));
            let pays = |attempt: &&Attempt| {
                let charge = attempt.charge.as_ref();
                charge.map(|it| &it.invoice_id) == invoice.map(|it| &it.id)
            };
            Self {
                invoice: invoice.cloned(),
                charges: attempts
                    .iter()
                    .filter(pays)
                    .filter_map(Charge::of)
                    .collect(),
                method: methods
                    .iter()
                    .find(|it| it.id == subscription.payment_method_id)
                    .cloned(),
                consents: consents
                    .iter()
                    .filter(|it| of(&it.subscription_id))
                    .cloned()
                    .collect(),
                stop: stops
                    .get(&subscription.shop_id)
                    .copied()
                    .unwrap_or_default(),
                subscription,
            }
        });
        Ok(all.collect())
    }

    /// As the rules see it.
    pub(super) fn world<'a>(&'a self, services: &'a Services) -> World<'a> {
        World {
            subscription: &self.subscription,
            invoice: self.invoice.as_ref(),
            charges: &self.charges,
            chargeable: self.method.as_ref().is_some_and(is_chargeable),
            minimum: self.method.as_ref().map_or(minimum::ACCOUNT, least),
            consents: &self.consents,
            stopped_until: self.stop.until,
            resumed_at: self.stop.resumed_at,
            rules: &services.rules,
        }
    }
}

/// Whether a card or account can be charged.
pub(super) fn is_chargeable(method: &PaymentMethod) -> bool {
    method.status == PaymentMethodStatus::Active
}

/// The least that Toss takes of a card or account.
pub(super) fn least(method: &PaymentMethod) -> u64 {
    method.method.map_or(minimum::ACCOUNT, minimum::of)
}

/// The change that a step comes to, and the attempt that is sent once it is committed. `now`: when the step
/// was decided.
pub(super) async fn change_of(
    services: &Services,
    loaded: &Loaded,
    step: Step,
    now: Millis,
) -> Result<(Change, Option<Attempt>), UseCaseError> {
    let step = step.noted(&loaded.world(services));
    let next_action_at = due_after(services, loaded, &step, now);
    let mut change = Change::default();
    if step.charge.is_some() {
        let (payment, attempt) = charge(services, loaded, &step).await?;
        change.new_payment = Some(payment);
        change.new_attempt = Some(attempt);
    }
    change.subscribing = Some(Box::new(SubscriptionChange {
        subscription: Some(SubscriptionUpdate {
            revision: loaded.subscription.revision,
            new: Box::new(step.subscription),
            next_action_at,
        }),
        invoice: step.invoice,
        new_invoice: step.new_invoice,
        new_notice: step.notice,
        ..SubscriptionChange::default()
    }));
    change.events = step.events;
    let attempt = change.new_attempt.clone();
    Ok((change, attempt))
}

/// When the step after this one is due. While a charge is under way it is the charge's outcome that makes
/// it due.
pub(super) fn due_after(
    services: &Services,
    loaded: &Loaded,
    step: &Step,
    now: Millis,
) -> Option<Millis> {
    if step.charge.is_some() {
        return None;
    }
    let invoice = step.owed(loaded.invoice.as_ref());
    let mut world = loaded.world(services);
    world.subscription = &step.subscription;
    world.invoice = invoice;
    if step.new_invoice.is_some() || invoice.is_none() {
        world.charges = &[];
    }
    match next(&world, now) {
        Next::Nothing => None,
        Next::At(at) => Some(at),
        Next::Do(_) | Next::Refund(_) => Some(now),
    }
}

/// The payment that a charge makes, and its intent. Its order number and idempotency key are computed from
/// subscription, period and number, so a restored backup asks for the same again.
async fn charge(
    services: &Services,
    loaded: &Loaded,
    step: &Step,
) -> Result<(Payment, Attempt), UseCaseError> {
    let missing = UseCaseError::Incomplete;
    let charge = step.charge.as_ref().ok_or(missing("charge"))?;
    let method = loaded.method.as_ref().ok_or(missing("payment method"))?;
    let subscription = &step.subscription;
    let amount = Amount::won(charge.amount).map_err(|_| missing("amount"))?;
    // The session that began it shows how its first charge goes.
    let session = method.session_id.clone().filter(|session| {
        charge.trigger == Trigger::First && names::of_session(session) == subscription.id
    });
    let order = Order {
        order_id: charge.order_id.clone(),
        purpose: Purpose::Subscription,
        session_id: session,
        order_name: subscription.order_name.clone(),
        customer: subscription.state.customer.clone(),
        amount,
    };
    let payment = to_charge(services, method, order);
    let fingerprint = services.credentials(&payment.shop_id).await?.fingerprint;
    let attempt = Attempt {
        idempotency_key: names::idempotency_key(&charge.order_id, &fingerprint),
        charge: Some(ChargeOf {
            invoice_id: charge.invoice_id.clone(),
            no: charge.no,
            trigger: charge.trigger,
        }),
        ..charge_intent(
            services,
            names::attempt(&charge.order_id),
            &payment,
            method.id.clone(),
            fingerprint,
        )
    };
    Ok((payment, attempt))
}
