//! Parts that screens are made of.
#![expect(unreachable_pub, reason = "`#[component]` writes public items")]

mod button;
mod consent_box;
mod context;
mod copy_button;
mod countdown;
mod details;
mod in_app_hint;
mod method_picker;
mod order_summary;
mod small_print;
mod test_mode;

pub(crate) use button::{Button, LinkButton};
pub(crate) use consent_box::ConsentBox;
pub(crate) use context::Page;
pub(crate) use copy_button::{CopyButton, Copying};
pub(crate) use countdown::Countdown;
pub(crate) use details::{Details, Row};
pub(crate) use in_app_hint::InAppHint;
pub(crate) use method_picker::MethodPicker;
pub(crate) use order_summary::OrderSummary;
pub(crate) use small_print::SmallPrint;
pub(crate) use test_mode::TestMode;
