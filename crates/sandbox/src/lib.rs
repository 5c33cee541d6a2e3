#![doc = include_str!("../README.md")]

mod app;
mod clock;
mod config;
mod console;
mod control;
pub mod errors;
mod file;
mod rest;
mod sdk;
mod server;
pub mod state;
mod webhooks;
mod window;

pub use config::{Config, ConfigError};
pub use file::FileError;
pub use server::{Sandbox, StartError};
pub use webhooks::{EventType, TargetError, WebhookTarget};
