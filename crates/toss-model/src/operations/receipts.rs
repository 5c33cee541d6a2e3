//! `/v1/cash-receipts`: receipts for money that Toss did not move.
//! Source: <https://docs.tosspayments.com/reference>.

use time::{Date, OffsetDateTime};
use toss_checkout_contract::OrderId;

use crate::{
    errors::{ErrorCode, Refusal},
    moment::KST,
    receipt::{CashReceiptChoice, ReceiptRecord},
    shop::Shop,
    state::State,
};

/// The most that one page holds.
pub const PAGE_MAX: usize = 10_000;
/// How many a page holds when nobody asks.
pub const PAGE_DEFAULT: usize = 100;

/// The body, already of the right types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptRequest {
    /// In won.
    pub amount: u64,
    /// The merchant's order number.
    pub order_id: String,
    /// What was bought.
    pub order_name: String,
    /// Phone number, card number or business number of the buyer.
    pub identity: String,
    /// 소득공제 or 지출증빙.
    pub kind: CashReceiptChoice,
    /// 면세, in won.
    pub tax_free: u64,
}

impl State {
    /// `POST /v1/cash-receipts`.
    ///
    /// # Errors
    /// Toss's codes; the reference lists none of its own for this call.
    pub fn issue_receipt(
        &mut self,
        shop: Shop,
        request: &ReceiptRequest,
        now: OffsetDateTime,
    ) -> Result<&ReceiptRecord, Refusal> {
        let order_id =
            OrderId::new(request.order_id.as_str()).map_err(|_| ErrorCode::InvalidOrderId)?;
        if !(1..=100).contains(&request.order_name.chars().count()) {
            return Err(ErrorCode::InvalidOrderName.into());
        }
        if request.amount == 0 {
            return Err(ErrorCode::BelowZeroAmount.into());
        }
        let digits = request.identity.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || !(1..=30).contains(&request.identity.len()) {
            return Err(ErrorCode::InvalidRegistrationNumberType.into());
        }
        let receipt = request.kind.issue(&mut self.ids, now);
        let receipt = receipt
            .filter(|_| request.tax_free <= request.amount)
            .ok_or_else(|| Refusal::invalid("type is 미발행, or taxFreeAmount more than amount"))?;
        self.receipts.push(ReceiptRecord {
            shop,
            receipt,
            order_id,
            order_name: request.order_name.clone(),
            identity: request.identity.clone(),
            amount: request.amount,
            tax_free: request.tax_free,
            left: request.amount,
        });
        self.last_receipt()
    }

    /// `POST /v1/cash-receipts/{receiptKey}/cancel`; all that is left when no amount is given.
    ///
    /// # Errors
    /// `NOT_FOUND`, `ALREADY_CANCELED_PAYMENT`, `NOT_CANCELABLE_AMOUNT`: assumed, no table lists them.
    pub fn cancel_receipt(
        &mut self,
        shop: Shop,
        key: &str,
        amount: Option<u64>,
        now: OffsetDateTime,
    ) -> Result<&ReceiptRecord, Refusal> {
        let found = self
            .receipts
            .iter_mut()
            .find(|record| record.shop == shop && record.receipt.key == key)
            .filter(|record| !record.receipt.is_cancel)
            .ok_or(ErrorCode::NotFound)?;
        if found.left == 0 {
            return Err(ErrorCode::AlreadyCanceledPayment.into());
        }
        let amount = amount.unwrap_or(found.left);
        if amount == 0 || amount > found.left {
            return Err(ErrorCode::NotCancelableAmount.into());
        }
        found.left -= amount;
        let cancel = ReceiptRecord {
            receipt: found.receipt.reversed(&mut self.ids, now),
            amount,
            tax_free: found.tax_free.min(amount),
            left: 0,
            ..found.clone()
        };
        self.receipts.push(cancel);
        self.last_receipt()
    }

    fn last_receipt(&self) -> Result<&ReceiptRecord, Refusal> {
        self.receipts
            .last()
            .ok_or_else(|| ErrorCode::FailedInternalSystemProcessing.into())
    }

    /// `GET /v1/cash-receipts`: the receipts of one Korean day behind a cursor, each with its own
    /// cursor, and whether more follow.
    pub fn receipts(
        &self,
        shop: Shop,
        day: Date,
        cursor: usize,
        limit: usize,
    ) -> (Vec<(usize, &ReceiptRecord)>, bool) {
        let mut found: Vec<_> = self
            .receipts
            .iter()
            .enumerate()
            .map(|(at, record)| (at + 1, record))
            .skip(cursor)
            .filter(|(_, record)| {
                let asked = record.receipt.requested_at.to_offset(KST).date();
                record.shop == shop && asked == day
            })
            .take(limit.saturating_add(1))
            .collect();
        let more = found.len() > limit;
        found.truncate(limit);
        (found, more)
    }
}
