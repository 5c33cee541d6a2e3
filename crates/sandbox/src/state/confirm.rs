//! `POST /v1/payments/confirm`: the merchant takes what the buyer agreed to in the window.

use time::OffsetDateTime;

use super::{
    Payment, Shop, State,
    journal::Event,
    method::PayMethod,
    money::{Currency, Sum},
    payment::{Failure, Means, Origin, Status},
};
use crate::errors::{Refusal, Row, table};

/// The most that one 계좌이체 moves, in won. Source: the text of `EXCEEDS_TRANSFER_AMOUNT_MAXIMUM`.
const TRANSFER_MAXIMUM: u64 = 10_000_000;
/// From here on a card can be paid in installments, in won. Source: the text of
/// `NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT`.
const INSTALLMENT_MINIMUM: u64 = 50_000;

impl State {
    /// `POST /v1/payments/confirm`. For a virtual account this issues it and nothing is paid yet; with
    /// every other method the payment is DONE, or ABORTED when it is declined.
    ///
    /// # Errors
    /// Toss's codes; facts and assumptions are listed in `docs/sandbox.md`.
    pub fn confirm(
        &mut self,
        shop: Shop,
        key: &str,
        order: &str,
        amount: Sum,
        now: OffsetDateTime,
    ) -> Result<&Payment, Refusal> {
        let taken = self.order_is_taken(shop, order, now);
        let payment = self
            .ledger
            .get(key, now)
            .ok_or(table::NOT_FOUND_PAYMENT_SESSION)?;
        if payment.shop != shop || payment.order_id.as_str() != order {
            return Err(table::FORBIDDEN_REQUEST.into());
        }
        match payment.status {
            Status::Ready | Status::Expired => {
                return Err(table::NOT_FOUND_PAYMENT_SESSION.into());
            }
            Status::InProgress if !taken => {}
            _ => return Err(table::ALREADY_PROCESSED_PAYMENT.into()),
        }
        if payment.currency.exact(amount) != Some(payment.total) {
            return Err(self.rules.amount_mismatch.into());
        }
        if let Err(row) = payment.allowed().and_then(|()| payment.accepted(now)) {
            payment.abort(row);
            self.journal.events.push(Event::payment(payment, now));
            return Err(row.into());
        }
        let transaction = self.ids.transaction_key();
        payment.secret = Some(self.ids.secret());
        if let Means::VirtualAccount(account) = &mut payment.means {
            account.number = self.ids.account_number();
            payment.status = Status::WaitingForDeposit;
        } else {
            payment.means.approve(&mut self.ids, now);
            payment.status = Status::Done;
            payment.approved_at = Some(now);
        }
        payment.last_transaction = Some(transaction);
        self.journal.moved(payment, payment.total, now);
        Ok(payment)
    }
}

impl Payment {
    /// What Toss itself refuses, whoever the buyer is.
    fn allowed(&self) -> Result<(), &'static Row> {
        let Origin::Window(method) = self.origin else {
            return Err(table::INVALID_REQUEST);
        };
        if self.currency == Currency::Krw && self.total < method.minimum() {
            return Err(table::BELOW_MINIMUM_AMOUNT);
        }
        if method == PayMethod::Transfer && self.total > TRANSFER_MAXIMUM {
            return Err(table::EXCEEDS_TRANSFER_AMOUNT_MAXIMUM);
        }
        match self.means {
            Means::Card { installment, .. } if installment == 1 || installment > 12 => {
                Err(table::INVALID_CARD_INSTALLMENT_PLAN)
            }
            Means::Card { installment, .. }
                if installment > 0 && self.total < INSTALLMENT_MINIMUM =>
            {
                Err(table::NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT)
            }
            _ => Ok(()),
        }
    }

    /// What the card company or the bank says.
    fn accepted(&self, now: OffsetDateTime) -> Result<(), &'static Row> {
        match self.refusal {
            Some(row) => Err(row),
            None => self.means.verdict(now),
        }
    }

    fn abort(&mut self, row: &'static Row) {
        self.status = Status::Aborted;
        self.failure = Some(Failure {
            code: row.code.to_owned(),
            message: row.ko.to_owned(),
        });
    }
}
