//! Payments: one row per order number, whoever's money it is and however it moves.

use serde::{Deserialize, Serialize};
use toss_checkout_contract::{
    Amount, BankAccount, Card, Customer, CustomerKey, Failure, Method, OrderId, PaymentKey,
    SessionId, VirtualAccount,
};

use super::{
    ids::{PaymentId, PaymentMethodId, ShopId},
    time::Millis,
    words::words,
    work::Work,
};

words! {
    /// What a payment is for.
    pub enum Purpose as "purpose of a payment" {
        /// One payment by a buyer in Toss's window.
        Checkout = "checkout",
        /// The charge that follows a registration at once.
        FirstCharge = "first_charge",
        /// A charge of a registered card or account that the merchant's server asked for.
        ManualCharge = "manual_charge",
        /// A charge for an invoice of a subscription.
        Subscription = "subscription",
    }
}

words! {
    /// Where a payment stands.
    pub enum PaymentStatus as "status of a payment" {
        /// Written down; Toss was not asked for it.
        Ready = "ready",
        /// Toss is being asked.
        Confirming = "confirming",
        /// The virtual account exists, nothing is paid.
        WaitingForDeposit = "waiting_for_deposit",
        /// The money is there.
        Paid = "paid",
        /// Part of it went back.
        PartiallyCanceled = "partially_canceled",
        /// All of it went back, or the account was given up before a deposit.
        Canceled = "canceled",
        /// Toss said no.
        Failed = "failed",
        /// Nobody knows; it is being looked up.
        Unknown = "unknown",
        /// Too late to start, or to deposit.
        Expired = "expired",
    }
}

impl PaymentStatus {
    /// Whether the request that makes the payment was carried out.
    pub fn has_outcome(self) -> bool {
        match self {
            Self::WaitingForDeposit | Self::Paid | Self::PartiallyCanceled | Self::Canceled => true,
            Self::Ready | Self::Confirming | Self::Failed | Self::Unknown | Self::Expired => false,
        }
    }

    /// Whether money is there.
    pub fn has_money(self) -> bool {
        matches!(self, Self::Paid | Self::PartiallyCanceled)
    }
}

/// What is known of a payment beside its money: stored as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PaymentDetails {
    /// How it was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Method>,
    /// The card, number masked by Toss.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// The account that was charged, number masked by Toss.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<BankAccount>,
    /// The easy pay service, in Toss's words: 토스페이, 네이버페이, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub easy_pay: Option<String>,
    /// The virtual account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub virtual_account: Option<VirtualAccount>,
    /// Toss's receipt, an absolute https address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_url: Option<String>,
    /// The cash receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cash_receipt: Option<CashReceiptDetails>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// While money is owed again: when it was learnt that the bank had taken a deposit back, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reversed_at: Option<toss_checkout_contract::Timestamp>,
}

/// 현금영수증, as Toss issued it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct CashReceiptDetails {
    /// Its number at the tax office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue_number: Option<String>,
    /// 소득공제 or 지출증빙.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Where it can be seen, an absolute https address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_url: Option<String>,
}

/// One order's money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The row.
    pub id: PaymentId,
    /// The shop whose key pair it belongs to. A cancel uses the pair that charged.
    pub shop_id: ShopId,
    /// Our order number, once used.
    pub order_id: OrderId,
    /// What it is for.
    pub purpose: Purpose,
    /// The checkout session.
    pub session_id: Option<SessionId>,
    /// The card or account that is charged.
    pub payment_method_id: Option<PaymentMethodId>,
    /// Whose it is.
    pub customer_key: CustomerKey,
    /// What is bought.
    pub order_name: String,
    /// What is handed to Toss of the buyer.
    pub customer: Customer,
    /// What it costs.
    pub amount: Amount,
    /// What Toss holds of it now, in the amount's unit: nothing before it is paid and after a full cancel.
    pub balance: u64,
    /// Where it stands.
    pub status: PaymentStatus,
    /// Grows with every change.
    pub revision: u64,
    /// Toss's name for it, once known.
    pub payment_key: Option<PaymentKey>,
    /// Digest of the secret with which webhooks prove themselves; `None` when it was never seen.
    pub secret_digest: Option<String>,
    /// What else is known.
    pub details: PaymentDetails,
    /// When the money arrived.
    pub approved_at: Option<Millis>,
    /// When the virtual account closes.
    pub due_at: Option<Millis>,
    /// When it was written down.
    pub created_at: Millis,
    /// When Toss is to be asked about it.
    pub work: Work,
    /// Why a human has to look at it.
    pub needs_attention: Option<String>,
}

impl Payment {
    /// What Toss holds of it now; `None`: nothing.
    pub fn left(&self) -> Option<Amount> {
        Amount::new(self.balance, self.amount.currency()).ok()
    }
}
