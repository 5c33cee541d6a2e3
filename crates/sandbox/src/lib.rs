#![doc = include_str!("../README.md")]

mod app;
mod clock;
mod config;
mod console;
mod control;
pub mod errors;
mod rest;
mod sdk;
mod server;
pub mod state;
mod webhooks;
mod window;

pub use config::{Config, ConfigError};
pub use server::{Sandbox, StartError};
