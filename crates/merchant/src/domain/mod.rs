//! Values and rules of a merchant's money. Pure: no HTTP, no database, no clock of its own. Everything
//! else of this crate may import it; it imports nothing of theirs.

mod words;

pub mod admission;
pub mod api_key;
pub mod attempt;
pub mod audit;
pub mod breaker;
pub mod charge;
pub mod customer;
pub mod decline;
pub mod delivery;
pub mod deposit;
pub mod edit;
pub mod endpoint;
pub mod event;
pub mod event_data;
pub mod hints;
pub mod ids;
pub mod lookup;
pub mod minimum;
pub mod names;
pub mod payment;
pub mod payment_method;
pub mod provider_payment;
pub mod public_address;
pub mod refund;
pub mod sealed;
pub mod session;
pub mod session_view;
pub mod shop;
pub mod signing_secret;
pub mod subscription;
pub mod text;
pub mod time;
pub mod transitions;
pub mod watch;
pub mod webhook;
pub mod work;
