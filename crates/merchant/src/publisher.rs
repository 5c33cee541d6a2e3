//! Events on their way out: signed, sent once per call, and only to addresses that are allowed.

mod address;
mod client;
mod endpoint;
mod resolver;
pub mod schedule;
mod signature;

pub use self::{
    client::{Message, TIMEOUT, WebhookClient},
    endpoint::{EndpointUrl, EndpointUrlError},
    signature::{SecretError, SigningSecret},
};

/// Which addresses events may go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The public internet, by https.
    Public,
    /// Inner networks and this machine too, and plain http: for development, or when the operator alone
    /// decides where events go.
    Anywhere,
}
