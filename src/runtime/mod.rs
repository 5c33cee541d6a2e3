//! Performs what the state machine asks for.

mod api;
mod dispatcher;
mod pending_delivery;
mod redirect;
pub(crate) mod request;
mod sdk_requests;
mod session_events;
mod shown;

pub(crate) use dispatcher::Dispatcher;
pub(crate) use shown::Shown;
