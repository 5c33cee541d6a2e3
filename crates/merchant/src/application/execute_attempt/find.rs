//! Looks at Toss for what became of an attempt.

use std::time::Duration;

use super::request::confirmed_key;
use crate::{
    application::{
        apply_provider_payment::ProviderReport,
        error::UseCaseError,
        provider::{Credentials, ProviderError},
        services::Services,
    },
    domain::{
        attempt::{Attempt, AttemptKind},
        payment::Payment,
        provider_payment::ProviderPayment,
        refund::Refund,
        transitions::{Money, difference, money},
    },
};

/// What a look-up found.
pub(super) enum Found {
    /// The attempt's part in it is decided.
    Payment(Box<ProviderReport>),
    /// Toss has not carried it out, at this moment.
    NotDone,
    /// The order was paid by another attempt, and this one was not carried out.
    Superseded,
    /// Toss told of another payment.
    Foreign(&'static str),
    /// No usable answer; Toss may want to be asked later.
    NoAnswer(Option<Duration>),
}

pub(super) async fn find(
    services: &Services,
    attempt: &Attempt,
    shop: &Credentials,
) -> Result<Found, UseCaseError> {
    let payment = services.payment_of(attempt).await?;
    let asked = match attempt.kind {
        // The key is exact: an order may have several payments, one per visit to the window.
        AttemptKind::Confirm => match confirmed_key(services, attempt) {
            Ok(key) => {
                let found = services.provider.payment_by_key(shop, &key).await;
                return Ok(confirmed(payment, found, &key));
            }
            Err(error) => {
                tracing::error!(%error, attempt = %attempt.id, "looked up by its order number");
                services
                    .provider
                    .payment_by_order(shop, &payment.order_id)
                    .await
            }
        },
        AttemptKind::Cancel => {
            let key = payment
                .payment_key
                .as_ref()
                .ok_or(UseCaseError::Incomplete("payment key"))?;
            services.provider.payment_by_key(shop, key).await
        }
        AttemptKind::Charge | AttemptKind::Issue => {
            services
                .provider
                .payment_by_order(shop, &payment.order_id)
                .await
        }
    };
    let said = match asked {
        Ok(Some(said)) => said,
        Ok(None) => return Ok(Found::NotDone),
        Err(error) => return Ok(no_answer(&error)),
    };
    if let Some(field) = difference(&payment, None, &said) {
        return Ok(Found::Foreign(field));
    }
    if attempt.kind == AttemptKind::Cancel {
        let refunds = services.records.refunds(&payment.id).await?;
        return Ok(canceled(attempt, payment, &refunds, said));
    }
    Ok(decided(payment, said))
}

fn confirmed(
    payment: Payment,
    asked: Result<Option<ProviderPayment>, ProviderError>,
    key: &toss_checkout_contract::PaymentKey,
) -> Found {
    let paid_by_another = payment
        .payment_key
        .as_ref()
        .is_some_and(|known| known != key)
        && payment.status.has_outcome();
    let said = match asked {
        Ok(Some(said)) => said,
        Ok(None) if paid_by_another => return Found::Superseded,
        Ok(None) => return Found::NotDone,
        Err(error) => return no_answer(&error),
    };
    if let Some(field) = difference(&payment, Some(key), &said) {
        return Found::Foreign(field);
    }
    match decided(payment, said) {
        Found::NotDone if paid_by_another => Found::Superseded,
        found => found,
    }
}

/// What a payment says about the confirm or charge that made it.
fn decided(payment: Payment, said: ProviderPayment) -> Found {
    match money(&said) {
        Money::NotConfirmed => Found::NotDone,
        // A status that Toss added later is no ground to say that nothing happened.
        Money::Unreadable => Found::NoAnswer(None),
        _ => Found::Payment(Box::new(ProviderReport::about(payment, said))),
    }
}

/// A cancel is ours when it is of our amount and reason and nobody has claimed it yet.
fn canceled(
    attempt: &Attempt,
    payment: Payment,
    refunds: &[Refund],
    said: ProviderPayment,
) -> Found {
    let Some(ours) = refunds
        .iter()
        .find(|refund| Some(&refund.id) == attempt.refund_id.as_ref())
    else {
        return Found::NotDone;
    };
    if said.cancel_of(ours, refunds).is_some() {
        Found::Payment(Box::new(ProviderReport::about(payment, said)))
    } else {
        Found::NotDone
    }
}

fn no_answer(error: &ProviderError) -> Found {
    tracing::warn!(%error, "Toss could not be asked");
    Found::NoAnswer(error.retry_after())
}
