//! The payment provider: the trait as use cases see it, and Toss Payments behind it.

pub mod toss;

pub use crate::application::provider::{
    CancelOrder, CardRegistration, ChargeOrder, Credentials, PaymentProvider, ProviderError,
    RefundAccount, TransactionsPage,
};
