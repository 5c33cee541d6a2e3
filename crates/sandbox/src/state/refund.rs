//! Giving money back: `POST /v1/payments/{paymentKey}/cancel`, and by hand.
//! Source: <https://docs.tosspayments.com/guides/v2/cancel-payment>.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{
    Misstep, Payment, Shop, State,
    ids::Ids,
    institution::refund_bank,
    moment::KST,
    money::Sum,
    payment::{Cancel, Means, Status},
};
use crate::errors::{Refusal, Row, table};

/// Money is back two days after it was asked for.
pub(super) const REFUND_TAKES: Duration = Duration::days(2);
/// How long a foreign wallet thinks about a cancel that was given a `cancelRequestId`. Assumed.
pub(super) const FOREIGN_CANCEL_TAKES: Duration = Duration::minutes(1);
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

/// Where a deposit goes back to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundAccount {
    /// In the request a code or a name, in the state a code.
    pub bank: String,
    /// At most 20 digits.
    pub number: String,
    /// At most 60 characters.
    pub holder: String,
}

/// `virtualAccount.refundStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum RefundStatus {
    /// Nothing to send back.
    #[default]
    None,
    /// On its way.
    Pending,
    /// It came back.
    Failed,
    /// A part of what was sent came back.
    PartialFailed,
    /// Arrived.
    Completed,
}

impl RefundStatus {
    /// Toss's text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Pending => "PENDING",
            Self::Failed => "FAILED",
            Self::PartialFailed => "PARTIAL_FAILED",
            Self::Completed => "COMPLETED",
        }
    }
}

/// `cancels[].cancelStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CancelStatus {
    /// Given back.
    Done,
    /// A foreign wallet is at it.
    InProgress,
}

