//! Points at which a test ends or stops the process: before and after every step that is written down,
//! and every request to others. Without the feature `failpoints`, which no program that is delivered has,
//! nothing of this is compiled.
//!
//! `FAILPOINT=confirm.after:1=abort` ends the process when it comes to `confirm.after` for the first time;
//! `=stop` stops it there until it gets SIGCONT. `FAILPOINTS_LOG` names a file that gets a line for every
//! point that is passed.

#[cfg(feature = "failpoints")]
mod hook;

#[cfg(feature = "failpoints")]
pub(crate) use self::hook::{reached, written};

/// On which side of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Nothing of it has happened.
    Before,
    /// It has happened, and nobody has heard of it.
    After,
}

/// The process has come to this point.
#[cfg(not(feature = "failpoints"))]
pub(crate) const fn reached(_step: &str, _side: Side) {}

/// The same for a change of the database.
#[cfg(not(feature = "failpoints"))]
pub(crate) const fn written<F>(_side: Side) {}
