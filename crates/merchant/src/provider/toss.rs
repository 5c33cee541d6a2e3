//! Toss's REST API.

mod client;
mod measure;
mod outcome;
mod types;

pub use self::client::{TossClient, TossSettings};
