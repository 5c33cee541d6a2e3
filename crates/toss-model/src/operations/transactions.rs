//! `GET /v1/transactions`: everything that moved, page by page.

use time::OffsetDateTime;

use crate::{errors::ErrorCode, journal::Transaction, payment::Payment, shop::Shop, state::State};

/// The most that one page holds. Source: <https://docs.tosspayments.com/reference>.
pub const PAGE_MAX: usize = 5_000;
/// How many a page holds when nobody asks.
pub const PAGE_DEFAULT: usize = 100;

/// Which transactions are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The first moment that counts.
    pub from: OffsetDateTime,
    /// The first moment that no longer counts.
    pub until: OffsetDateTime,
    /// Begin behind this transaction.
    pub starting_after: Option<String>,
    /// At most so many.
    pub limit: usize,
}

impl State {
    /// The shop's transactions, oldest first, each with its payment.
    ///
    /// # Errors
    /// `INVALID_TRANSACTION_KEY` when `starting_after` is none of the shop's transactions.
    pub fn transactions(
        &self,
        shop: Shop,
        page: &Page,
    ) -> Result<Vec<(&Transaction, &Payment)>, ErrorCode> {
        let all = &self.journal.transactions;
        let start = match &page.starting_after {
            None => 0,
            Some(key) => {
                let found = all
                    .iter()
                    .position(|one| one.shop == shop && one.key == *key);
                found.ok_or(ErrorCode::InvalidTransactionKey)? + 1
            }
        };
        Ok(all[start..]
            .iter()
            .filter(|one| one.shop == shop && (page.from..page.until).contains(&one.at))
            .filter_map(|one| Some((one, self.ledger.peek(&one.payment_key)?)))
            .take(page.limit)
            .collect())
    }
}
