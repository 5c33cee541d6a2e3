//! When Toss is asked about a payment unasked: any webhook may be lost.

use crate::{
    domain::{
        deposit,
        names::spread,
        payment::{Payment, PaymentStatus},
        time::Millis,
        watch,
    },
    timing::Timing,
};

/// The next time. `None`: never again.
pub(in crate::application) fn next_look(
    payment: &Payment,
    account_closed: bool,
    timing: &Timing,
    now: Millis,
) -> Option<Millis> {
    let spread = spread(payment.id.as_str());
    match payment.status {
        PaymentStatus::WaitingForDeposit => deposit::next_look(
            timing.deposits(),
            payment.due_at,
            account_closed,
            now,
            spread,
        ),
        // Only an account that was issued has a due time.
        PaymentStatus::Expired => {
            payment.due_at?;
            deposit::next_look(timing.deposits(), payment.due_at, true, now, spread)
        }
        PaymentStatus::Paid | PaymentStatus::PartiallyCanceled => {
            watch::next_look(payment.approved_at.unwrap_or(now), now, spread)
        }
        PaymentStatus::Ready
        | PaymentStatus::Confirming
        | PaymentStatus::Canceled
        | PaymentStatus::Failed
        | PaymentStatus::Unknown => None,
    }
}
