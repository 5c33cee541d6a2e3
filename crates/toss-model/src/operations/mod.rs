//! What merchants, buyers, banks and time do: each file is one call or one side's deeds.

mod accounts;
mod charge;
mod confirm;
mod deposit;
mod due;
mod key_in;
mod pass_time;
pub mod receipts;
mod refund;
mod registration;
mod saved;
pub mod settlements;
pub mod transactions;
mod windows;

pub use self::{
    accounts::AccountRequest,
    charge::ChargeRequest,
    deposit::ActionError,
    key_in::KeyInRequest,
    receipts::ReceiptRequest,
    refund::{CLOSED_ACCOUNT, CancelRequest, FAILING_ACCOUNT, WRONG_HOLDER},
    saved::SavedState,
};
