//! The tables as sea-orm sees them. What leaves the store are the domain's types.

pub(crate) mod api_key;
pub(crate) mod api_request;
pub(crate) mod attempt;
pub(crate) mod audit;
pub(crate) mod consent;
pub(crate) mod customer;
pub(crate) mod customer_link;
pub(crate) mod delivery;
pub(crate) mod endpoint;
pub(crate) mod event;
pub(crate) mod failure_report;
pub(crate) mod hint;
pub(crate) mod invoice;
pub(crate) mod notice;
pub(crate) mod notice_delivery;
pub(crate) mod payment;
pub(crate) mod payment_method;
pub(crate) mod refund;
pub(crate) mod session;
pub(crate) mod shop;
pub(crate) mod subscription;
pub(crate) mod webhook;
