//! Charges for invoices of subscriptions, as attempts name them.

use super::{ids::InvoiceId, words::words};

words! {
    /// Why a charge was made.
    pub enum Trigger as "trigger of a charge" {
        /// The period began.
        Schedule = "schedule",
        /// A refused one was due again.
        Retry = "retry",
        /// The customer has another card or account.
        MethodChanged = "method_changed",
        /// The customer, or the merchant's server for them, asked to pay now.
        Customer = "customer",
        /// An operator has dealt with what it was held for.
        Operator = "operator",
        /// The first charge of a subscription.
        First = "first",
    }
}

impl Trigger {
    /// Whether a refusal uses up one of the planned tries. What people ask for does not.
    pub fn is_planned(self) -> bool {
        matches!(self, Self::Schedule | Self::Retry | Self::First)
    }
}

/// The part of an attempt that says which invoice it is to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeOf {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Its number within the invoice, from 1.
    pub no: u32,
    /// Why it was made.
    pub trigger: Trigger,
}
