//! 현금영수증: the short form in a Payment, and the object that has its own calls.

use serde::Serialize;
use time::OffsetDateTime;
use toss_model::{
    Payment, ReceiptRecord,
    moment::kst,
    money::{Currency, Money},
    payment::CashReceipt,
};

/// Toss's own business number in its examples.
const BUSINESS_NUMBER: &str = "4118601799";
/// What the window would have asked the buyer for.
const BUYER: &str = "010****0000";

/// `cashReceipt` of a Payment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CashReceiptBody<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    receipt_key: &'a str,
    issue_number: &'a str,
    receipt_url: String,
    amount: Money,
    tax_free_amount: Money,
}

/// A CashReceipt: an element of `cashReceipts`, and what the receipt calls answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceiptBody<'a> {
    receipt_key: &'a str,
    order_id: &'a str,
    order_name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    issue_number: &'a str,
    receipt_url: String,
    business_number: &'static str,
    transaction_type: &'static str,
    amount: Money,
    tax_free_amount: Money,
    issue_status: &'static str,
    failure: Option<()>,
    customer_identity_number: &'a str,
    requested_at: String,
}

fn receipt_url(receipt: &CashReceipt) -> String {
    format!(
        "https://dashboard.tosspayments.com/receipt/mids/si_tosspayments/cash-receipts/{}",
        receipt.key
    )
}

impl<'a> CashReceiptBody<'a> {
    pub(super) fn of(receipt: &'a CashReceipt, payment: &Payment) -> Self {
        Self {
            kind: receipt.kind.as_str(),
            receipt_key: &receipt.key,
            issue_number: &receipt.issue_number,
            receipt_url: receipt_url(receipt),
            amount: payment.currency.money(payment.total),
            tax_free_amount: payment.currency.money(payment.tax_free),
        }
    }
}

impl<'a> ReceiptBody<'a> {
    /// The receipt of a payment and what took parts of it back.
    pub(super) fn history(payment: &'a Payment, now: OffsetDateTime) -> Vec<Self> {
        let issued = payment
            .means
            .receipt()
            .map(|receipt| (receipt, payment.total, payment.tax_free));
        let taken_back = payment.cancels.iter().filter_map(|cancel| {
            let receipt = cancel.receipt.as_ref()?;
            Some((receipt, cancel.amount, cancel.tax_free))
        });
        issued
            .into_iter()
            .chain(taken_back)
            .map(|(receipt, amount, tax_free)| Self {
                receipt_key: &receipt.key,
                order_id: payment.order_id.as_str(),
                order_name: &payment.order_name,
                kind: receipt.kind.as_str(),
                issue_number: &receipt.issue_number,
                receipt_url: receipt_url(receipt),
                business_number: BUSINESS_NUMBER,
                transaction_type: receipt.transaction_type(),
                amount: payment.currency.money(amount),
                tax_free_amount: payment.currency.money(tax_free),
                issue_status: receipt.issue_status(now),
                failure: None,
                customer_identity_number: BUYER,
                requested_at: kst(receipt.requested_at),
            })
            .collect()
    }

    /// A receipt that was asked for by itself.
    pub(crate) fn of(record: &'a ReceiptRecord, now: OffsetDateTime) -> Self {
        let receipt = &record.receipt;
        Self {
            receipt_key: &receipt.key,
            order_id: record.order_id.as_str(),
            order_name: &record.order_name,
            kind: receipt.kind.as_str(),
            issue_number: &receipt.issue_number,
            receipt_url: receipt_url(receipt),
            business_number: BUSINESS_NUMBER,
            transaction_type: receipt.transaction_type(),
            amount: Currency::Krw.money(record.amount),
            tax_free_amount: Currency::Krw.money(record.tax_free),
            issue_status: receipt.issue_status(now),
            failure: None,
            customer_identity_number: &record.identity,
            requested_at: kst(receipt.requested_at),
        }
    }
}
