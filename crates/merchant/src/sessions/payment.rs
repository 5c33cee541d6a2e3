//! From Toss's `Payment` to what the page shows.

use toss_checkout_contract::{SessionResult, VirtualAccount};

use crate::{clock::Millis, toss::PaymentObject};

/// What the page may see of a payment.
pub(crate) fn result_of(payment: &PaymentObject) -> SessionResult {
    SessionResult {
        method: payment.method(),
        virtual_account: virtual_account(payment),
        approved_at: payment
            .approved_at
            .as_deref()
            .and_then(Millis::from_toss)
            .map(Millis::kst),
        receipt_url: payment.receipt_url(),
        ..SessionResult::default()
    }
}

fn virtual_account(payment: &PaymentObject) -> Option<VirtualAccount> {
    let account = payment.virtual_account.as_ref()?;
    Some(VirtualAccount {
        bank_code: account.bank_code.clone(),
        account_number: account.account_number.clone(),
        customer_name: account.customer_name.clone().unwrap_or_default(),
        due_date: due_at(payment)?.kst(),
        depositor_name: account.depositor_name.clone(),
    })
}

/// When the virtual account closes.
pub(crate) fn due_at(payment: &PaymentObject) -> Option<Millis> {
    Millis::from_toss(&payment.virtual_account.as_ref()?.due_date)
}
