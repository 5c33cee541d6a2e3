//! Charging a registered card or account because the merchant's server asks for it: for a subscription
//! that the merchant schedules itself.

use std::sync::Arc;

use toss_checkout_contract::{Amount, Customer, Method, OrderId};

use super::{
    attempts::{Order, charge_intent, to_charge},
    change::{Change, Committed},
    customer::check_customer,
    error::UseCaseError,
    run::run,
    services::Services,
};
use crate::domain::{
    ids::PaymentMethodId,
    minimum, names,
    payment::{Payment, Purpose},
    payment_method::{PaymentMethod, PaymentMethodStatus},
    text::check_name,
};

/// A charge that is asked for.
#[derive(Debug, Clone)]
pub struct ChargeRequest {
    /// The card or account.
    pub payment_method_id: PaymentMethodId,
    /// The merchant's number for it: the same number is the same charge.
    pub order_id: OrderId,
    /// How much.
    pub amount: Amount,
    /// What for, at most 100 characters.
    pub order_name: String,
    /// Name and e-mail for the receipt.
    pub customer: Customer,
}

/// Charges once per order number. The answer is the payment as it then stands: paid, failed, or unknown.
///
/// # Errors
/// Nothing was charged.
pub async fn charge_method(
    services: &Arc<Services>,
    request: &ChargeRequest,
) -> Result<Payment, UseCaseError> {
    if let Some(payment) = known(services, request).await? {
        return Ok(payment);
    }
    let method = services
        .records
        .payment_method(&request.payment_method_id)
        .await?
        .ok_or(UseCaseError::NoPaymentMethod)?;
    check(&method, request)?;
    let payment = new_payment(services, &method, request);
    let fingerprint = services.credentials(&method.shop_id).await?.fingerprint;
    let attempt = charge_intent(
        services,
        names::charge(&request.order_id),
        &payment,
        method.id,
        fingerprint,
    );
    let id = payment.id.clone();
    let change = Change {
        new_payment: Some(payment),
        new_attempt: Some(attempt.clone()),
        ..Change::default()
    };
    if run(services, change, attempt, services.timing.wait_for_own).await? != Committed::Done {
        return known(services, request)
            .await?
            .ok_or(UseCaseError::OrderUsed);
    }
    services
        .records
        .payment(&id)
        .await?
        .ok_or(UseCaseError::NoPayment)
}

async fn known(
    services: &Services,
    request: &ChargeRequest,
) -> Result<Option<Payment>, UseCaseError> {
    let payment = services.records.payment_of_order(&request.order_id).await?;
    match payment {
        None => Ok(None),
        Some(payment)
            if payment.payment_method_id.as_ref() == Some(&request.payment_method_id)
                && payment.amount == request.amount
                && payment.purpose == Purpose::ManualCharge =>
        {
            Ok(Some(payment))
        }
        Some(_) => Err(UseCaseError::OrderUsed),
    }
}

fn check(method: &PaymentMethod, request: &ChargeRequest) -> Result<(), UseCaseError> {
    check_chargeable(method)?;
    check_order(
        &request.order_name,
        request.amount,
        &request.customer,
        method.method,
    )
}

/// Whether a card or account can be charged.
pub(super) fn check_chargeable(method: &PaymentMethod) -> Result<(), UseCaseError> {
    if method.status == PaymentMethodStatus::Active {
        return Ok(());
    }
    Err(UseCaseError::Conflict(format!(
        "the payment method is {} and cannot be charged",
        method.status
    )))
}

/// What is to be charged, whatever is charged with it.
pub(super) fn check_order(
    order_name: &str,
    amount: Amount,
    customer: &Customer,
    method: Option<Method>,
) -> Result<(), UseCaseError> {
    check_name(order_name).map_err(|problem| UseCaseError::name("orderName", &problem))?;
    check_customer(customer)?;
    let methods: Vec<_> = method.into_iter().collect();
    minimum::check(amount, &methods)
        .map_err(|below| UseCaseError::Invalid(format!("amount: {below}")))
}

fn new_payment(services: &Services, method: &PaymentMethod, request: &ChargeRequest) -> Payment {
    let order = Order {
        order_id: request.order_id.clone(),
        purpose: Purpose::ManualCharge,
        session_id: None,
        order_name: request.order_name.clone(),
        customer: request.customer.clone(),
        amount: request.amount,
    };
    to_charge(services, method, order)
}
