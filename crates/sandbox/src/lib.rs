#![doc = include_str!("../README.md")]

mod app;
mod clock;
mod config;
mod console;
mod control;
pub mod errors;
mod faults;
mod file;
mod handle;
mod request_log;
mod rest;
mod sdk;
mod server;
pub mod state;
mod sync;
mod webhooks;
mod window;

pub use clock::ClockError;
pub use config::{Config, ConfigError};
pub use faults::{Endpoint, Fault, FaultError, FaultKind};
pub use file::FileError;
pub use handle::{BuyerWindow, SandboxHandle, start};
pub use request_log::LogEntry;
pub use server::{Sandbox, StartError};
pub use webhooks::{Attempt, Delivery, EventType, Standing, TargetError, WebhookTarget};
