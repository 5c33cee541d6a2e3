//! The parts of Toss's objects that matter here. Unknown fields and values are accepted: Toss adds them
//! without notice. Source: <https://docs.tosspayments.com/reference>.

mod billing;
mod means;
mod sum;
mod transaction;

use serde::Deserialize;
use toss_checkout_contract::{FailureCode, Method, OrderId, PaymentKey};

pub(super) use self::{billing::BillingObject, transaction::TransactionAnswer};
use self::{
    means::{CardObject, EasyPayObject, TransferObject, VirtualAccountObject},
    sum::Sum,
};
use crate::domain::{
    attempt::AttemptFailure,
    payment::{CashReceiptDetails, PaymentDetails},
    provider_payment::{ProviderCancel, ProviderPayment, ProviderStatus, WebhookSecret},
    refund::RefundDetails,
    time::Millis,
};

/// The status of a payment that was given up is not an answer to a request of ours.
const GIVEN_UP: u16 = 400;

fn status(text: String) -> ProviderStatus {
    match text.as_str() {
        "READY" => ProviderStatus::Ready,
        "IN_PROGRESS" => ProviderStatus::InProgress,
        "WAITING_FOR_DEPOSIT" => ProviderStatus::WaitingForDeposit,
        "DONE" => ProviderStatus::Done,
        "CANCELED" => ProviderStatus::Canceled,
        "PARTIAL_CANCELED" => ProviderStatus::PartialCanceled,
        "ABORTED" => ProviderStatus::Aborted,
        "EXPIRED" => ProviderStatus::Expired,
        _ => ProviderStatus::Other(text),
    }
}

/// An address that may be shown as a link.
fn link(url: Option<String>) -> Option<String> {
    url.filter(|url| url.starts_with("https://"))
}

fn moment(text: Option<&String>) -> Option<Millis> {
    Millis::from_toss(text?)
}

/// A `Payment` whose sums can be counted.
#[derive(Deserialize)]
#[serde(try_from = "PaymentObject")]
pub(super) struct PaymentAnswer(ProviderPayment);

impl From<PaymentAnswer> for ProviderPayment {
    fn from(answer: PaymentAnswer) -> Self {
        answer.0
    }
}

/// A `Payment` as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PaymentObject {
    payment_key: PaymentKey,
    order_id: OrderId,
    status: String,
    /// Never changes.
    total_amount: Sum,
    #[serde(default = "krw")]
    currency: String,
    balance_amount: Option<Sum>,
    m_id: Option<String>,
    /// In Korean: 카드, 가상계좌, 계좌이체, …
    method: Option<String>,
    /// Only in the answer to a confirm.
    secret: Option<String>,
    approved_at: Option<String>,
    virtual_account: Option<VirtualAccountObject>,
    card: Option<CardObject>,
    easy_pay: Option<EasyPayObject>,
    transfer: Option<TransferObject>,
    receipt: Option<ReceiptObject>,
    cash_receipt: Option<CashReceiptObject>,
    cancels: Option<Vec<CancelObject>>,
    failure: Option<FailureObject>,
}

fn krw() -> String {
    "KRW".to_owned()
}

const FRACTION: &str = "an amount has a fraction that its currency does not have";

impl TryFrom<PaymentObject> for PaymentAnswer {
    type Error = &'static str;

    fn try_from(object: PaymentObject) -> Result<Self, Self::Error> {
        let currency = object.currency;
        let account = object.virtual_account;
        let details = PaymentDetails {
            method: object
                .method
                .and_then(|word| Method::from_korean(&word, &currency)),
            card: object.card.and_then(|card| card.shown(None)),
            account: object.transfer.and_then(TransferObject::shown),
            easy_pay: object.easy_pay.and_then(|pay| pay.provider),
            virtual_account: account.as_ref().and_then(VirtualAccountObject::shown),
            receipt_url: object.receipt.and_then(|receipt| link(receipt.url)),
            cash_receipt: object.cash_receipt.map(CashReceiptDetails::from),
            failure: None,
            reversed_at: None,
        };
        let minor = |sum: Sum| sum.minor(&currency);
        Ok(Self(ProviderPayment {
            payment_key: object.payment_key,
            order_id: object.order_id,
            status: status(object.status),
            total: minor(object.total_amount).ok_or(FRACTION)?,
            balance: object.balance_amount.and_then(minor),
            merchant_id: object.m_id,
            secret: object.secret.map(WebhookSecret),
            details,
            approved_at: moment(object.approved_at.as_ref()),
            due_at: account
                .as_ref()
                .and_then(|account| moment(account.due_date.as_ref())),
            account_closed: account.is_some_and(|account| account.expired == Some(true)),
            cancels: object
                .cancels
                .unwrap_or_default()
                .into_iter()
                .filter_map(|cancel| cancel.read(&currency))
                .collect(),
            failure: object.failure.map(AttemptFailure::from),
            currency,
        }))
    }
}

#[derive(Deserialize)]
struct ReceiptObject {
    url: Option<String>,
}

/// `cashReceipt`
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CashReceiptObject {
    #[serde(rename = "type")]
    kind: Option<String>,
    issue_number: Option<String>,
    receipt_url: Option<String>,
}

impl From<CashReceiptObject> for CashReceiptDetails {
    fn from(object: CashReceiptObject) -> Self {
        Self {
            issue_number: object.issue_number,
            kind: object.kind,
            receipt_url: link(object.receipt_url),
        }
    }
}

/// An element of `cancels`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CancelObject {
    transaction_key: Option<String>,
    cancel_amount: Option<Sum>,
    cancel_reason: Option<String>,
    canceled_at: Option<String>,
    /// DONE, `IN_PROGRESS`, ABORTED; absent from older versions.
    cancel_status: Option<String>,
}

impl CancelObject {
    fn read(self, currency: &str) -> Option<ProviderCancel> {
        let status = self.cancel_status.as_deref();
        if status == Some("ABORTED") {
            return None;
        }
        Some(ProviderCancel {
            transaction_key: self.transaction_key?,
            amount: self.cancel_amount?.minor(currency)?,
            details: RefundDetails {
                reason: self.cancel_reason.unwrap_or_default(),
                failure: None,
                canceled_at: moment(self.canceled_at.as_ref()).map(Millis::kst),
            },
            done: matches!(status, None | Some("DONE")),
        })
    }
}

/// `failure`
#[derive(Deserialize)]
struct FailureObject {
    code: FailureCode,
    message: Option<String>,
}

impl From<FailureObject> for AttemptFailure {
    fn from(object: FailureObject) -> Self {
        Self {
            code: object.code,
            message: object.message.unwrap_or_default(),
            status: GIVEN_UP,
        }
    }
}

#[cfg(test)]
mod tests;
