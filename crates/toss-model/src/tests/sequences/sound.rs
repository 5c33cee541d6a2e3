//! What must hold.

use crate::{
    Payment,
    payment::{Means, Status},
};

/// The arrows of Toss's diagrams, and staying where one is.
pub(super) fn may_follow(before: &Payment, after: &Payment) -> bool {
    use Status::{
        Aborted, Canceled, Done, Expired, InProgress, PartialCanceled, Ready, WaitingForDeposit,
    };
    let account = matches!(after.means, Means::VirtualAccount(_));
    match (before.status, after.status) {
        (old, new) if old == new => true,
        (Ready, InProgress | Expired)
        | (InProgress, Expired | Aborted)
        | (Done, Canceled | PartialCanceled) => true,
        (InProgress, Done) => !account,
        (InProgress | Done, WaitingForDeposit) | (WaitingForDeposit, Done | Canceled) => account,
        _ => false,
    }
}

/// What holds for every payment at every moment.
pub(super) fn sound(payment: &Payment) {
    let given_back: u64 = payment.cancels.iter().map(|cancel| cancel.amount).sum();
    assert_eq!(payment.balance + given_back, payment.total, "{payment:?}");
    assert!(
        payment.tax_free_left() + payment.tax_exemption_left() <= payment.balance,
        "{payment:?}"
    );
    let mut left = payment.total;
    for cancel in &payment.cancels {
        left -= cancel.amount;
        assert_eq!(cancel.refundable, left, "{payment:?}");
        assert!(
            cancel.amount > 0 && cancel.tax_free + cancel.tax_exemption <= cancel.amount,
            "{payment:?}"
        );
    }
    match payment.status {
        Status::Canceled => assert!(
            payment.balance == 0 && payment.cancels.len() == 1,
            "{payment:?}"
        ),
        Status::PartialCanceled => assert!(!payment.cancels.is_empty(), "{payment:?}"),
        _ => assert!(payment.cancels.is_empty(), "{payment:?}"),
    }
    assert_eq!(
        payment.failure.is_some(),
        payment.status == Status::Aborted,
        "{payment:?}"
    );
    assert_eq!(
        payment.last_transaction.is_some(),
        payment.status.is_settled(),
        "{payment:?}"
    );
    let paid = matches!(payment.status, Status::Done | Status::PartialCanceled);
    assert!(!paid || payment.approved_at.is_some(), "{payment:?}");
    let unpaid = matches!(
        payment.status,
        Status::WaitingForDeposit | Status::InProgress | Status::Ready
    );
    assert!(!unpaid || payment.approved_at.is_none(), "{payment:?}");
    assert!(
        !(payment.takes_deposit() && payment.can_reverse()),
        "{payment:?}"
    );
}
