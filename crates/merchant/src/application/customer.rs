//! What a merchant's server may say of a customer: Toss gets it, and the buyer sees it.

use toss_checkout_contract::Customer;

use super::error::UseCaseError;
use crate::domain::text::check_name;

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
