//! What can be given back, and what Toss says when it cannot.

use time::{Duration, OffsetDateTime};

use super::{CLOSED_ACCOUNT, CancelRequest, Part, WRONG_HOLDER};
use crate::{
    cancel::{Cancel, RefundAccount},
    errors::{ErrorCode, Refusal},
    institution::refund_bank,
    means::Means,
    moment::KST,
    money::Sum,
    payment::{Payment, Status},
    rules::Rules,
};

impl Payment {
    pub(super) fn is_cancelable(
        &self,
        request: &CancelRequest,
        rules: &Rules,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        match self.status {
            Status::Canceled => return Err(ErrorCode::AlreadyCanceledPayment.into()),
            // Measured: a payment given back in parts is never "already canceled".
            Status::PartialCanceled if self.balance == 0 => {
                return Err(ErrorCode::NotCancelableAmount.into());
            }
            Status::WaitingForDeposit | Status::Done | Status::PartialCanceled => {}
            Status::Ready | Status::InProgress | Status::Aborted | Status::Expired => {
                return Err(ErrorCode::NotCancelablePayment.into());
            }
        }
        let last = self.cancels.last().map(|cancel| cancel.at);
        if rules.refuses_consecutive_cancels && last.is_some_and(|at| now - at < Duration::SECOND) {
            return Err(ErrorCode::ForbiddenConsecutiveRequest.into());
        }
        let named = request.currency.as_deref();
        if named.is_some_and(|currency| currency != self.currency.as_str()) {
            let own = self.currency.as_str();
            return Err(ErrorCode::InvalidCurrency.reason(format!("the payment is in {own}")));
        }
        if self.is_past_refund(now) {
            return Err(ErrorCode::ExceedMaxRefundDue.into());
        }
        match request.refundable {
            Some(sum) if self.currency.exact(sum) != Some(self.balance) => {
                Err(ErrorCode::NotMatchesRefundableAmount.into())
            }
            _ => Ok(()),
        }
    }

    /// Cards have no deadline; transfers and PayPal 180 days, virtual accounts 365, phones the month.
    fn is_past_refund(&self, now: OffsetDateTime) -> bool {
        let Some(approved) = self.approved_at else {
            return false;
        };
        let older_than = |days| now - approved > Duration::days(days);
        match self.means {
            Means::Transfer { .. } | Means::ForeignEasyPay { .. } => older_than(180),
            Means::VirtualAccount(_) => older_than(365),
            Means::MobilePhone { .. } => {
                let (now, then) = (now.to_offset(KST), approved.to_offset(KST));
                (now.year(), now.month()) != (then.year(), then.month())
            }
            _ => false,
        }
    }

    fn untaxed_left(&self) -> (u64, u64) {
        let given = |of: fn(&Cancel) -> u64| self.cancels.iter().map(of).sum::<u64>();
        (
            self.tax_free
                .saturating_sub(given(|cancel| cancel.tax_free)),
            self.tax_exemption
                .saturating_sub(given(|cancel| cancel.tax_exemption)),
        )
    }

    /// 면세 that has not been given back.
    pub fn tax_free_left(&self) -> u64 {
        self.untaxed_left().0
    }

    /// 과세 제외 that has not been given back.
    pub fn tax_exemption_left(&self) -> u64 {
        self.untaxed_left().1
    }

    pub(super) fn rest(&self) -> Part {
        let (tax_free, tax_exemption) = self.untaxed_left();
        Part {
            amount: self.balance,
            tax_free,
            tax_exemption,
        }
    }

    /// What a request takes out, split by tax.
    pub(super) fn part(&self, request: &CancelRequest, rules: &Rules) -> Result<Part, Refusal> {
        let rest = self.rest();
        let amount = match request.amount {
            None => self.balance,
            Some(sum) => self.units(sum, "cancelAmount")?,
        };
        if amount == 0 {
            return Err(Refusal::invalid("cancelAmount is 0"));
        }
        if amount > self.balance {
            return Err(ErrorCode::NotCancelableAmount.into());
        }
        let foreign = matches!(self.means, Means::ForeignEasyPay { .. });
        if amount < self.balance && foreign && request.currency.is_none() {
            return Err(rules
                .cancel_currency_missing
                .reason("currency is missing: a part of a foreign payment needs it"));
        }
        if amount < self.balance && self.status == Status::WaitingForDeposit {
            return Err(ErrorCode::NotAllowedPartialRefundWaitingDeposit.into());
        }
        if amount < self.balance && self.use_escrow {
            return Err(ErrorCode::NotAllowedPartialRefund.into());
        }
        if amount == self.balance && request.tax_free.is_none() {
            return Ok(rest);
        }
        let tax_free = match request.tax_free {
            None => 0,
            Some(sum) => self.units(sum, "taxFreeAmount")?,
        };
        let tax_exemption = if amount == self.balance {
            rest.tax_exemption
        } else {
            0
        };
        // What stays must still hold the untaxed part that stays.
        let untaxed = tax_free.saturating_add(tax_exemption);
        let untaxed_left = rest.tax_free + rest.tax_exemption;
        let fits = tax_free <= rest.tax_free
            && untaxed <= amount
            && untaxed_left - untaxed <= self.balance - amount;
        if fits {
            Ok(Part {
                amount,
                tax_free,
                tax_exemption,
            })
        } else {
            Err(Refusal::invalid(
                "taxFreeAmount does not fit what is cancelled, or what would stay",
            ))
        }
    }

    fn units(&self, sum: Sum, name: &str) -> Result<u64, Refusal> {
        self.currency.exact(sum).ok_or_else(|| {
            let own = self.currency.as_str();
            Refusal::invalid(format!("{name} has a fraction that {own} does not have"))
        })
    }

    /// Where the deposit goes back to. Before there is one, no account is needed and none is looked at.
    pub(super) fn refund_account(
        &self,
        request: &CancelRequest,
        rules: &Rules,
    ) -> Result<Option<RefundAccount>, Refusal> {
        let (Means::VirtualAccount(own), Status::Done | Status::PartialCanceled) =
            (&self.means, self.status)
        else {
            return Ok(None);
        };
        let account = request.account.as_ref().ok_or_else(|| {
            rules
                .refund_account_missing
                .reason("refundReceiveAccount is missing")
        })?;
        let bank = refund_bank(&account.bank).ok_or(ErrorCode::InvalidBank)?;
        let digits = account.number.bytes().all(|byte| byte.is_ascii_digit());
        let sized = (1..=20).contains(&account.number.len());
        if !digits || !sized || account.number == own.number {
            return Err(ErrorCode::InvalidRefundAccountNumber.into());
        }
        let named = (1..=60).contains(&account.holder.chars().count());
        if !named || account.holder == WRONG_HOLDER {
            return Err(ErrorCode::InvalidRefundAccountInfo.into());
        }
        if account.number == CLOSED_ACCOUNT {
            return Err(ErrorCode::ForbiddenBankRefundRequest.into());
        }
        Ok(Some(RefundAccount {
            bank: bank.to_owned(),
            ..account.clone()
        }))
    }
}
