//! The whole backend over HTTP: a real server on a free port, a real database file, and the sandbox in the
//! place of Toss. One binary, so that it links once.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod abroad;
mod api;
mod api_keys;
mod billing;
mod caller;
mod config;
mod consent;
mod database_away;
mod doctor;
mod documented;
mod encryption_keys;
mod events;
mod hosting;
mod idempotency;
mod key_in;
#[cfg(feature = "failpoints")]
mod kill;
mod lasting_faults;
mod load;
mod lost;
mod merchant_methods;
mod merchant_payments;
mod merchant_refunds;
mod model;
mod openapi;
mod operation;
mod operator;
mod outgoing;
mod payments;
mod process;
mod records;
mod refunds;
mod refused;
mod restart;
mod secrets;
mod shops;
mod subscription_page;
mod subscriptions;
mod support;
mod undescribed;
mod webhooks;
