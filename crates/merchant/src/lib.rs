#![doc = include_str!("../README.md")]

pub mod app;
pub mod application;
mod billing;
pub mod cli;
pub mod clock;
pub mod config;
pub mod core;
pub mod crypto;
mod dispatch;
pub mod doctor;
pub mod domain;
mod http;
pub mod hub;
pub mod jobs;
mod network;
pub mod problem;
pub mod publisher;
mod reconcile;
mod server;
pub mod sessions;
pub mod store;
pub mod store_next;
pub mod toss;
mod trace;
mod webhooks;
