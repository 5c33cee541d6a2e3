//! What operators decided: who, about what, and why. Written with the change, and never changed.

use super::{time::Millis, words::words};

words! {
    /// What an operator did.
    pub enum AuditAction as "action of an operator" {
        /// Toss is to be asked again about a payment.
        AskAgain = "payment.ask_again",
        /// A request whose outcome nobody knows was not carried out, as the operator has seen at Toss.
        NotCarriedOut = "payment.not_carried_out",
        /// What a payment needed attention for is dealt with.
        Handled = "payment.handled",
        /// What a subscription was set aside for is dealt with: it goes on.
        ResumeSubscription = "subscription.resume",
        /// Webhooks are to be worked on again.
        ReplayWebhooks = "webhooks.replay",
    }
}

/// An entry to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAudit {
    /// Who.
    pub actor: String,
    /// What was done.
    pub action: AuditAction,
    /// To what: the name of a row.
    pub subject: String,
    /// Why, in the operator's words.
    pub reason: String,
}

/// An entry as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// What was written.
    pub entry: NewAudit,
    /// When.
    pub at: Millis,
}
