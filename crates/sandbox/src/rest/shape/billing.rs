//! Toss's Billing object.

use serde::Serialize;

use crate::state::{
    BillingRecord, card::Card, institution::card_company, instrument::Instrument, moment::kst,
};

/// Toss's Billing object.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct BillingBody<'a> {
    m_id: &'a str,
    customer_key: &'a str,
    authenticated_at: String,
    method: &'static str,
    billing_key: &'a str,
    #[serde(flatten)]
    what: What,
}

/// The two shapes differ: a card's is that of version 2022-11-16, an account's is of the version to come.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum What {
    #[serde(rename_all = "camelCase")]
    Card {
        card: BillingCard,
        card_company: &'static str,
        card_number: String,
    },
    #[serde(rename_all = "camelCase")]
    Account {
        card: Option<()>,
        transfers: Option<[BillingAccount; 1]>,
        easy_pay: Option<()>,
    },
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
    pub(crate) fn new(record: &'a BillingRecord, m_id: &'a str) -> Self {
        let (method, what) = match &record.instrument {
            Instrument::Card(card) => ("카드", What::card(card)),
            Instrument::Account { account, hidden } => (
                "계좌이체",
                What::Account {
                    card: None,
                    transfers: (!hidden).then_some([BillingAccount {
                        bank_name: account.bank_name,
                        bank_account_number: account.number,
                    }]),
                    easy_pay: None,
                },
            ),
        };
        Self {
            m_id,
            customer_key: record.customer.expose(),
            authenticated_at: kst(record.authenticated_at),
            method,
            billing_key: record.key.expose(),
            what,
        }
    }
}

impl What {
    fn card(card: &Card) -> Self {
        Self::Card {
            card: BillingCard {
                issuer_code: card.issuer_code(),
                acquirer_code: card.acquirer_code(),
                number: card.masked(),
                card_type: card.card_type(),
                owner_type: card.owner_type(),
            },
            card_company: card_company(card.issuer_code()),
            card_number: card.masked(),
        }
    }
}
