//! Giving money back, in full or in part, or giving a virtual account up before a deposit.

use std::sync::Arc;

use toss_checkout_contract::{Amount, Currency, DecimalAmount, Method};

use super::{
    attempts::cancel_intent, change::Change, error::UseCaseError, provider::RefundAccount,
    run::run, services::Services,
};
use crate::domain::{
    ids::PaymentId,
    names::{self, context},
    payment::{Payment, PaymentStatus},
    refund::{Refund, RefundDetails, RefundOrigin, RefundStatus},
};

/// Toss takes a reason of so many characters.
/// Source: <https://docs.tosspayments.com/reference> (`cancelReason`).
const MAX_REASON: usize = 200;

/// A refund that is asked for.
#[derive(Debug, Clone)]
pub struct RefundRequest {
    /// The payment.
    pub payment_id: PaymentId,
    /// The caller's idempotency key: the same key is the same refund.
    pub request_key: String,
    /// How much; `None`: all that is left.
    pub amount: Option<Amount>,
    /// Why.
    pub reason: String,
    /// What the caller believes to be left; refused when it is not.
    pub expected_balance: Option<DecimalAmount>,
    /// The revision of the payment that the caller saw; refused when it is another.
    pub expected_revision: Option<u64>,
    /// Who gets the money of a deposited virtual account.
    pub account: Option<RefundAccount>,
}

/// Refunds once per request key. The answer is the refund as it then stands: succeeded, declined, or
/// pending while nobody knows.
///
/// # Errors
/// Nothing was given back.
pub async fn refund_payment(
    services: &Arc<Services>,
    request: &RefundRequest,
) -> Result<Refund, UseCaseError> {
    let id = names::refund(&request.payment_id, &request.request_key);
    if let Some(refund) = services.records.refund(&id).await? {
        return same(refund, request);
    }
    let payment = services
        .records
        .payment(&request.payment_id)
        .await?
        .ok_or(UseCaseError::NoPayment)?;
    let refund = check(services, &payment, request)?;
    let shop = services.credentials(&payment.shop_id).await?;
    let attempt = cancel_intent(
        services,
        names::cancel(&refund.id),
        &payment,
        refund.id.clone(),
        refund.amount,
        shop.fingerprint,
    );
    let change = Change {
        new_refunds: vec![refund],
        new_attempt: Some(attempt.clone()),
        ..Change::default()
    };
    run(services, change, attempt, services.timing.wait_for_own).await?;
    let refund = services.records.refund(&id).await?.ok_or_else(|| {
        UseCaseError::Busy(
            "another refund of this payment is under way; wait for its outcome".to_owned(),
        )
    })?;
    same(refund, request)
}

fn same(refund: Refund, request: &RefundRequest) -> Result<Refund, UseCaseError> {
    if request.amount.is_some_and(|amount| amount != refund.amount) {
        return Err(UseCaseError::IdempotencyKeyUsed);
    }
    Ok(refund)
}

fn check(
    services: &Services,
    payment: &Payment,
    request: &RefundRequest,
) -> Result<Refund, UseCaseError> {
    let reason = request.reason.trim();
    let length = reason.chars().count();
    if !(1..=MAX_REASON).contains(&length) {
        return Err(UseCaseError::Invalid(format!(
            "reason has {length} characters; 1 to {MAX_REASON} are needed"
        )));
    }
    if let Some(expected) = request.expected_revision
        && expected != payment.revision
    {
        return Err(UseCaseError::Changed {
            expected,
            is: payment.revision,
        });
    }
    if let Some(expected) = request.expected_balance
        && payment.left().map(Amount::decimal) != Some(expected)
    {
        return Err(UseCaseError::Conflict(format!(
            "refundableAmount is {expected}, and {} of the payment",
            left(payment)
        )));
    }
    let (amount, expected_balance) = how_much(payment, request)?;
    let deposited =
        payment.status.has_money() && payment.details.method == Some(Method::VirtualAccount);
    if deposited && request.account.is_none() {
        return Err(UseCaseError::Invalid(
            "refundReceiveAccount is missing: the deposit of a virtual account goes back to an account of the buyer"
                .to_owned(),
        ));
    }
    if let Some(account) = &request.account {
        check_account(account)?;
    }
    let id = names::refund(&payment.id, &request.request_key);
    let sealed_account = match request.account.as_ref().filter(|_| deposited) {
        None => None,
        Some(account) => {
            let json = serde_json::to_string(account)
                .map_err(|_| UseCaseError::Incomplete("refund account"))?;
            Some(services.keys.seal(&json, &context::refund_account(&id))?)
        }
    };
    Ok(Refund {
        id,
        payment_id: payment.id.clone(),
        shop_id: payment.shop_id.clone(),
        request_key: Some(request.request_key.clone()),
        amount,
        expected_balance,
        status: RefundStatus::Pending,
        origin: RefundOrigin::Api,
        transaction_key: None,
        sealed_account,
        details: RefundDetails {
            reason: reason.to_owned(),
            ..RefundDetails::default()
        },
        created_at: services.now(),
    })
}

/// Source: <https://docs.tosspayments.com/reference> (`refundReceiveAccount`).
fn check_account(account: &RefundAccount) -> Result<(), UseCaseError> {
    let digits = &account.account_number;
    let problem = if account.bank.trim().is_empty() {
        "bank is empty; write its two digits or its name"
    } else if !(1..=20).contains(&digits.len()) || !digits.bytes().all(|it| it.is_ascii_digit()) {
        "accountNumber is not 1 to 20 digits without dashes"
    } else if !(1..=60).contains(&account.holder_name.chars().count()) {
        "holderName is not 1 to 60 characters"
    } else {
        return Ok(());
    };
    Err(UseCaseError::Invalid(format!(
        "refundReceiveAccount.{problem}"
    )))
}

/// `9000 won are left`, `2.50 USD are left`.
fn left(payment: &Payment) -> String {
    match payment.left() {
        Some(left) if left.currency() == Currency::Krw => format!("{} won are left", left.value()),
        Some(left) => format!("{left} are left"),
        None => "nothing is left".to_owned(),
    }
}

/// The amount, and what Toss must find left of the payment: a second refund that crossed this one is
/// refused there.
fn how_much(
    payment: &Payment,
    request: &RefundRequest,
) -> Result<(Amount, Option<u64>), UseCaseError> {
    let currency = payment.amount.currency();
    match payment.status {
        PaymentStatus::Paid | PaymentStatus::PartiallyCanceled => {
            let amount = match request.amount {
                Some(amount) => amount,
                None => payment
                    .left()
                    .ok_or_else(|| UseCaseError::Conflict("nothing is left of it".to_owned()))?,
            };
            if amount.currency() != currency {
                return Err(UseCaseError::Invalid(format!(
                    "amount is {amount}, and the payment was made in {}",
                    currency.as_str()
                )));
            }
            if amount.value() > payment.balance {
                return Err(UseCaseError::Invalid(format!(
                    "amount is {amount}, and {} of the payment",
                    left(payment)
                )));
            }
            Ok((amount, Some(payment.balance)))
        }
        PaymentStatus::WaitingForDeposit => match request.amount {
            Some(amount) if amount != payment.amount => Err(UseCaseError::Invalid(
                "a payment that waits for its deposit can only be given up in full".to_owned(),
            )),
            _ => Ok((payment.amount, None)),
        },
        status => Err(UseCaseError::Conflict(format!(
            "a payment that is {status} has nothing to give back"
        ))),
    }
}
