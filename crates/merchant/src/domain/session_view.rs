//! What a session shows of its payment and of what it registered. Computed from them, so that they cannot
//! disagree.

use toss_checkout_contract::{ChargeResult, ChargeStatus, SessionResult};

use super::{
    ids::SubscriptionId,
    payment::{Payment, PaymentStatus},
    payment_method::PaymentMethod,
};

/// The result of a session of kind `payment`.
pub fn payment_result(payment: &Payment) -> SessionResult {
    let details = &payment.details;
    SessionResult {
        method: details.method,
        card: details.card.clone(),
        easy_pay: details.easy_pay.clone(),
        virtual_account: details.virtual_account.clone(),
        failure: details.failure.clone(),
        approved_at: payment.approved_at.map(super::time::Millis::kst),
        reversed_at: details.reversed_at.clone(),
        receipt_url: details.receipt_url.clone(),
        ..SessionResult::default()
    }
}

/// The result of a session of kind `billing` that registered a card or account.
pub fn billing_result(
    method: &PaymentMethod,
    charge: Option<&Payment>,
    subscription: Option<&SubscriptionId>,
) -> SessionResult {
    SessionResult {
        method: method.method,
        card: method.display.card.clone(),
        // Toss may know the account only at the first charge.
        account: method
            .display
            .account
            .clone()
            .or_else(|| charge.and_then(|payment| payment.details.account.clone())),
        charge: charge.map(charge_result),
        subscription_id: subscription.map(ToString::to_string),
        ..SessionResult::default()
    }
}

/// How a charge went.
pub fn charge_result(payment: &Payment) -> ChargeResult {
    ChargeResult {
        status: match payment.status {
            PaymentStatus::Ready | PaymentStatus::Confirming => ChargeStatus::Pending,
            // Given back later is another story: this charge was made.
            PaymentStatus::Paid
            | PaymentStatus::PartiallyCanceled
            | PaymentStatus::Canceled
            | PaymentStatus::WaitingForDeposit => ChargeStatus::Succeeded,
            PaymentStatus::Failed | PaymentStatus::Expired => ChargeStatus::Declined,
            PaymentStatus::Unknown => ChargeStatus::Unknown,
        },
        order_id: payment.order_id.clone(),
        amount: payment.amount,
        failure: payment.details.failure.clone(),
        approved_at: payment.approved_at.map(super::time::Millis::kst),
        receipt_url: payment.details.receipt_url.clone(),
    }
}
