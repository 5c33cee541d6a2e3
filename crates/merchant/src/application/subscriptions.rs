//! Subscriptions: made, changed, and carried on by time.

mod advance;
mod breaker;
mod carry_on;
mod chain;
mod charges;
mod command;
mod commands;
mod consents;
mod create;
mod last_look;
mod notices;
mod read;
mod refunds;

pub(super) use self::{
    advance::advance_now,
    command::read,
    read::{read_all_at_rest, read_at_rest, shown},
};
pub use self::{
    advance::resume_subscription,
    breaker::look_at_the_shop,
    carry_on::carry_on,
    chain::{GivenText, MAX_USER_AGENT},
    charges::{Charged, Charges},
    command::Asked,
    commands::{
        cancel_subscription, change_subscription, pause_subscription, pay_subscription,
        quote_cancel, quote_change, replace_payment_method, resume_paused, uncancel_subscription,
    },
    consents::give_consent,
    create::{NewSubscription, create_subscription},
    notices::report_delivery,
    read::{Shown, show, show_all},
};
