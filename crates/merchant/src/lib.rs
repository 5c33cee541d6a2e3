#![doc = include_str!("../README.md")]

pub mod app;
pub mod app_state;
pub mod application;
pub mod cli;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod doctor;
pub mod domain;
mod failpoints;
mod http;
pub mod jobs;
mod network;
pub mod notifier;
pub mod provider;
pub mod publisher;
mod server;
pub mod store;
pub mod telemetry;
pub mod timing;
mod trace;
