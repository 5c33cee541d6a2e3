//! Intents: written down before anything is sent.

use std::time::Duration;

use toss_checkout_contract::Amount;

use super::{error::UseCaseError, services::Services};
use crate::domain::{
    attempt::{Attempt, AttemptKind, AttemptStatus},
    ids::{AttemptId, PaymentMethodId, RefundId, ShopId},
    names::context,
    payment::Payment,
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
