//! Sends a request that moves money and finds out what came of it. Used for confirms and charges,
//! by the request that began it and by the reconciler.

use toss_checkout_contract::{Amount, BillingKey, Customer, CustomerKey, OrderId, PaymentKey};

use crate::{
    core::Core,
    sessions::state::{Money, money},
    store::StoreError,
    toss::{
        CallError, ChargeOrder, PaymentObject, Refusal,
        verdict::{Verdict, judge, pause},
    },
};

/// The request.
#[derive(Debug)]
pub(crate) struct Call {
    /// The attempt that was committed for it.
    pub(crate) attempt_id: String,
    /// What makes a repetition harmless.
    pub(crate) idempotency_key: String,
    pub(crate) order_id: OrderId,
    pub(crate) amount: Amount,
    pub(crate) what: What,
}

/// Which request.
#[derive(Debug)]
pub(crate) enum What {
    Confirm(PaymentKey),
    Charge {
        billing_key: BillingKey,
        customer_key: CustomerKey,
        order_name: String,
        customer: Customer,
    },
}

/// What came of it.
#[derive(Debug)]
pub(crate) enum End {
    /// Toss has such a payment, and it is past the confirm.
    Payment(Box<PaymentObject>),
    /// Toss refused, and nothing happened.
    Refused(Refusal),
    /// Nobody knows.
    Unknown,
}

/// What a lookup found.
#[derive(Debug)]
pub(crate) enum Found {
    /// A payment that is past the confirm.
    Payment(Box<PaymentObject>),
    /// No such payment, or one that nobody has confirmed.
    NotDone,
    /// No answer.
    Silence,
}

impl Call {
    async fn post(&self, core: &Core) -> Result<PaymentObject, CallError> {
        match &self.what {
            What::Confirm(payment_key) => {
                core.toss
                    .confirm(
                        payment_key,
                        &self.order_id,
                        self.amount,
                        &self.idempotency_key,
                    )
                    .await
            }
            What::Charge {
                billing_key,
                customer_key,
                order_name,
                customer,
            } => {
                let order = ChargeOrder {
                    amount: self.amount,
                    customer_key,
                    order_id: &self.order_id,
                    order_name,
                    customer,
                };
                core.toss
                    .charge(billing_key, &order, &self.idempotency_key)
                    .await
            }
        }
    }

    /// Sends, and looks up what cannot be told from the answer.
    pub(crate) async fn send(&self, core: &Core) -> Result<End, StoreError> {
        let timing = &core.config.timing;
        for again in 0..=timing.repeats {
            let error = match self.post(core).await {
                Ok(payment) => return Ok(End::Payment(Box::new(payment))),
                Err(error) => error,
            };
            tracing::warn!(%error, "a request that moves money did not succeed");
            match judge(error) {
                Verdict::Refused(refusal) => return Ok(End::Refused(refusal)),
                Verdict::Fault(refusal) => {
                    return Ok(match find(core, &self.order_id, self.key(), 1).await {
                        Found::Payment(payment) => End::Payment(payment),
                        Found::NotDone => End::Refused(refusal),
                        Found::Silence => End::Unknown,
                    });
                }
                Verdict::Before(_) | Verdict::Unknown => {
                    return Ok(
                        match find(core, &self.order_id, self.key(), timing.lookups).await {
                            Found::Payment(payment) => End::Payment(payment),
                            Found::NotDone | Found::Silence => End::Unknown,
                        },
                    );
                }
                Verdict::NotSent => {
                    let wait = pause(again, timing.lookup_pause, timing.connect);
                    if again == timing.repeats || !core.pause(wait).await {
                        break;
                    }
                    let lease = core.lease(self.timeout(core));
                    core.store.release_attempt(&self.attempt_id, lease).await?;
                }
            }
        }
        Ok(End::Unknown)
    }

    /// The payment that a confirm is about.
    pub(crate) fn key(&self) -> Option<&PaymentKey> {
        match &self.what {
            What::Confirm(key) => Some(key),
            What::Charge { .. } => None,
        }
    }

    fn timeout(&self, core: &Core) -> std::time::Duration {
        match self.what {
            What::Confirm(_) => core.config.timing.confirm,
            What::Charge { .. } => core.config.timing.charge,
        }
    }
}

/// Asks Toss for the order, up to `times` times. An order may have several payments, one per visit to
/// the window: that an earlier one was given up says nothing about the one with this `key`.
pub(crate) async fn find(
    core: &Core,
    order_id: &OrderId,
    key: Option<&PaymentKey>,
    times: u32,
) -> Found {
    let timing = &core.config.timing;
    let mut found = Found::Silence;
    for again in 0..times {
        if again > 0 {
            let wait = pause(again - 1, timing.lookup_pause, timing.lookup);
            if !core.pause(wait).await {
                break;
            }
        }
        match core.toss.payment_of_order(order_id).await {
            Ok(Some(payment)) => match money(&payment) {
                Money::NotConfirmed => found = Found::NotDone,
                Money::GivenUp if key.is_some_and(|key| *key != payment.payment_key) => {
                    found = Found::NotDone;
                }
                // A status that Toss added later is no ground to say that nothing happened.
                Money::Unreadable => return Found::Silence,
                _ => return Found::Payment(Box::new(payment)),
            },
            Ok(None) => found = Found::NotDone,
            Err(error) => tracing::warn!(%error, "an order could not be looked up"),
        }
    }
    found
}
