//! The state as a file holds it.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{
    billing_key::{Authorization, BillingRecord},
    journal::Transaction,
    payment::Payment,
    receipt::ReceiptRecord,
    shop::Version,
    state::State,
    window::Window,
};

/// Everything but the rules and the keys, which come with each start.
#[derive(Debug, Serialize, Deserialize)]
pub struct SavedState {
    merchants: Vec<String>,
    /// Client key and version of the pairs that were set by hand.
    versions: Vec<(String, Version)>,
    payments: Vec<Payment>,
    windows: HashMap<String, Window>,
    authorizations: HashMap<String, Authorization>,
    billing: Vec<BillingRecord>,
    transactions: Vec<Transaction>,
    receipts: Vec<ReceiptRecord>,
    purged_at: OffsetDateTime,
}

impl State {
    /// Everything that happened.
    pub fn save(&self) -> SavedState {
        SavedState {
            merchants: self.merchants.clone(),
            versions: self.changed_versions.clone(),
            payments: self.ledger.all().to_vec(),
            windows: self.windows.clone(),
            authorizations: self.authorizations.clone(),
            billing: self.billing.all().to_vec(),
            transactions: self.journal.transactions.clone(),
            receipts: self.receipts.clone(),
            purged_at: self.purged_at,
        }
    }

    /// Takes over what was saved. Merchants keep their place; new ones come behind them, and those whose
    /// keys are gone keep their payments, which nobody can ask for.
    pub fn restore(&mut self, saved: SavedState) {
        let mut merchants = saved.merchants;
        for merchant in self.merchants.drain(..) {
            if !merchants.contains(&merchant) {
                merchants.push(merchant);
            }
        }
        self.merchants = merchants;
        self.ledger.clear();
        for payment in saved.payments {
            self.ledger.add(payment);
        }
        self.billing.clear();
        for record in saved.billing {
            self.billing.add(record);
        }
        self.windows = saved.windows;
        self.authorizations = saved.authorizations;
        self.journal.transactions = saved.transactions;
        self.receipts = saved.receipts;
        self.purged_at = saved.purged_at;
        for (client, version) in saved.versions {
            // A pair that this start does not know has nothing to be set.
            let _ = self.set_version(&client, version);
        }
    }
}
