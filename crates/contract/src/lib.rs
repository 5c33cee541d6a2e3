//! The vocabulary of toss-checkout: validated values and JSON shapes that the page, the merchant
//! backend and the sandbox share. No I/O, no clock, no random numbers, nothing that only a browser
//! or only a server has.
//!
//! A raw string becomes a typed value once, at the edge, through a constructor that can fail:
//!
//! ```
//! use toss_checkout_contract::OrderId;
//!
//! let order: OrderId = "order-2026-0001".parse()?;
//! assert_eq!(order.as_str(), "order-2026-0001");
//!
//! let refused = "no spaces!".parse::<OrderId>().unwrap_err();
//! assert_eq!(
//!     refused.to_string(),
//!     "orderId holds the character ' ' at position 3; allowed are letters, digits, '-', '_' and '='"
//! );
//! # Ok::<(), toss_checkout_contract::ValueError>(())
//! ```

mod amount;
mod api;
mod card_options;
mod consent;
mod decimal_amount;
mod failure;
mod ids;
mod keys;
mod method;
mod open;
#[cfg(feature = "openapi")]
mod openapi;
mod payment_options;
mod plan;
mod session;
mod session_result;
mod session_status;
mod subscription;
mod timestamp;
mod value;

pub use amount::{Amount, Currency, MAX_AMOUNT};
pub use api::{ApiError, ConfirmRequest, FailureReport, IssueRequest, codes};
pub use card_options::{CardFlow, CardOptions};
pub use consent::Consent;
pub use decimal_amount::DecimalAmount;
pub use failure::FailureCode;
pub use ids::{
    AuthKey, BillingKey, ConsentText, ConsentVersion, CustomerKey, LinkToken, OrderId, PaymentKey,
    SessionId,
};
pub use keys::{ClientKey, KeyFamily, KeyMode, SecretKey};
pub use method::Method;
pub use payment_options::{
    CashReceipt, CashReceiptType, ForeignEasyPayOptions, VirtualAccountOptions,
};
pub use plan::{Interval, Plan};
pub use session::{Customer, Locale, Session};
pub use session_result::{
    BankAccount, Card, ChargeResult, ChargeStatus, Failure, SessionResult, VirtualAccount,
};
pub use session_status::{SessionKind, SessionStatus};
pub use subscription::{
    CancelAt, CancelChoices, CancelNow, CancelRequest, ConsentAnswer, ConsentRequest,
    CustomerInvoice, CustomerInvoices, CustomerLink, CustomerSubscription, CustomerSubscriptions,
    InvoiceStatus, MethodDisplay, NextCharge, Owed, Price, ReplaceMethod, ReplaceMethodAt,
    SeenRevision, SubscriptionStatus,
};
pub use timestamp::Timestamp;
pub use value::{Problem, ValueError};
