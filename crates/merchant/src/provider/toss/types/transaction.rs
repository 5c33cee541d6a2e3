//! An element of the list of transactions: one movement of money.

use serde::Deserialize;
use toss_checkout_contract::{OrderId, PaymentKey};

use super::{FRACTION, krw, moment, status, sum::Sum};
use crate::domain::provider_payment::Transaction;

/// An element of `GET /v1/transactions` whose sum can be counted.
#[derive(Deserialize)]
#[serde(try_from = "TransactionObject")]
pub(in crate::provider::toss) struct TransactionAnswer(Transaction);

impl From<TransactionAnswer> for Transaction {
    fn from(answer: TransactionAnswer) -> Self {
        answer.0
    }
}

/// The same as it is written.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TransactionObject {
    transaction_key: String,
    payment_key: PaymentKey,
    order_id: OrderId,
    amount: Sum,
    #[serde(default = "krw")]
    currency: String,
    status: String,
    transaction_at: Option<String>,
}

impl TryFrom<TransactionObject> for TransactionAnswer {
    type Error = &'static str;

    fn try_from(object: TransactionObject) -> Result<Self, Self::Error> {
        Ok(Self(Transaction {
            transaction_key: object.transaction_key,
            payment_key: object.payment_key,
            order_id: object.order_id,
            amount: object.amount.signed(&object.currency).ok_or(FRACTION)?,
            status: status(object.status),
            at: moment(object.transaction_at.as_ref()),
        }))
    }
}
