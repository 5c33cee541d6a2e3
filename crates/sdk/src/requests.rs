//! What the windows are asked for: one type per request of the SDK, with every public field.
//! Limits are checked here, before Toss sees the request.
//! Source: <https://docs.tosspayments.com/sdk/v2/js> and the typings of the npm package
//! `@tosspayments/tosspayments-sdk` 2.8.1. What the typings mark `@ignore` is left out.

mod billing;
mod card;
mod foreign_easy_pay;
mod gift_certificate;
mod mobile_phone;
mod option;
mod parts;
mod payment;
mod transfer;
mod url;
mod virtual_account;

pub(crate) use option::Vocabulary;

pub use billing::{
    BillingAuthRequest, BillingEasyPay, BillingMethod, BillingOptions, BillingWindow, CardBilling,
    TransferBilling,
};
pub use card::{Card, FlowMode, FreeInstallmentPlan, Installments, KeyinCardType, WindowLanguage};
pub use foreign_easy_pay::{
    Address, AddressLines, ForeignAmount, ForeignEasyPay, ForeignOptions, ForeignProduct,
    ForeignProvider, Shipping,
};
pub use gift_certificate::GiftCertificate;
pub use mobile_phone::{Carrier, MobilePhone};
pub use parts::{CardType, Deadline, EscrowProduct};
pub use payment::{Block, PaymentMethod, PaymentRequest, Price, PromiseMethod};
pub use transfer::Transfer;
pub use url::{AbsoluteUrl, ReturnUrls};
pub use virtual_account::VirtualAccount;
