//! Events on their way out: signed, sent once per call, and only to addresses that are allowed.

mod client;
mod resolver;
mod signature;

pub use self::client::WebhookClient;
