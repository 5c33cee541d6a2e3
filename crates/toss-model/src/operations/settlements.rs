//! `GET /v1/settlements`: what Toss pays out to the merchant, transaction by transaction.
//!
//! Nothing publishes the fee of a test merchant, so both the fee and the day of the pay-out are assumed.

use time::{Date, Duration};

use crate::{
    errors::ErrorCode,
    journal::Transaction,
    moment::KST,
    money::Currency,
    payment::{Payment, Status},
    shop::Shop,
    state::State,
};

/// The most that one page holds.
pub const PAGE_MAX: usize = 5_000;
/// How many a page holds when nobody asks.
pub const PAGE_DEFAULT: usize = 100;

/// The fee without its tax, in thousandths of the amount. Assumed.
const FEE_PER_MILLE: u64 = 30;
/// Money arrives so many days after the sale. Assumed; real ones count working days, by contract.
const PAID_OUT_AFTER: Duration = Duration::days(2);

/// Which day of a settlement is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DateType {
    /// The day of the sale.
    #[default]
    Sold,
    /// The day on which the money arrives.
    PaidOut,
}

/// Which settlements are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettlementPage {
    /// The first day that counts.
    pub from: Date,
    /// The last day that counts.
    pub until: Date,
    /// Days of what.
    pub dates: DateType,
    /// Which page, from 1.
    pub page: usize,
    /// At most so many.
    pub size: usize,
}

/// One settlement. A cancel takes back what its payment brought, so its amounts are negative.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settlement<'a> {
    /// What was settled.
    pub transaction: &'a Transaction,
    /// The payment behind it.
    pub payment: &'a Payment,
    /// What moved, in won.
    pub amount: i64,
    /// The fee without its tax, in won.
    pub supply: i64,
    /// The tax of the fee, in won.
    pub vat: i64,
    /// 매출일
    pub sold: Date,
    /// 정산 지급일
    pub paid_out: Date,
}

impl Settlement<'_> {
    /// What reaches the merchant, in won.
    pub fn paid_out_amount(&self) -> i64 {
        self.amount - self.fee()
    }

    /// The fee with its tax, in won.
    pub fn fee(&self) -> i64 {
        self.supply + self.vat
    }
}

impl State {
    /// The shop's settlements, oldest first: won that arrived or were given back.
    ///
    /// # Errors
    /// `INVALID_DATE` for an end before its beginning.
    pub fn settlements(
        &self,
        shop: Shop,
        page: &SettlementPage,
    ) -> Result<Vec<Settlement<'_>>, ErrorCode> {
        if page.until < page.from {
            return Err(ErrorCode::InvalidDate);
        }
        let asked = |one: &Settlement<'_>| {
            let day = match page.dates {
                DateType::Sold => one.sold,
                DateType::PaidOut => one.paid_out,
            };
            (page.from..=page.until).contains(&day)
        };
        let own = self
            .journal
            .transactions
            .iter()
            .filter(|transaction| transaction.shop == shop);
        Ok(own
            .filter_map(|transaction| self.settlement(transaction))
            .filter(asked)
            .skip(page.page.saturating_sub(1).saturating_mul(page.size))
            .take(page.size)
            .collect())
    }

    fn settlement<'a>(&'a self, transaction: &'a Transaction) -> Option<Settlement<'a>> {
        let payment = self.ledger.peek(&transaction.payment_key)?;
        if payment.currency != Currency::Krw {
            return None;
        }
        let sign = match transaction.status {
            Status::Done => 1,
            Status::PartialCanceled => -1,
            // An account that was given up before its deposit has moved nothing.
            Status::Canceled if payment.approved_at.is_some() => -1,
            _ => return None,
        };
        let supply = transaction.amount.saturating_mul(FEE_PER_MILLE) / 1_000;
        let signed = |won: u64| i64::try_from(won).unwrap_or(i64::MAX).saturating_mul(sign);
        let sold = transaction.at.to_offset(KST).date();
        Some(Settlement {
            transaction,
            payment,
            amount: signed(transaction.amount),
            supply: signed(supply),
            vat: signed(supply / 10),
            sold,
            paid_out: sold.saturating_add(PAID_OUT_AFTER),
        })
    }
}
