//! Intents: written down before anything is sent.

use std::time::Duration;

use toss_checkout_contract::{Amount, Customer, OrderId, SessionId};

use super::{error::UseCaseError, services::Services};
use crate::domain::{
    attempt::{Attempt, AttemptKind, AttemptStatus},
    ids::{AttemptId, PaymentMethodId, RefundId, ShopId},
    names::{self, context},
    payment::{Payment, PaymentDetails, PaymentStatus, Purpose},
    payment_method::PaymentMethod,
    session::SessionRecord,
    time::Millis,
    work::Work,
};

/// How often a step is tried against changes that come in between.
pub(super) const ROUNDS: usize = 8;

/// A worker's hold on an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) attempt: Attempt,
    /// What the worker has to show when it writes.
    pub(crate) lease_no: i64,
    /// How often it was taken up before.
    pub(crate) tries: u32,
}

impl Held {
    /// The hold of whoever wrote the attempt down and sends it.
    pub(super) fn by_writer(attempt: Attempt) -> Self {
        Self {
            lease_no: attempt.work.lease_no,
            tries: 0,
            attempt,
        }
    }

    /// When the attempt is looked at next, should its outcome stay open.
    pub(super) fn again_at(&self, services: &Services, wanted: Option<Duration>) -> Millis {
        let distance = crate::domain::lookup::distance(self.tries, services.timing.retry_pause);
        services
            .now()
            .plus(distance.max(wanted.unwrap_or_default()))
    }
}

/// A payment as it was committed with the intent to confirm it, and what stands around it. Whoever sends
/// the request need not read it again: should any of it have changed, what is written next is refused.
#[derive(Debug)]
pub(super) struct Begun {
    pub(super) payment: Payment,
    pub(super) around: Around,
}

/// What stands around a payment.
#[derive(Debug)]
pub(super) struct Around {
    /// Every attempt at it, oldest first.
    pub(super) attempts: Vec<Attempt>,
    /// The checkout session that it belongs to.
    pub(super) session: Option<SessionRecord>,
}

/// What a registered card or account is charged for.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) order_id: OrderId,
    pub(super) purpose: Purpose,
    /// The checkout session that shows how it goes.
    pub(super) session_id: Option<SessionId>,
    pub(super) order_name: String,
    pub(super) customer: Customer,
    pub(super) amount: Amount,
}

/// The payment that a charge makes, of which nothing is known yet. Its name follows from the order number.
pub(super) fn to_charge(services: &Services, method: &PaymentMethod, order: Order) -> Payment {
    Payment {
        id: names::payment(&order.order_id),
        shop_id: method.shop_id.clone(),
        order_id: order.order_id,
        purpose: order.purpose,
        session_id: order.session_id,
        payment_method_id: Some(method.id.clone()),
        customer_key: method.customer_key.clone(),
        order_name: order.order_name,
        customer: order.customer,
        amount: order.amount,
        balance: 0,
        status: PaymentStatus::Confirming,
        revision: 1,
        payment_key: None,
        secret_digest: None,
        details: PaymentDetails::default(),
        approved_at: None,
        due_at: None,
        created_at: services.now(),
        work: Work::default(),
        needs_attention: None,
    }
}

/// An attempt that is committed as sent and held by its writer, who sends it at once: should the writer
/// die first, it is taken up when the lease ends, like one whose answer was lost.
pub(super) fn intent(
    services: &Services,
    kind: AttemptKind,
    id: AttemptId,
    shop_id: ShopId,
    key_fingerprint: String,
) -> Attempt {
    let now = services.now();
    Attempt {
        idempotency_key: id.to_string(),
        id,
        kind,
        shop_id,
        session_id: None,
        payment_id: None,
        payment_method_id: None,
        refund_id: None,
        charge: None,
        key_digest: None,
        sealed_key: None,
        key_fingerprint,
        order_id: None,
        amount: None,
        status: AttemptStatus::Sent,
        failure: None,
        consent: None,
        sent_at: Some(now),
        fault_at: None,
        settled_at: None,
        created_at: now,
        work: Work {
            next_action_at: Some(now.plus(services.timing.sending(kind))),
            lease_no: 1,
            tries: 0,
        },
        needs_attention: None,
    }
}

/// The intent to charge a card or account for a payment.
pub(super) fn charge_intent(
    services: &Services,
    id: AttemptId,
    payment: &Payment,
    method: PaymentMethodId,
    fingerprint: String,
) -> Attempt {
    Attempt {
        session_id: payment.session_id.clone(),
        payment_id: Some(payment.id.clone()),
        payment_method_id: Some(method),
        order_id: Some(payment.order_id.clone()),
        amount: Some(payment.amount),
        ..intent(
            services,
            AttemptKind::Charge,
            id,
            payment.shop_id.clone(),
            fingerprint,
        )
    }
}

/// The intent to give money of a payment back.
pub(super) fn cancel_intent(
    services: &Services,
    id: AttemptId,
    payment: &Payment,
    refund: RefundId,
    amount: Amount,
    fingerprint: String,
) -> Attempt {
    Attempt {
        payment_id: Some(payment.id.clone()),
        refund_id: Some(refund),
        order_id: Some(payment.order_id.clone()),
        amount: Some(amount),
        ..intent(
            services,
            AttemptKind::Cancel,
            id,
            payment.shop_id.clone(),
            fingerprint,
        )
    }
}

/// The one-time key of an attempt.
pub(super) fn open_key(
    services: &Services,
    attempt: &Attempt,
) -> Result<zeroize::Zeroizing<String>, UseCaseError> {
    let sealed = attempt
        .sealed_key
        .as_ref()
        .ok_or(UseCaseError::Incomplete("one-time key"))?;
    Ok(services
        .keys
        .open(sealed, &context::one_time_key(&attempt.id))?)
}
