//! What becomes of a payment and of its session when the provider says something. Pure: no clock, no
//! database, no network.

use toss_checkout_contract::{PaymentKey, SessionKind, SessionStatus};

use super::{
    attempt::AttemptFailure,
    payment::{Payment, PaymentStatus},
    provider_payment::{ProviderPayment, ProviderStatus},
};

/// Where the money of a payment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Money {
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

/// Reads where the money is.
pub fn money(payment: &ProviderPayment) -> Money {
    match payment.status {
        ProviderStatus::Ready | ProviderStatus::InProgress => Money::NotConfirmed,
        ProviderStatus::WaitingForDeposit if payment.account_closed => Money::NeverCame,
        ProviderStatus::WaitingForDeposit => Money::Awaited,
        ProviderStatus::Done => Money::Here,
        ProviderStatus::Canceled => Money::Back,
        // Toss leaves this status when the rest follows; the balance tells.
        ProviderStatus::PartialCanceled if payment.balance == Some(0) => Money::Back,
        ProviderStatus::PartialCanceled => Money::PartlyBack,
        ProviderStatus::Aborted | ProviderStatus::Expired => Money::GivenUp,
        ProviderStatus::Other(_) => Money::Unreadable,
    }
}

/// Whether the request that made the payment was carried out: the confirm, or the charge.
pub fn was_carried_out(money: Money) -> bool {
    match money {
        Money::Awaited | Money::NeverCame | Money::Here | Money::PartlyBack | Money::Back => true,
        Money::NotConfirmed | Money::GivenUp | Money::Unreadable => false,
    }
}

/// Where a payment goes when the provider says this; `None`: nowhere. The provider is believed in every
/// state, since only it knows where the money is; but a payment that was given up ends only what was
/// begun here.
#[expect(clippy::match_same_arms, reason = "one line per rule")]
pub fn next_status(status: PaymentStatus, money: Money) -> Option<PaymentStatus> {
    use PaymentStatus as P;
    match (status, money) {
        (_, Money::NotConfirmed | Money::Unreadable) => None,
        // An account that our clock called over is over until the money comes.
        (P::Expired, Money::Awaited) => Some(P::Expired),
        (_, Money::Awaited) => Some(P::WaitingForDeposit),
        (_, Money::Here) => Some(P::Paid),
        (_, Money::PartlyBack) => Some(P::PartiallyCanceled),
        (_, Money::Back) => Some(P::Canceled),
        (_, Money::NeverCame) => Some(P::Expired),
        (P::Confirming | P::Unknown, Money::GivenUp) => Some(P::Failed),
        (P::WaitingForDeposit, Money::GivenUp) => Some(P::Expired),
        (
            P::Ready | P::Paid | P::PartiallyCanceled | P::Canceled | P::Failed | P::Expired,
            Money::GivenUp,
        ) => None,
    }
}

/// What is left of the payment at the provider: nothing before it is paid.
pub fn balance(status: PaymentStatus, payment: &ProviderPayment) -> u64 {
    match status {
        PaymentStatus::Paid | PaymentStatus::PartiallyCanceled => {
            payment.balance.unwrap_or(payment.total)
        }
        _ => 0,
    }
}

/// The first of what must never differ that does. `key`: the name that is expected of the payment.
pub fn difference(
    payment: &Payment,
    key: Option<&PaymentKey>,
    said: &ProviderPayment,
) -> Option<&'static str> {
    if payment.order_id != said.order_id {
        return Some("orderId");
    }
    if key.is_some_and(|key| *key != said.payment_key) {
        return Some("paymentKey");
    }
    if !said.costs(payment.amount) {
        let is_same = said.currency == payment.amount.currency().as_str();
        return Some(if is_same { "totalAmount" } else { "currency" });
    }
    None
}

/// Where the session of a payment stands when its payment stands there. `None`: it stays where it is.
pub fn session_status(kind: SessionKind, status: PaymentStatus) -> Option<SessionStatus> {
    use SessionStatus as S;
    match kind {
        SessionKind::Payment => Some(match status {
            PaymentStatus::Ready => S::Open,
            PaymentStatus::Confirming => S::Confirming,
            PaymentStatus::WaitingForDeposit => S::WaitingForDeposit,
            PaymentStatus::Paid => S::Paid,
            PaymentStatus::PartiallyCanceled => S::PartiallyCanceled,
            PaymentStatus::Canceled => S::Canceled,
            PaymentStatus::Failed => S::Failed,
            PaymentStatus::Unknown => S::Unknown,
            PaymentStatus::Expired => S::Expired,
        }),
        // A registration that was charged stays one whatever becomes of the charge's money.
        SessionKind::Billing => match status {
            PaymentStatus::Paid | PaymentStatus::PartiallyCanceled | PaymentStatus::Canceled => {
                Some(S::Active)
            }
            _ => None,
        },
    }
}

/// Why the provider gave a payment up; it says so, or at least that it did.
pub fn given_up(payment: &ProviderPayment) -> AttemptFailure {
    payment.failure.clone().unwrap_or_else(|| AttemptFailure {
        code: "PAY_PROCESS_ABORTED".into(),
        message: String::new(),
        status: 400,
    })
}

#[cfg(test)]
mod tests;
