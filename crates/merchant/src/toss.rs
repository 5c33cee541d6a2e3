//! Toss's REST API: a typed client, and what its answers mean for money.

mod client;
mod failure;
mod types;
pub(crate) mod verdict;

pub use self::{
    client::{ChargeOrder, TossClient},
    failure::{CallError, Refusal},
    types::{Billing, PaymentObject, PaymentStatus},
};
