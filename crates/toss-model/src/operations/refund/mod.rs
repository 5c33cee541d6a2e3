//! Giving money back: `POST /v1/payments/{paymentKey}/cancel`, and by hand.
//! Source: <https://docs.tosspayments.com/guides/v2/cancel-payment>.

mod check;
mod give;

use time::{Duration, OffsetDateTime};

use super::deposit::ActionError;
use crate::{
    cancel::RefundAccount,
    errors::{ErrorCode, Refusal},
    money::Sum,
    payment::Payment,
    shop::Shop,
    state::State,
};

/// Money is back two days after it was asked for.
pub(crate) const REFUND_TAKES: Duration = Duration::days(2);
/// How long a foreign wallet thinks about a cancel that was given a `cancelRequestId`. Assumed.
pub(crate) const FOREIGN_CANCEL_TAKES: Duration = Duration::minutes(1);
/// An account that takes no money.
pub const CLOSED_ACCOUNT: &str = "99999999999";
/// A holder whom no account has.
pub const WRONG_HOLDER: &str = "예금주불일치";
/// An account whose refund comes back after two days.
pub const FAILING_ACCOUNT: &str = "88888888888";

/// The body of a cancel, already of the right types.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CancelRequest {
    /// Why, 1 to 200 characters.
    pub reason: String,
    /// How much; everything that is left when absent.
    pub amount: Option<Sum>,
    /// Where to: needed for a deposit that was made.
    pub account: Option<RefundAccount>,
    /// 면세 of the amount.
    pub tax_free: Option<Sum>,
    /// What the merchant thinks is left.
    pub refundable: Option<Sum>,
    /// What the amounts are counted in.
    pub currency: Option<String>,
    /// For foreign wallets: the cancel takes its time, and this names it.
    pub request_id: Option<String>,
}

/// What is taken out of a payment.
#[derive(Clone, Copy)]
struct Part {
    amount: u64,
    tax_free: u64,
    tax_exemption: u64,
}

impl State {
    /// `POST /v1/payments/{paymentKey}/cancel`.
    ///
    /// # Errors
    /// Toss's codes of the cancel table; nothing is done then.
    pub fn refund(
        &mut self,
        shop: Shop,
        key: &str,
        request: &CancelRequest,
        now: OffsetDateTime,
    ) -> Result<&Payment, Refusal> {
        let payment = self
            .ledger
            .get(key, now)
            .filter(|payment| payment.shop == shop)
            .ok_or(ErrorCode::NotFoundPayment)?;
        payment.is_cancelable(request, &self.rules, now)?;
        let part = payment.part(request, &self.rules)?;
        let account = payment.refund_account(request, &self.rules)?;
        payment.give_back(part, request, account, &mut self.ids, now);
        self.journal.cancelled(payment, now);
        Ok(payment)
    }

    /// 결제 취소 by hand: all that is left is given back, or the account given up.
    ///
    /// # Errors
    /// There is nothing to give back.
    pub fn cancel(
        &mut self,
        key: &str,
        reason: &str,
        now: OffsetDateTime,
    ) -> Result<&Payment, ActionError> {
        let payment = self.ledger.get(key, now).ok_or(ActionError::NoPayment)?;
        if !payment.can_cancel() {
            return Err(ActionError::Status(payment.status));
        }
        let request = CancelRequest {
            reason: reason.chars().take(200).collect(),
            ..CancelRequest::default()
        };
        let part = payment.rest();
        payment.give_back(part, &request, None, &mut self.ids, now);
        self.journal.cancelled(payment, now);
        Ok(payment)
    }
}
