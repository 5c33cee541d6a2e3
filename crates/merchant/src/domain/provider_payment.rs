//! What the payment provider says about a payment: as much of its object as decisions rest on.

use std::fmt;

use toss_checkout_contract::{
    Amount, BankAccount, BillingKey, Card, CustomerKey, Method, OrderId, PaymentKey,
};

use super::{
    attempt::AttemptFailure,
    payment::PaymentDetails,
    refund::{Refund, RefundDetails},
    time::Millis,
};

/// Where a payment stands at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderStatus {
    /// The window is open.
    Ready,
    /// The buyer authenticated; nothing was confirmed.
    InProgress,
    /// A virtual account was issued.
    WaitingForDeposit,
    /// The money is there.
    Done,
    /// All of it went back, or the virtual account was given up.
    Canceled,
    /// Part of it went back. Toss leaves this status when the rest follows.
    PartialCanceled,
    /// The confirm failed.
    Aborted,
    /// Nobody confirmed in time.
    Expired,
    /// A value that this version does not know.
    Other(String),
}

/// The secret with which later webhooks of a payment prove themselves. Shown once, in the answer to the
/// confirm.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret(pub String);

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

/// A cancel as the provider lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderCancel {
    /// The provider's name for it.
    pub transaction_key: String,
    /// How much went back, in the payment's unit.
    pub amount: u64,
    /// Reason and moment.
    pub details: RefundDetails,
    /// Whether it is certain; some cancels take time at the provider.
    pub done: bool,
}

/// A payment, as the provider sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderPayment {
    /// The provider's name for it.
    pub payment_key: PaymentKey,
    /// Ours.
    pub order_id: OrderId,
    /// Where it stands.
    pub status: ProviderStatus,
    /// What it costs; never changes.
    pub total: u64,
    /// ISO 4217.
    pub currency: String,
    /// What can still be cancelled; `None` when the provider did not say.
    pub balance: Option<u64>,
    /// Toss's `mId`.
    pub merchant_id: Option<String>,
    /// Proves webhooks.
    pub secret: Option<WebhookSecret>,
    /// What may be shown: method, card, account, receipts.
    pub details: PaymentDetails,
    /// When the money arrived.
    pub approved_at: Option<Millis>,
    /// When the virtual account closes.
    pub due_at: Option<Millis>,
    /// Whether the provider says that the virtual account is closed.
    pub account_closed: bool,
    /// Every cancel so far.
    pub cancels: Vec<ProviderCancel>,
    /// Why it was given up.
    pub failure: Option<AttemptFailure>,
}

impl ProviderPayment {
    /// The cancel that a refund made, if it is there: one of the same amount and reason that belongs to no
    /// other refund. `all`: every refund of the payment.
    pub fn cancel_of(&self, refund: &Refund, all: &[Refund]) -> Option<&ProviderCancel> {
        let mut cancels = self.cancels.iter();
        if let Some(key) = &refund.transaction_key {
            return cancels.find(|cancel| cancel.transaction_key == *key);
        }
        cancels.find(|cancel| {
            cancel.amount == refund.amount.value()
                && cancel.details.reason == refund.details.reason
                && !all
                    .iter()
                    .any(|other| other.transaction_key.as_ref() == Some(&cancel.transaction_key))
        })
    }

    /// Whether it costs just that.
    pub fn costs(&self, amount: Amount) -> bool {
        self.currency == amount.currency().as_str() && self.total == amount.value()
    }
}

/// A registered card or account, as the provider answers once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedMethod {
    /// Never shown again.
    pub billing_key: BillingKey,
    /// Whose it is.
    pub customer_key: CustomerKey,
    /// Card or account; `None` for what this version does not know.
    pub method: Option<Method>,
    /// The card, number masked.
    pub card: Option<Card>,
    /// The account, when it is known already.
    pub account: Option<BankAccount>,
}

/// One movement in the provider's books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// Its name.
    pub transaction_key: String,
    /// The payment's name.
    pub payment_key: PaymentKey,
    /// Our order number.
    pub order_id: OrderId,
    /// Negative for a cancel.
    pub amount: i64,
    /// Where the payment stood after it.
    pub status: ProviderStatus,
    /// When it happened.
    pub at: Option<Millis>,
}
