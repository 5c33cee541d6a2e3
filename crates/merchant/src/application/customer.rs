//! What a merchant's server may say of a customer: Toss gets it, and the buyer sees it.

use toss_checkout_contract::{Customer, CustomerKey, SecretKey};

use super::error::UseCaseError;
use crate::domain::text::{check_name, is_guessable};

fn text(field: &str, value: &str) -> Result<(), UseCaseError> {
    check_name(value).map_err(|problem| UseCaseError::name(field, &problem))
}

fn invalid(problem: &str) -> UseCaseError {
    UseCaseError::Invalid(problem.to_owned())
}

/// Checks a customer's name, e-mail address and phone number.
///
/// # Errors
/// The field and what is wrong with it.
pub(super) fn check_customer(customer: &Customer) -> Result<(), UseCaseError> {
    if let Some(name) = &customer.name {
        text("customer.name", name)?;
    }
    if let Some(email) = &customer.email {
        text("customer.email", email)?;
        if !email.contains('@') {
            return Err(invalid("customer.email is not an e-mail address"));
        }
    }
    match &customer.mobile_phone {
        Some(phone)
            if !(8..=15).contains(&phone.len())
                || !phone.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            Err(invalid(
                "customer.mobilePhone is not 8 to 15 digits without dashes",
            ))
        }
        _ => Ok(()),
    }
}

/// Checks who a customer is for Toss.
///
/// # Errors
/// A key that others know, or that is another secret.
pub(super) fn check_customer_key(key: &CustomerKey) -> Result<(), UseCaseError> {
    if SecretKey::looks_like(key.expose()) {
        return Err(invalid(
            "customerKey holds a secret key, which would be shown to the buyer",
        ));
    }
    match is_guessable(key.expose()) {
        None => Ok(()),
        Some(what) => Err(UseCaseError::Invalid(format!(
            "customerKey looks like {what}; whoever can guess it can charge the customer's card, so use a random one such as a UUID"
        ))),
    }
}
