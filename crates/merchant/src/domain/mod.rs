//! Values and rules of a merchant's money. Pure: no HTTP, no database, no clock of its own. Everything
//! else of this crate may import it; it imports nothing of theirs.

mod words;

pub mod attempt;
pub mod customer;
pub mod delivery;
pub mod edit;
pub mod endpoint;
pub mod event;
pub mod ids;
pub mod payment;
pub mod payment_method;
pub mod public_address;
pub mod refund;
pub mod session;
pub mod shop;
pub mod signing_secret;
pub mod time;
pub mod webhook;
pub mod work;
