//! Toss's REST API.

mod client;
mod outcome;
mod types;

pub use self::client::{TossClient, TossSettings};
