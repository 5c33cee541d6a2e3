//! One component per screen.
#![expect(clippy::needless_pass_by_value, reason = "props are owned")]
#![expect(unreachable_pub, reason = "`#[component]` writes public items")]

mod cancel;
mod consent;
mod fault;
mod history;
mod list;
mod parts;
mod summary;

pub(super) use self::{
    cancel::CancelPage,
    fault::{FaultPage, LoadingPage},
    list::ListPage,
    summary::SummaryPage,
};
