//! Subscriptions: what is charged when, and what follows when it is not paid. Pure: every rule is a
//! function of what is stored and of the moment.
//!
//! [`engine::next`] is the one transition by time; [`commands`] are those that somebody asks for.

pub mod calendar;
pub mod commands;
pub mod consent;
pub mod consent_text;
pub mod create;
pub mod customer;
pub mod dunning;
pub mod engine;
pub mod event;
pub mod evidence;
pub mod invoice;
pub mod names;
pub mod notice;
pub mod notice_delivery;
pub mod price;
pub mod rules;
pub mod seen;
pub mod state;

use toss_checkout_contract::CustomerKey;

pub use self::state::SubscriptionState;
use super::{
    ids::{PaymentMethodId, ShopId, SubscriptionId},
    time::Millis,
    words::words,
    work::Work,
};

words! {
    /// Where a subscription stands.
    pub enum SubscriptionStatus as "status of a subscription" {
        /// The first charge is not paid. It begins when it is, and ends by itself when it is not.
        Incomplete = "incomplete",
        /// Free until the end of the trial.
        Trialing = "trialing",
        /// Everything that was due is paid, or is being charged.
        Active = "active",
        /// A charge was refused and is tried again.
        PastDue = "past_due",
        /// It was refused for so long that no more than the customer can help.
        Unpaid = "unpaid",
        /// The next charge needs a consent that is not there; nothing is charged.
        AwaitingConsent = "awaiting_consent",
        /// Nothing is charged until it is resumed.
        Paused = "paused",
        /// Over.
        Canceled = "canceled",
    }
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// The row.
    pub id: SubscriptionId,
    /// The shop whose key pair charges: that of the card or account.
    pub shop_id: ShopId,
    /// Whose it is.
    pub customer_key: CustomerKey,
    /// The card or account that is charged.
    pub payment_method_id: PaymentMethodId,
    /// Where it stands.
    pub status: SubscriptionStatus,
    /// Grows with every change; every change of it or of its invoices is a compare-and-set of this.
    pub revision: u64,
    /// What is sold, at most 100 characters.
    pub order_name: String,
    /// Everything else.
    pub state: SubscriptionState,
    /// When it was made.
    pub created_at: Millis,
    /// When the next step is due.
    pub work: Work,
    /// Why a human has to look at it.
    pub needs_attention: Option<String>,
}

impl Subscription {
    /// Whether the customer is to be given what they subscribed to.
    pub fn is_entitled(&self) -> bool {
        match self.status {
            SubscriptionStatus::Trialing | SubscriptionStatus::Active => true,
            // Not by the clock: while the merchant's settings are at fault, the customer's time stands still.
            SubscriptionStatus::PastDue => !self.state.access_ended,
            SubscriptionStatus::Incomplete
            | SubscriptionStatus::Unpaid
            | SubscriptionStatus::AwaitingConsent
            | SubscriptionStatus::Paused
            | SubscriptionStatus::Canceled => false,
        }
    }

    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        self.status == SubscriptionStatus::Canceled
    }

    /// Money is owed and was refused.
    pub fn is_overdue(&self) -> bool {
        matches!(
            self.status,
            SubscriptionStatus::PastDue | SubscriptionStatus::Unpaid
        )
    }
}
