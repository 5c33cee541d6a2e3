#![doc = include_str!("../README.md")]

mod error;
mod loader;
mod object;
mod payment;
mod redirect;
mod requests;
mod sys;
mod window_target;

pub use error::{SdkError, SdkErrorCode};
pub use loader::{LoadError, LoadOptions, load};
pub use object::{Field, Object};
pub use payment::{Opening, Payment, TossPayments};
pub use redirect::{BillingReturn, FailReturn, PaymentReturn, Query, Return, ReturnError};
pub use requests::{
    AbsoluteUrl, BillingAuthRequest, BillingMethod, Deadline, ReturnUrls, VirtualAccountRequest,
};
pub use toss_checkout_contract::{
    Amount, AuthKey, CashReceiptType, ClientKey, CustomerKey, FailureCode, OrderId, PaymentKey,
    Problem, ValueError,
};
pub use window_target::{Surroundings, WindowTarget};
