#![doc = include_str!("../README.md")]

mod app_state;
mod changes;
mod clock;
mod config;
mod console;
mod control;
mod error;
mod event_type;
mod faults;
mod file;
mod handle;
mod hangup;
mod isolation;
mod limits;
mod pages;
mod request_log;
mod rest;
mod router;
mod same_origin;
mod sdk;
mod server;
mod shape;
mod sync;
mod timekeeper;
mod toss;
mod webhooks;
mod window;

pub use config::{Config, ConfigError};
pub use event_type::EventType;
pub use faults::{Endpoint, Fault, FaultError, FaultKind};
pub use file::FileError;
pub use handle::{BuyerWindow, SandboxHandle, start};
pub use request_log::LogEntry;
pub use server::{Sandbox, StartError};
pub use webhooks::{Attempt, Delivery, DeliveryStatus, TargetError, WebhookTarget};

/// What the sandbox answers from.
pub use toss_model as model;
