//! The page as one state machine: [`step`] is all that happens, without a browser.

mod state;
mod step;
#[cfg(test)]
mod tests;

pub use self::{
    state::{Ask, Busy, Effect, Event, Fault, History, Notice, Place, Shown, State},
    step::step,
};