impl CancelStatus {
    /// Toss's text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "DONE",
            Self::InProgress => "IN_PROGRESS",
        }
    }
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
            .ok_or(table::NOT_FOUND_PAYMENT)?;
        payment.is_cancelable(request, &self.rules, now)?;
        let part = payment.part(request)?;
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
    ) -> Result<&Payment, Misstep> {
        let payment = self.ledger.get(key, now).ok_or(Misstep::NoPayment)?;
        if !payment.can_cancel() {
            return Err(Misstep::Status(payment.status));
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

impl Payment {
    fn is_cancelable(
        &self,
        request: &CancelRequest,
        rules: &super::Rules,
        now: OffsetDateTime,
    ) -> Result<(), &'static Row> {
        match self.status {
            Status::Canceled => return Err(table::ALREADY_CANCELED_PAYMENT),
            // Measured: a payment given back in parts is never "already canceled".
            Status::PartialCanceled if self.balance == 0 => {
                return Err(table::NOT_CANCELABLE_AMOUNT);
            }
            Status::WaitingForDeposit | Status::Done | Status::PartialCanceled => {}
            Status::Ready | Status::InProgress | Status::Aborted | Status::Expired => {
                return Err(table::NOT_CANCELABLE_PAYMENT);
            }
        }
        let last = self.cancels.last().map(|cancel| cancel.at);
        if rules.refuses_consecutive_cancels && last.is_some_and(|at| now - at < Duration::SECOND) {
            return Err(table::FORBIDDEN_CONSECUTIVE_REQUEST);
        }
        let named = request.currency.as_deref();
        if named.is_some_and(|currency| currency != self.currency.as_str()) {
            return Err(table::INVALID_CURRENCY);
        }
        if self.is_past_refund(now) {
            return Err(table::EXCEED_MAX_REFUND_DUE);
        }
        match request.refundable {
            Some(sum) if self.currency.exact(sum) != Some(self.balance) => {
                Err(table::NOT_MATCHES_REFUNDABLE_AMOUNT)
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

    fn rest(&self) -> Part {
        let (tax_free, tax_exemption) = self.untaxed_left();
        Part {
            amount: self.balance,
            tax_free,
            tax_exemption,
        }
    }

    /// What a request takes out, split by tax.
    fn part(&self, request: &CancelRequest) -> Result<Part, &'static Row> {
        let rest = self.rest();
        let amount = match request.amount {
            None => self.balance,
            Some(sum) => self.currency.exact(sum).ok_or(table::INVALID_REQUEST)?,
        };
        if amount == 0 {
            return Err(table::INVALID_REQUEST);
        }
        if amount > self.balance {
            return Err(table::NOT_CANCELABLE_AMOUNT);
        }
        if amount < self.balance && self.status == Status::WaitingForDeposit {
            return Err(table::NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT);
        }
        if amount < self.balance && self.use_escrow {
            return Err(table::NOT_ALLOWED_PARTIAL_REFUND);
        }
        if amount == self.balance && request.tax_free.is_none() {
            return Ok(rest);
        }
        let tax_free = match request.tax_free {
            None => 0,
            Some(sum) => self.currency.exact(sum).ok_or(table::INVALID_REQUEST)?,
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
            Err(table::INVALID_REQUEST)
        }
    }

    /// Where the deposit goes back to. Before there is one, no account is needed and none is looked at.
    fn refund_account(
        &self,
        request: &CancelRequest,
        rules: &super::Rules,
    ) -> Result<Option<RefundAccount>, &'static Row> {
        let (Means::VirtualAccount(own), Status::Done | Status::PartialCanceled) =
            (&self.means, self.status)
        else {
            return Ok(None);
        };
        let account = request
            .account
            .as_ref()
            .ok_or(rules.refund_account_missing)?;
        let bank = refund_bank(&account.bank).ok_or(table::INVALID_BANK)?;
        let digits = account.number.bytes().all(|byte| byte.is_ascii_digit());
        let sized = (1..=20).contains(&account.number.len());
        if !digits || !sized || account.number == own.number {
            return Err(table::INVALID_REFUND_ACCOUNT_NUMBER);
        }
        let named = (1..=60).contains(&account.holder.chars().count());
        if !named || account.holder == WRONG_HOLDER {
            return Err(table::INVALID_REFUND_ACCOUNT_INFO);
        }
        if account.number == CLOSED_ACCOUNT {
            return Err(table::FORBIDDEN_BANK_REFUND_REQUEST);
        }
        Ok(Some(RefundAccount {
            bank: bank.to_owned(),
            ..account.clone()
        }))
    }

    fn give_back(
        &mut self,
        part: Part,
        request: &CancelRequest,
        account: Option<RefundAccount>,
        ids: &mut Ids,
        now: OffsetDateTime,
    ) {
        let whole = self.cancels.is_empty() && part.amount == self.balance;
        let foreign = matches!(self.means, Means::ForeignEasyPay { .. });
        let status = if foreign && request.request_id.is_some() {
            CancelStatus::InProgress
        } else {
            CancelStatus::Done
        };
        let deposited = self.status != Status::WaitingForDeposit;
        if let Means::VirtualAccount(own) = &mut self.means
            && deposited
        {
            own.refund_status = RefundStatus::Pending;
            own.refund_account = account;
        }
        self.status = if whole {
            Status::Canceled
        } else {
            Status::PartialCanceled
        };
        self.balance -= part.amount;
        let transaction_key = ids.transaction_key();
        self.last_transaction = Some(transaction_key.clone());
        let receipt = self
            .means
            .receipt()
            .map(|receipt| receipt.reversed(ids, now));
        self.cancels.push(Cancel {
            amount: part.amount,
            tax_free: part.tax_free,
            tax_exemption: part.tax_exemption,
            reason: request.reason.clone(),
            at: now,
            transaction_key,
            refundable: self.balance,
            status,
            request_id: if foreign {
                request.request_id.clone()
            } else {
                None
            },
            receipt,
        });
    }

    /// Foreign wallets answer, refunds arrive. Returns the cancels that came to their end.
    pub(super) fn settle_cancels(&mut self, now: OffsetDateTime) -> Vec<Cancel> {
        let due = |cancel: &Cancel, takes| now - cancel.at >= takes;
        let mut ended = Vec::new();
        for cancel in &mut self.cancels {
            if cancel.status == CancelStatus::InProgress && due(cancel, FOREIGN_CANCEL_TAKES) {
                cancel.status = CancelStatus::Done;
                ended.push(cancel.clone());
            }
        }
        let arrived = self
            .cancels
            .last()
            .is_some_and(|cancel| due(cancel, REFUND_TAKES));
        let some_left = self.balance > 0;
        if let Means::VirtualAccount(account) = &mut self.means
            && account.refund_status == RefundStatus::Pending
            && arrived
        {
            let fails = account
                .refund_account
                .as_ref()
                .is_some_and(|account| account.number == FAILING_ACCOUNT);
            account.refund_status = match (fails, some_left) {
                (true, true) => RefundStatus::PartialFailed,
                (true, false) => RefundStatus::Failed,
                (false, _) => RefundStatus::Completed,
            };
        }
        ended
    }
}
