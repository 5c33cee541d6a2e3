//! What happens to a virtual account after it was asked for.

use thiserror::Error;
use time::OffsetDateTime;

use crate::{
    journal::Event,
    payment::{Payment, Status},
    state::State,
};

/// A move that the payment cannot make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ActionError {
    /// No such payment.
    #[error("그런 결제가 없습니다.")]
    NoPayment,
    /// Not in this state.
    #[error("지금 상태({}) 에서는 할 수 없습니다.", .0.as_str())]
    Status(Status),
    /// The account is closed.
    #[error("입금 기한이 지난 가상계좌입니다.")]
    Closed,
}

impl State {
    /// 입금: the exact amount arrives.
    ///
    /// # Errors
    /// The payment waits for no deposit.
    pub fn deposit(&mut self, key: &str, now: OffsetDateTime) -> Result<&Payment, ActionError> {
        let payment = self.ledger.get(key, now).ok_or(ActionError::NoPayment)?;
        if payment.status != Status::WaitingForDeposit {
            return Err(ActionError::Status(payment.status));
        }
        if !payment.takes_deposit() {
            return Err(ActionError::Closed);
        }
        payment.status = Status::Done;
        payment.approved_at = Some(now);
        payment.last_transaction = Some(self.ids.transaction_key());
        payment.means.approve(&mut self.ids, now);
        self.journal.moved(payment, payment.total, now);
        Ok(payment)
    }

    /// 입금 취소: the bank takes the deposit back (DONE to WAITING_FOR_DEPOSIT, as in every API
    /// version after 1.4).
    ///
    /// # Errors
    /// There is no deposit.
    pub fn reverse(&mut self, key: &str, now: OffsetDateTime) -> Result<&Payment, ActionError> {
        let payment = self.ledger.get(key, now).ok_or(ActionError::NoPayment)?;
        if !payment.can_reverse() {
            return Err(ActionError::Status(payment.status));
        }
        payment.status = Status::WaitingForDeposit;
        payment.approved_at = None;
        payment.last_transaction = Some(self.ids.transaction_key());
        if let Some(account) = payment.account_mut() {
            account.depositor = None;
            account.receipt = None;
        }
        payment.close_if_due(now);
        self.journal.moved(payment, payment.total, now);
        Ok(payment)
    }

    /// 만료: a window or an account runs out now. An account that falls due stays WAITING_FOR_DEPOSIT,
    /// and nobody is told.
    ///
    /// # Errors
    /// There is nothing left to run out.
    pub fn expire(&mut self, key: &str, now: OffsetDateTime) -> Result<&Payment, ActionError> {
        let payment = self.ledger.get(key, now).ok_or(ActionError::NoPayment)?;
        if !payment.can_expire() {
            return Err(ActionError::Status(payment.status));
        }
        if let Some(account) = payment.account_mut() {
            account.expired = true;
            account.due = account.due.min(now);
        } else {
            payment.status = Status::Expired;
            self.journal.events.push(Event::payment(payment, now));
        }
        Ok(payment)
    }
}
