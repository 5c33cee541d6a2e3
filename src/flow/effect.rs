//! What the page has to do besides showing its state; [`crate::runtime`] does it.

use std::sync::Arc;

use toss_checkout_contract::{Consent, FailureReport, Method, Session};

use super::{Keys, RequestError};

/// Milliseconds after which the buyer is told not to wait for an outcome.
pub const LONG_MS: u32 = 60_000;

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// `GET` the session.
    ReadSession,
    /// Bring Toss's script in.
    LoadSdk,
    /// Open Toss's window.
    OpenWindow(Arc<Session>, Method),
    /// Keep what the buyer agreed to until the backend has it, in the place of what was kept before.
    KeepConsent(Option<Consent>),
    /// Keep what the buyer chose for as long as the tab is open.
    KeepMethod(Method),
    /// Choose what the buyer chose before, in this tab.
    RecallMethod,
    /// Tick the box if the buyer has agreed to the same words before, in this tab.
    RecallConsent(Arc<Session>),
    /// Put the focus on the box.
    FocusConsent,
    /// Put the focus back on the button, which could not have it while Toss's window was open.
    FocusSubmit,
    /// `POST` the keys.
    Deliver(Keys),
    /// Erase what Toss has sent the buyer back with from the tab's storage, or from the address bar where
    /// there is none: the backend has it, or it is worth nothing.
    ForgetReturn,
    /// Tell the backend of a failure.
    Report(FailureReport),
    /// Follow the session.
    Watch,
    /// Tell after [`LONG_MS`].
    WaitLong,
}

/// Milliseconds before the keys are sent again by themselves, `None` when the buyer is to be asked.
/// Sending them twice is safe: the backend acts once per key.
pub fn pause_before_retry(tried: u32, error: &RequestError) -> Option<u32> {
    let may_pass = match error {
        RequestError::Network => true,
        RequestError::Garbled { status } => *status >= 500,
        RequestError::Api(error) => error.retryable && error.code.starts_with("CHECKOUT_"),
        // The browser tells when the network is back; who waited for a time-out is asked, not made to wait again.
        RequestError::Offline | RequestError::Timeout | RequestError::Misconfigured(_) => false,
    };
    (may_pass && tried < 2).then_some(1_000 << tried)
}
