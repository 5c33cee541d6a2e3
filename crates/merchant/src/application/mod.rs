//! Use cases, and what they need from the world outside: imports the domain and nothing else of ours.

pub mod change;
pub mod deliver_event;
pub mod endpoints;
pub mod outbox;
pub mod ports;
