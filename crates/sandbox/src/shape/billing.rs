//! Toss's Billing object.

use serde::Serialize;
use toss_model::{
    BillingRecord, Version, card::Card, institution::card_company, instrument::Instrument,
    moment::kst,
};

use super::Viewer;

/// Toss's Billing object.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BillingBody<'a> {
    m_id: &'a str,
    customer_key: &'a str,
    authenticated_at: String,
    method: &'static str,
    billing_key: &'a str,
    card: Option<BillingCard>,
    #[serde(flatten)]
    old: Option<Old>,
    #[serde(flatten)]
    new: Option<New>,
}

/// What 2024-06-01 took away.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Old {
    card_company: &'static str,
    card_number: String,
}

/// What 2024-06-01 brought. Accounts have it in either version: Toss calls theirs the version to come.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct New {
    transfers: Option<[BillingAccount; 1]>,
    easy_pay: Option<()>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BillingCard {
    issuer_code: &'static str,
    acquirer_code: &'static str,
    number: String,
    card_type: &'static str,
    owner_type: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BillingAccount {
    bank_name: &'static str,
    bank_account_number: &'static str,
}

impl<'a> BillingBody<'a> {
    /// Writes a billing key down, in full: this is the only answer that holds it.
    pub(crate) fn new(record: &'a BillingRecord, viewer: Viewer<'a>) -> Self {
        let is_old = viewer.version == Version::V2022_11_16;
        let (method, card, old, new) = match &record.instrument {
            Instrument::Card(card) => (
                "카드",
                Some(BillingCard::of(card)),
                is_old.then(|| Old {
                    card_company: card_company(card.issuer_code()),
                    card_number: card.masked(),
                }),
                (!is_old).then_some(New {
                    transfers: None,
                    easy_pay: None,
                }),
            ),
            Instrument::Account { account, hidden } => {
                let account = BillingAccount {
                    bank_name: account.bank_name,
                    bank_account_number: account.number,
                };
                let new = New {
                    transfers: (!hidden).then_some([account]),
                    easy_pay: None,
                };
                ("계좌이체", None, None, Some(new))
            }
        };
        Self {
            m_id: viewer.m_id,
            customer_key: record.customer.expose(),
            authenticated_at: kst(record.authenticated_at),
            method,
            billing_key: record.key.expose(),
            card,
            old,
            new,
        }
    }
}

impl BillingCard {
    fn of(card: &Card) -> Self {
        Self {
            issuer_code: card.issuer_code(),
            acquirer_code: card.acquirer_code(),
            number: card.masked(),
            card_type: card.card_type(),
            owner_type: card.owner_type(),
        }
    }
}
