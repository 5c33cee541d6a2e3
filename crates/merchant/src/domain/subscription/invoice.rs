//! Invoices: what is owed for a period, or for a change within one, and the charges that try to get it.

use serde::{Deserialize, Serialize};
use toss_checkout_contract::{FailureCode, OrderId};

use super::calendar::Period;
pub use crate::domain::charge::{ChargeOf, Trigger};
use crate::domain::{
    attempt::{Attempt, AttemptStatus},
    decline::DeclineClass,
    ids::{InvoiceId, SubscriptionId},
    time::Millis,
    words::words,
};

words! {
    /// What an invoice is for.
    pub enum InvoiceKind as "kind of invoice" {
        /// A period: one per subscription and period.
        Period = "period",
        /// The difference of a change within a period. The change happens only if it is paid.
        Proration = "proration",
    }
}

words! {
    /// How an invoice stands.
    pub enum InvoiceStatus as "status of an invoice" {
        /// Owed.
        Open = "open",
        /// Paid; also when nothing had to be paid.
        Paid = "paid",
        /// Not owed any more, or never charged.
        Void = "void",
        /// The merchant's settings keep it from being charged. Nobody is dunned for that.
        Held = "held",
        /// Given up after the last day of the overdue policy.
        Uncollectible = "uncollectible",
    }
}

words! {
    /// Why an invoice is void.
    pub enum VoidReason as "reason why an invoice is void" {
        /// The subscription ended.
        Canceled = "canceled",
        /// The change that it is for was not paid, and does not happen.
        Declined = "declined",
        /// Its period went by while the program was down.
        Missed = "missed",
    }
}

words! {
    /// What a part of an invoice is for.
    pub enum LineKind as "kind of invoice line" {
        /// The price of the period.
        Price = "price",
        /// The customer's credit.
        Credit = "credit",
        /// The difference of a change.
        Proration = "proration",
    }
}

/// A part of what is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InvoiceLine)]
pub struct Line {
    /// What it is for.
    pub kind: LineKind,
    /// In won; credit is negative.
    pub amount: i64,
}

/// When and why the next charge is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Retry {
    /// When.
    pub at: Millis,
    /// Why.
    pub trigger: Trigger,
}

/// What is known of an invoice beside its money: stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoiceState {
    /// The period that it is for, or in which the change lies.
    pub period: Period,
    /// The list price that it was made with, before credit; what the next price is compared with.
    pub price: u64,
    /// What it is made of.
    pub lines: Vec<Line>,
    /// The number of the last charge whose outcome was acted on.
    pub seen: u32,
    /// The next charge.
    pub retry: Option<Retry>,
    /// Since when the merchant's settings hold it.
    pub held_since: Option<Millis>,
    /// What the last refusal meant.
    pub class: Option<DeclineClass>,
    /// Its code.
    pub code: Option<FailureCode>,
    /// Why it is void.
    pub reason: Option<VoidReason>,
    /// How much of the customer's credit it used.
    pub credit_used: u64,
}

/// What is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invoice {
    /// Computed from what it is for.
    pub id: InvoiceId,
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// What it is for.
    pub kind: InvoiceKind,
    /// The period.
    pub period_no: u32,
    /// Names the change that it is for.
    pub request_key: Option<String>,
    /// What is to be paid, in won; zero is paid without a charge.
    pub amount: u64,
    /// How it stands.
    pub status: InvoiceStatus,
    /// Everything else.
    pub state: InvoiceState,
    /// When it was made.
    pub created_at: Millis,
    /// When it was paid.
    pub paid_at: Option<Millis>,
}

impl Invoice {
    /// Whether it is still owed.
    pub fn is_open(&self) -> bool {
        matches!(self.status, InvoiceStatus::Open | InvoiceStatus::Held)
    }

    /// No longer owed.
    pub fn void(&mut self, reason: VoidReason) {
        self.status = InvoiceStatus::Void;
        self.state.retry = None;
        self.state.reason = Some(reason);
    }
}

/// A charge as the rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Its number within the invoice, from 1.
    pub no: u32,
    /// Why it was made.
    pub trigger: Trigger,
    /// Its order number.
    pub order_id: Option<OrderId>,
    /// How it went.
    pub status: AttemptStatus,
    /// Why it was refused.
    pub code: Option<FailureCode>,
    /// When its outcome was written down.
    pub settled_at: Option<Millis>,
}

impl Charge {
    /// The charge that an attempt makes; `None` for one that pays no invoice.
    pub fn of(attempt: &Attempt) -> Option<Self> {
        let charge = attempt.charge.as_ref()?;
        Some(Self {
            no: charge.no,
            trigger: charge.trigger,
            order_id: attempt.order_id.clone(),
            status: attempt.status,
            code: attempt.failure.as_ref().map(|failure| failure.code.clone()),
            settled_at: attempt.settled_at,
        })
    }

    /// Whether money was taken.
    pub fn took_money(&self) -> bool {
        matches!(
            self.status,
            AttemptStatus::Succeeded | AttemptStatus::Surplus
        )
    }
}
