//! Every sentence that the page says: [`Messages`], one value per language. A language that lacks a
//! sentence does not compile.

mod en;
mod fill;
mod ko;
mod messages;
mod overrides;
mod reason;
mod reason_of_code;

pub use en::EN;
pub use fill::fill;
pub use ko::KO;
pub use messages::{Messages, card_company, intl_tag};
pub use overrides::with_overrides;
pub use reason::{Action, Reason, Severity};
pub use reason_of_code::reason;
