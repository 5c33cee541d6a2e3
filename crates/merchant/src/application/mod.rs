//! Use cases, and what they need from the world outside. They import the domain, the clock and the keys;
//! the database and Toss are behind traits.

pub mod api_keys;
pub mod api_requests;
mod apply_provider_payment;
mod attempts;
pub mod change;
mod charge_method;
mod check_payment;
mod configure_shops;
mod confirm_payment;
pub mod create_session;
mod customer;
pub mod customer_links;
mod delete_method;
pub mod deliver_event;
pub mod endpoints;
pub mod error;
pub mod events;
mod execute_attempt;
mod expire;
mod handle_webhook;
pub mod operator;
pub mod outbox;
pub mod ports;
pub mod provider;
mod record_consent;
pub mod reencrypt;
mod refund_payment;
mod register_card;
mod register_method;
mod replace_method;
pub mod resolve_payment;
mod run;
pub mod services;
mod settle_attempt;
mod submit;
pub mod subscription_page;
pub mod subscription_records;
mod subscription_step;
pub mod subscriptions;
mod trusted_clock;
pub mod wake;

pub use self::{
    charge_method::{ChargeRequest, charge_method},
    check_payment::check_payment,
    configure_shops::{ShopKeys, configure_shops},
    confirm_payment::confirm_payment,
    delete_method::{delete_method, resume_deletion},
    expire::expire_session,
    handle_webhook::{Unreadable, parse as parse_webhook, process_webhook, receive_webhook},
    record_consent::record_consent,
    refund_payment::{RefundRequest, refund_payment},
    register_card::{FirstCharge, register_and_charge},
    register_method::register_method,
    settle_attempt::resume_attempt,
    submit::Reply,
    trusted_clock::may_work,
};
