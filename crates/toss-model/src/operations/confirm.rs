//! `POST /v1/payments/confirm`: the merchant takes what the buyer agreed to in the window.

use time::OffsetDateTime;

use crate::{
    errors::{ErrorCode, Refusal},
    journal::Event,
    means::Means,
    method::PayMethod,
    money::{Currency, Sum},
    payment::{Failure, Origin, Payment, Status},
    shop::Shop,
    state::State,
};

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
            .ok_or(ErrorCode::NotFoundPaymentSession)?;
        if payment.shop != shop || payment.order_id.as_str() != order {
            return Err(ErrorCode::ForbiddenRequest.into());
        }
        match payment.status {
            Status::Ready | Status::Expired => {
                return Err(ErrorCode::NotFoundPaymentSession.into());
            }
            Status::InProgress if !taken => {}
            _ => return Err(ErrorCode::AlreadyProcessedPayment.into()),
        }
        if payment.currency.exact(amount) != Some(payment.total) {
            let total = payment.currency.money(payment.total);
            return Err(self.rules.amount_mismatch.reason(format!(
                "amount is not the window's {total} {}",
                payment.currency.as_str()
            )));
        }
        if let Err(code) = payment.is_allowed().and_then(|()| payment.is_accepted(now)) {
            payment.abort(code);
            self.journal.events.push(Event::payment(payment, now));
            return Err(code.into());
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
    pub(super) fn is_allowed(&self) -> Result<(), ErrorCode> {
        let Origin::Window(method) = self.origin else {
            return Err(ErrorCode::InvalidRequest);
        };
        if self.currency == Currency::Krw && self.total < method.minimum() {
            return Err(ErrorCode::BelowMinimumAmount);
        }
        if method == PayMethod::Transfer && self.total > TRANSFER_MAXIMUM {
            return Err(ErrorCode::ExceedsTransferAmountMaximum);
        }
        match self.means {
            Means::Card { installment, .. } if installment == 1 || installment > 12 => {
                Err(ErrorCode::InvalidCardInstallmentPlan)
            }
            Means::Card { installment, .. }
                if installment > 0 && self.total < INSTALLMENT_MINIMUM =>
            {
                Err(ErrorCode::NotSupportedMonthlyInstallmentPlanBelowAmount)
            }
            _ => Ok(()),
        }
    }

    /// What the card company or the bank says.
    pub(super) fn is_accepted(&self, now: OffsetDateTime) -> Result<(), ErrorCode> {
        match self.refusal {
            Some(code) => Err(code),
            None => self.means.verdict(now),
        }
    }

    fn abort(&mut self, code: ErrorCode) {
        self.status = Status::Aborted;
        self.failure = Some(Failure {
            code: code.as_str().to_owned(),
            message: code.korean().to_owned(),
        });
    }
}
