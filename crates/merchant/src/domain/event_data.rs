//! What events say of a payment and of a registered card or account. No key and no secret is in it.

use serde_json::{Value, json};

use super::{
    event::{EventType, NewEvent},
    payment::{Payment, PaymentStatus, Purpose},
    payment_method::PaymentMethod,
};

/// A payment as it is told to others.
pub fn payment_data(payment: &Payment) -> Value {
    let details = &payment.details;
    json!({
        "paymentId": payment.id,
        "orderId": payment.order_id,
        "purpose": payment.purpose,
        "status": payment.status,
        "amount": payment.amount,
        "balance": balance(payment),
        "customerKey": payment.customer_key,
        "paymentMethodId": payment.payment_method_id,
        "method": details.method,
        "approvedAt": payment.approved_at.map(super::time::Millis::kst),
        "receiptUrl": details.receipt_url,
        "virtualAccount": details.virtual_account,
        "cashReceipt": details.cash_receipt,
        "failure": details.failure,
    })
}

/// What Toss holds of it, as the `value` of an amount is written: 15000, 12.5, or 0.
pub fn balance(payment: &Payment) -> Value {
    payment
        .left()
        .map_or(json!(0), |left| json!(left.decimal()))
}

/// A registered card or account as it is told to others.
pub fn method_data(method: &PaymentMethod) -> Value {
    json!({
        "paymentMethodId": method.id,
        "customerKey": method.customer_key,
        "method": method.method,
        "status": method.status,
        "card": method.display.card,
        "account": method.display.account,
    })
}

/// An event about a payment as it now is.
pub fn about_payment(kind: EventType, payment: &Payment) -> NewEvent {
    NewEvent {
        kind,
        subject: payment.id.to_string(),
        subject_revision: payment.revision,
        data: payment_data(payment),
    }
}

/// An event about a card or account as it now is.
pub fn about_method(kind: EventType, method: &PaymentMethod) -> NewEvent {
    NewEvent {
        kind,
        subject: method.id.to_string(),
        subject_revision: method.revision,
        data: method_data(method),
    }
}

/// That somebody has to look at a payment, and why.
pub fn attention(payment: &Payment, reason: &str) -> NewEvent {
    let mut event = about_payment(EventType::AttentionNeeded, payment);
    event.data["reason"] = json!(reason);
    event
}

/// What a payment's change from one state to the other is called; `None` for what concerns nobody.
pub fn payment_change(old: &Payment, new: &Payment) -> Option<EventType> {
    use PaymentStatus as P;
    let same = old.status == new.status;
    Some(match new.status {
        P::PartiallyCanceled if !same || old.balance != new.balance => {
            EventType::PaymentPartiallyCanceled
        }
        _ if same => return None,
        P::Paid => EventType::PaymentPaid,
        P::WaitingForDeposit if old.status == P::Paid => EventType::PaymentDepositReversed,
        P::WaitingForDeposit => EventType::PaymentWaitingForDeposit,
        P::Canceled => EventType::PaymentCanceled,
        P::Failed if new.purpose == Purpose::Checkout => EventType::PaymentFailed,
        P::Failed => EventType::ChargeFailed,
        P::Expired => EventType::PaymentExpired,
        P::Ready | P::Confirming | P::Unknown | P::PartiallyCanceled => return None,
    })
}
