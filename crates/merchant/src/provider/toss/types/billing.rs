//! A `Billing`: what the issue of a billing key answers.

use serde::Deserialize;
use toss_checkout_contract::{BankAccount, BillingKey, Currency, CustomerKey, Method};

use super::means::{CardObject, TransferObject};
use crate::domain::provider_payment::IssuedMethod;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::provider::toss) struct BillingObject {
    /// Shown once, here.
    billing_key: BillingKey,
    customer_key: CustomerKey,
    /// In Korean: 카드 or 계좌이체.
    method: Option<String>,
    card: Option<CardObject>,
    /// Before version 2024-06-01.
    card_number: Option<String>,
    /// For an account; null, empty or filled.
    transfers: Option<Vec<TransferObject>>,
}

impl From<BillingObject> for IssuedMethod {
    fn from(object: BillingObject) -> Self {
        let card_number = object.card_number;
        let account: Option<BankAccount> = object
            .transfers
            .and_then(|list| list.into_iter().next())
            .and_then(TransferObject::shown);
        Self {
            billing_key: object.billing_key,
            customer_key: object.customer_key,
            method: object
                .method
                .and_then(|word| Method::from_korean(&word, Currency::Krw.as_str())),
            card: object.card.and_then(|card| card.shown(card_number)),
            account,
        }
    }
}
