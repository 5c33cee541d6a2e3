#![doc = include_str!("../README.md")]

mod billing_key;
mod cancel;
pub mod card;
pub mod clock;
pub mod errors;
mod ids;
pub mod institution;
pub mod instrument;
mod journal;
mod ledger;
mod means;
pub mod method;
pub mod moment;
pub mod money;
mod on_charge;
pub mod operations;
pub mod payment;
mod receipt;
pub mod rules;
pub mod shop;
mod state;
pub mod window;

#[cfg(test)]
mod tests;

pub use self::{
    billing_key::{Authorization, BillingRecord},
    clock::{Clock, ClockError},
    errors::{ErrorCode, Language, Refusal},
    journal::{Callback, Event, Transaction},
    on_charge::OnCharge,
    operations::ActionError,
    payment::Payment,
    receipt::ReceiptRecord,
    rules::Rules,
    shop::{KeyPair, Shop, Version},
    state::State,
};
