//! Payment and Billing as JSON, version 2022-11-16: every key is there, what does not apply is null.
//! Source: <https://docs.tosspayments.com/reference>.

mod billing;
mod parts;
mod payment;

pub(crate) use self::{
    billing::BillingBody,
    payment::{PaymentBody, Secret},
};

/// The version that answers have.
const VERSION: &str = "2022-11-16";
