//! What can happen to the page.

use toss_checkout_contract::{Consent, Method, Session};
use toss_payments_sdk::{LoadError, SdkError};

use super::RequestError;
#[cfg(doc)]
use super::{Effect, LONG_MS};

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The answer to [`Effect::ReadSession`].
    SessionRead(Result<Session, RequestError>),
    /// A newer version of the session that was not asked for.
    SessionChanged(Session),
    /// The answer to [`Effect::LoadSdk`].
    SdkLoaded(Result<(), LoadError>),
    /// The buyer chose.
    MethodChosen(Method),
    /// The answer to [`Effect::RecallMethod`]: the buyer chose it before.
    MethodRecalled(Method),
    /// The buyer ticked the box beside these words, or took the tick away.
    Agreed(Option<Consent>),
    /// The buyer pressed the button.
    Submitted,
    /// Toss's window closed, or did not open.
    WindowClosed(SdkError),
    /// The answer to [`Effect::Deliver`].
    Delivered(Result<Session, RequestError>),
    /// The buyer pressed 다시 시도 or 다른 방법 선택.
    TryAgain,
    /// The browser brought the page back from its back-forward cache.
    Restored,
    /// The browser has a network again.
    Online,
    /// [`LONG_MS`] have passed since [`Effect::WaitLong`].
    WaitedLong,
}
