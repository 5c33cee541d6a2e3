//! One file per kind of screen; [`crate::app`] chooses.
#![expect(unreachable_pub, reason = "`#[component]` writes public items")]
#![expect(clippy::needless_pass_by_value, reason = "props are owned")]

mod checkout;
mod deposit;
mod info;
mod loading;

pub(crate) use checkout::{CheckoutPage, announcement};
pub(crate) use deposit::DepositPage;
pub(crate) use info::InfoPage;
pub(crate) use loading::LoadingPage;
