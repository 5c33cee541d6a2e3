//! Which attempt made a payment that Toss tells of.

use crate::domain::{
    attempt::{Attempt, AttemptKind, AttemptStatus},
    names,
    provider_payment::ProviderPayment,
};

/// Whether this attempt made what Toss tells of.
pub(super) fn made(attempt: &Attempt, said: &ProviderPayment) -> bool {
    match attempt.kind {
        AttemptKind::Confirm => {
            let digest = names::one_time_key(AttemptKind::Confirm, said.payment_key.expose());
            attempt.key_digest.as_ref() == Some(&digest)
        }
        AttemptKind::Charge => true,
        AttemptKind::Issue | AttemptKind::Cancel => false,
    }
}

/// The attempt that made the payment: an open one before one that was thought to be refused.
pub(super) fn maker<'a>(attempts: &'a [Attempt], said: &ProviderPayment) -> Option<&'a Attempt> {
    let mut made: Vec<&Attempt> = attempts.iter().filter(|a| made(a, said)).collect();
    made.sort_by_key(|attempt| !attempt.is_open());
    if made.iter().any(|a| a.status == AttemptStatus::Succeeded) {
        return None;
    }
    made.first().copied()
}
