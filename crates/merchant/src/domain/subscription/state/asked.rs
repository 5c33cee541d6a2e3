//! What was asked for and has not happened.

use serde::{Deserialize, Serialize};

use crate::domain::{
    ids::InvoiceId,
    subscription::{calendar::Period, price::Terms},
    time::Millis,
    words::words,
};

/// When a change that was asked for happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "when")]
pub enum ChangeWhen {
    /// With the next period.
    NextPeriod,
    /// When this invoice is paid.
    Paid {
        /// The invoice.
        invoice: InvoiceId,
        /// The period that begins then.
        new_period: Option<Period>,
        /// What was to happen with the next period, and does unless this is paid.
        #[serde(default)]
        otherwise: Option<Box<Pending>>,
    },
}

/// A change that was asked for and has not happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pending {
    /// What will hold.
    pub terms: Terms,
    /// What is then taken off the next charges, in won.
    pub credit: u64,
    /// From when.
    #[serde(flatten)]
    pub when: ChangeWhen,
}

words! {
    /// What goes back when a subscription is canceled at once.
    pub enum CancelRefund as "refund of a cancel" {
        /// Nothing.
        None = "none",
        /// The days that are left, in proportion.
        Prorated = "prorated",
    }
}

/// A cancel that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cancel {
    /// When it happens.
    pub at: Millis,
    /// When it was asked for.
    pub asked_at: Millis,
    /// What goes back.
    pub refund: CancelRefund,
}

/// A pause that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pause {
    /// When it begins.
    pub at: Millis,
    /// When it ends by itself.
    pub resume_at: Option<Millis>,
}
