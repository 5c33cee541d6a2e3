#![doc = include_str!("../README.md")]

mod error;
mod loader;
mod object;
mod payment;
mod query;
mod redirect;
mod requests;
mod sys;
mod window_target;

pub use error::{SdkError, SdkErrorCode};
pub use loader::{LoadError, LoadOptions, clear, load};
pub use object::{Field, Object};
pub use payment::{Anonymous, Customer, Opening, Paying, Payment, PaymentResult, TossPayments};
pub use query::{Query, ReturnError};
pub use redirect::{BillingReturn, FailReturn, PaymentReturn, Return};
pub use requests::*;
pub use toss_checkout_contract::{
    Amount, AuthKey, CashReceiptType, ClientKey, CustomerKey, DecimalAmount, FailureCode,
    MAX_AMOUNT, OrderId, PaymentKey, Problem, ValueError,
};
pub use window_target::{Surroundings, WindowTarget, WindowTargetError};
