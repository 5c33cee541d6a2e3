//! What was paid last, and what is to go back.

use serde::{Deserialize, Serialize};

use crate::domain::{
    ids::InvoiceId,
    subscription::{
        calendar::{Day, Period},
        price::{Left, Terms},
    },
    time::Millis,
};

/// The price that was paid last, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LastPaid {
    /// What a period cost, before credit.
    pub terms: Terms,
    /// The period.
    pub period: Period,
    /// What was really charged: for the period, and for changes within it.
    pub parts: Vec<PaidPart>,
    /// What was charged before and is worth something still: unused days of another interval, or credit
    /// that paid for this period.
    #[serde(default)]
    pub earlier: Vec<PaidPart>,
    /// When the period was paid.
    pub at: Millis,
}

impl LastPaid {
    /// Whether Toss was asked for any of it.
    pub fn was_charged(&self) -> bool {
        self.parts.iter().any(|part| part.amount > 0)
    }

    /// What its days from one on are worth, in won.
    pub fn worth(&self, from: Day) -> u64 {
        Left::of(self.period, from).given_back(self.terms.price)
    }

    /// The payments that its worth and the customer's credit came from, oldest first.
    pub fn sources(&self) -> impl DoubleEndedIterator<Item = &PaidPart> {
        self.earlier.iter().chain(&self.parts)
    }
}

/// An invoice that was paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaidPart {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// In won.
    pub amount: u64,
}

/// Money that is to go back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundDue {
    /// Of this invoice's payment.
    pub invoice_id: InvoiceId,
    /// In won.
    pub amount: u64,
}
