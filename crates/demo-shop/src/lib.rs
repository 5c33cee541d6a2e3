//! A shop that stands for the merchant's own site: plain HTML, and a server side that makes sessions
//! through the merchant API over HTTP, as any backend in any language would.
//!
//! The shop decides price and customer, sends the buyer to the address that the API answers, and
//! reads how it ended by the same API. It has no database: who a visitor is stands in a cookie.

mod checkout_api;
mod pages;
mod shop;

pub use checkout_api::CheckoutApi;
pub use shop::{Shop, routes};
