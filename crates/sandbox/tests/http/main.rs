//! The sandbox through its public doors only: HTTP on a free port, and the program itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may fail loudly"
)]

mod auth;
mod billing;
mod catalogue;
mod console;
#[cfg(target_os = "linux")]
mod endurance;
mod faults;
mod harness;
mod hostile;
mod idempotency;
mod in_process;
mod late;
mod payments;
mod program;
mod sdk;
mod state_file;
mod test_codes;
mod webhooks;
mod window;
