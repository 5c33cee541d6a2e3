//! Giving it back, and what becomes of that with time.

use time::OffsetDateTime;

use super::{CancelRequest, FAILING_ACCOUNT, FOREIGN_CANCEL_TAKES, Part, REFUND_TAKES};
use crate::{
    cancel::{Cancel, CancelStatus, RefundAccount, RefundStatus},
    ids::Ids,
    means::Means,
    payment::{Payment, Status},
};

impl Payment {
    pub(super) fn give_back(
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
    pub(crate) fn settle_cancels(&mut self, now: OffsetDateTime) -> Vec<Cancel> {
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
