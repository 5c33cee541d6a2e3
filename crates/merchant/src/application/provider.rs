//! What use cases need of the payment provider. Toss Payments implements it; see [`crate::provider`].

use std::{fmt, time::Duration};

use async_trait::async_trait;
use thiserror::Error;
use toss_checkout_contract::{
    Amount, AuthKey, BillingKey, Customer, CustomerKey, OrderId, PaymentKey, SecretKey,
};
use zeroize::Zeroizing;

use crate::domain::{
    attempt::AttemptFailure,
    ids::ShopId,
    provider_payment::{IssuedMethod, ProviderPayment, Transaction},
    time::Millis,
};

/// With what a shop shows itself to the provider.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Whose they are.
    pub shop_id: ShopId,
    /// The key.
    pub secret_key: SecretKey,
    /// Tells keys apart without showing them.
    pub fingerprint: String,
}

/// A call without a usable success.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ProviderError {
    /// The provider said no, and nothing happened.
    #[error("Toss refused: {} {}", .0.status, .0.code)]
    Refused(AttemptFailure),
    /// The provider does not accept the shop's own key: the operator's mistake, never the buyer's.
    #[error("Toss does not accept this shop's secret key: {} {}", .0.status, .0.code)]
    Configuration(AttemptFailure),
    /// The same was carried out before: a look-up tells what came of it.
    #[error("Toss did this before: {} {}", .0.status, .0.code)]
    DoneBefore(AttemptFailure),
    /// No connection was made, so the provider cannot have seen the request.
    #[error("no connection to Toss: {0}")]
    NotSent(String),
    /// Carried out or not: nobody knows yet.
    #[error("the outcome is not known: {reason}")]
    Unknown {
        /// What came instead of an answer.
        reason: String,
        /// When the provider wants to be asked again.
        retry_after: Option<Duration>,
        /// The documented fault that it named. What was answered with one may be carried out all the same, seconds
        /// later; long afterwards a look-up tells.
        fault: Option<AttemptFailure>,
    },
}

impl ProviderError {
    /// When the provider wants to be asked again.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Unknown { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

/// What a charge is for.
#[derive(Debug)]
pub struct ChargeOrder<'a> {
    /// The card or account.
    pub billing_key: &'a BillingKey,
    /// Whose it is.
    pub customer_key: &'a CustomerKey,
    /// How much.
    pub amount: Amount,
    /// The order number of this charge.
    pub order_id: &'a OrderId,
    /// At most 100 characters.
    pub order_name: &'a str,
    /// Name and e-mail for the receipt.
    pub customer: &'a Customer,
}

/// What goes back.
#[derive(Debug)]
pub struct CancelOrder<'a> {
    /// The payment.
    pub payment_key: &'a PaymentKey,
    /// How much.
    pub amount: Amount,
    /// Why, at most 200 characters.
    pub reason: &'a str,
    /// What is believed to be left of the payment; refused when it is not.
    pub expected_balance: Option<u64>,
    /// Who gets the money of a deposited virtual account.
    pub account: Option<&'a RefundAccount>,
}

/// The account that gets the money of a deposited virtual account.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefundAccount {
    /// Two digits, or the bank's name.
    pub bank: String,
    /// At most 20 digits without dashes.
    pub account_number: String,
    /// At most 60 characters.
    pub holder_name: String,
}

impl fmt::Debug for RefundAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefundAccount(…)")
    }
}

/// Card data that a customer gave to the merchant. Passed through: never stored and never logged.
pub struct CardRegistration {
    /// Whose it becomes.
    pub customer_key: CustomerKey,
    /// At most 20 digits.
    pub number: Zeroizing<String>,
    /// Two digits.
    pub expiry_year: Zeroizing<String>,
    /// Two digits.
    pub expiry_month: Zeroizing<String>,
    /// The holder's birth date as six digits, or a business number of ten.
    pub identity_number: Zeroizing<String>,
    /// The first two digits of the card's password.
    pub password: Option<Zeroizing<String>>,
    /// For the receipt.
    pub customer: Customer,
}

impl fmt::Debug for CardRegistration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CardRegistration")
            .field("customer_key", &self.customer_key)
            .finish_non_exhaustive()
    }
}

/// A page of the provider's books, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionsPage {
    /// `yyyy-MM-dd'T'HH:mm:ss`, Korean time.
    pub from: String,
    /// The end, likewise.
    pub to: String,
    /// The last transaction of the page before.
    pub after: Option<String>,
    /// At most 5000.
    pub limit: u16,
}

/// A provider of payments. Every call names the shop by its credentials. The requests that move money
/// take an idempotency key; to send one again under the same key is harmless for as long as
/// [`crate::domain::lookup`] says.
#[async_trait]
pub trait PaymentProvider: fmt::Debug + Send + Sync {
    /// Confirms a payment that the buyer authenticated.
    async fn confirm(
        &self,
        shop: &Credentials,
        payment_key: &PaymentKey,
        order_id: &OrderId,
        amount: Amount,
        idempotency_key: &str,
    ) -> Result<ProviderPayment, ProviderError>;

    /// Turns a one-time key into a billing key.
    async fn issue(
        &self,
        shop: &Credentials,
        auth_key: &AuthKey,
        customer_key: &CustomerKey,
        idempotency_key: &str,
    ) -> Result<IssuedMethod, ProviderError>;

    /// Registers a card by its number, for merchants with such a contract.
    async fn register_card(
        &self,
        shop: &Credentials,
        card: &CardRegistration,
        idempotency_key: &str,
    ) -> Result<IssuedMethod, ProviderError>;

    /// Charges a registered card or account.
    async fn charge(
        &self,
        shop: &Credentials,
        order: &ChargeOrder<'_>,
        idempotency_key: &str,
    ) -> Result<ProviderPayment, ProviderError>;

    /// Gives money back, or gives a virtual account up before a deposit.
    async fn cancel(
        &self,
        shop: &Credentials,
        order: &CancelOrder<'_>,
        idempotency_key: &str,
    ) -> Result<ProviderPayment, ProviderError>;

    /// Deletes a billing key; one that is gone already counts as deleted.
    async fn delete_billing_key(
        &self,
        shop: &Credentials,
        billing_key: &BillingKey,
    ) -> Result<(), ProviderError>;

    /// The newest payment of an order; `None` when there is none.
    async fn payment_by_order(
        &self,
        shop: &Credentials,
        order_id: &OrderId,
    ) -> Result<Option<ProviderPayment>, ProviderError>;

    /// One payment; `None` when there is none.
    async fn payment_by_key(
        &self,
        shop: &Credentials,
        payment_key: &PaymentKey,
    ) -> Result<Option<ProviderPayment>, ProviderError>;

    /// What the provider's clock says, to the second. `fresh`: it is asked, and not only taken from an
    /// answer of the last minute. `None`: it cannot be told.
    async fn clock(&self, shop: &Credentials, fresh: bool) -> Option<Millis>;

    /// The provider's books.
    async fn transactions(
        &self,
        shop: &Credentials,
        page: &TransactionsPage,
    ) -> Result<Vec<Transaction>, ProviderError>;
}
