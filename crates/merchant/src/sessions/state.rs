//! The state machine: pure functions, no clock, no database, no network.

use std::time::Duration;

use toss_checkout_contract::SessionStatus;

use crate::{
    store::records::{Attempt, AttemptKind, AttemptStatus},
    toss::{PaymentObject, PaymentStatus},
};

/// What to do with a one-time key that a page brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It was tried before: say what came of it.
    Answer(usize),
    /// An attempt is under way: wait for it.
    Wait,
    /// Nobody knows what came of an earlier attempt, so no other may begin.
    Unknown,
    /// Begin.
    Start,
    /// The session is finished, with another key.
    Finished,
    /// Too late.
    Expired,
}

/// Decides what to do with a one-time key. `past_end` is how long the session has been over.
pub(crate) fn admit(
    status: SessionStatus,
    attempts: &[Attempt],
    kind: AttemptKind,
    key_digest: &str,
    past_end: Option<Duration>,
    late_key: Duration,
) -> Admission {
    let of_kind = || attempts.iter().enumerate().filter(|(_, a)| a.kind == kind);
    let same = of_kind().find(|(_, a)| a.key_digest.as_deref() == Some(key_digest));
    if let Some((index, attempt)) = same {
        return match attempt.status {
            AttemptStatus::Pending => Admission::Wait,
            AttemptStatus::Unknown => Admission::Unknown,
            // A later key, or Toss's own word, has finished the session since.
            AttemptStatus::Declined if status.is_finished() => Admission::Finished,
            AttemptStatus::Succeeded | AttemptStatus::Declined => Admission::Answer(index),
        };
    }
    if status.is_finished() || of_kind().any(|(_, a)| a.status == AttemptStatus::Succeeded) {
        return Admission::Finished;
    }
    if let Some((_, other)) = of_kind().find(|(_, a)| a.is_open()) {
        return match other.status {
            AttemptStatus::Pending => Admission::Wait,
            _ => Admission::Unknown,
        };
    }
    match past_end {
        Some(past) if past > late_key => Admission::Expired,
        _ => Admission::Start,
    }
}

/// Where the money of a payment is, read from Toss's `Payment`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Money {
    /// Not asked for yet: the window is open, or nobody has confirmed.
    NotConfirmed,
    /// A virtual account waits for it.
    Awaited,
    /// The virtual account has closed without it. Toss leaves the status at `WAITING_FOR_DEPOSIT`.
    NeverCame,
    /// Here.
    Here,
    /// Partly given back.
    PartlyBack,
    /// Given back, or never to come.
    Back,
    /// Toss gave the payment up.
    GivenUp,
    /// A status that this version does not know. Nothing is concluded from it.
    Unreadable,
}

/// Reads a `Payment`.
pub(crate) fn money(payment: &PaymentObject) -> Money {
    match payment.status {
        PaymentStatus::Ready | PaymentStatus::InProgress => Money::NotConfirmed,
        PaymentStatus::WaitingForDeposit => {
            let closed = payment
                .virtual_account
                .as_ref()
                .is_some_and(|account| account.expired == Some(true));
            if closed {
                Money::NeverCame
            } else {
                Money::Awaited
            }
        }
        PaymentStatus::Done => Money::Here,
        PaymentStatus::Canceled => Money::Back,
        // Toss leaves this status when the rest follows; the balance tells.
        PaymentStatus::PartialCanceled if payment.balance_amount == Some(0) => Money::Back,
        PaymentStatus::PartialCanceled => Money::PartlyBack,
        PaymentStatus::Aborted | PaymentStatus::Expired => Money::GivenUp,
        PaymentStatus::Other(_) => Money::Unreadable,
    }
}

/// Where a payment session goes when Toss says this; `None`: nowhere. Toss is believed in every
/// state, since only Toss knows where the money is; but a payment that was given up ends only what
/// was begun here.
#[expect(clippy::match_same_arms, reason = "one line per rule")]
pub(crate) fn after(status: SessionStatus, money: Money) -> Option<SessionStatus> {
    use SessionStatus as S;
    match (status, money) {
        (S::Issuing | S::Registered | S::Active, _)
        | (_, Money::NotConfirmed | Money::Unreadable) => None,
        (_, Money::Awaited) => Some(S::WaitingForDeposit),
        (_, Money::Here) => Some(S::Paid),
        (_, Money::PartlyBack) => Some(S::PartiallyCanceled),
        (_, Money::Back) => Some(S::Canceled),
        (_, Money::NeverCame) => Some(S::Expired),
        (S::Confirming | S::Authenticated | S::Unknown, Money::GivenUp) => Some(S::Failed),
        (S::WaitingForDeposit, Money::GivenUp) => Some(S::Expired),
        (
            S::Open | S::Paid | S::PartiallyCanceled | S::Canceled | S::Failed | S::Expired,
            Money::GivenUp,
        ) => None,
    }
}

#[cfg(test)]
mod tests;
