//! Due work: what has to happen without anybody asking for it.

pub mod deliver_events;
pub mod runner;
