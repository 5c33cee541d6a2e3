//! The page as one state machine. Pure: [`step`] takes a state and an event and answers the next
//! state and what is to be done; `runtime` does it.

mod effect;
mod event;
mod state;
mod step;

pub use effect::{Effect, LONG_MS, pause_before_retry};
pub use event::Event;
pub use state::{
    Checkout, Keys, Notice, Redirect, Refusal, RequestError, Sdk, Stage, State, Wait, When,
};
pub use step::{begin, step};

#[cfg(test)]
mod tests;
