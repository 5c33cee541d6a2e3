//! What an attempt sends.

use toss_checkout_contract::{Amount, AuthKey, BillingKey, CustomerKey, PaymentKey};

use crate::{
    application::{
        apply_provider_payment::ProviderReport,
        attempts::open_key,
        error::UseCaseError,
        provider::{CancelOrder, ChargeOrder, Credentials, ProviderError, RefundAccount},
        services::Services,
    },
    domain::{
        attempt::{Attempt, AttemptKind},
        names::context,
        payment::Payment,
        provider_payment::{IssuedMethod, ProviderPayment},
        transitions::difference,
    },
};

/// An answer that says something certain.
pub(super) enum Answer {
    Payment(Box<ProviderReport>),
    Issued(Box<IssuedMethod>),
}

/// A request with everything that it needs.
pub(super) enum Request {
    Confirm {
        payment: Box<Payment>,
        payment_key: PaymentKey,
    },
    Issue {
        auth_key: AuthKey,
        customer_key: CustomerKey,
    },
    Charge {
        payment: Box<Payment>,
        billing_key: BillingKey,
    },
    Cancel {
        payment: Box<Payment>,
        payment_key: PaymentKey,
        amount: Amount,
        reason: String,
        expected_balance: Option<u64>,
        account: Option<RefundAccount>,
    },
}

impl Request {
    /// Reads everything from the records, but for a payment that is known already: nothing comes from
    /// the browser.
    pub(super) async fn prepare(
        services: &Services,
        attempt: &Attempt,
        payment: Option<Payment>,
    ) -> Result<Self, UseCaseError> {
        match attempt.kind {
            AttemptKind::Confirm => Ok(Self::Confirm {
                payment: paid(services, attempt, payment).await?,
                payment_key: confirmed_key(services, attempt)?,
            }),
            AttemptKind::Issue => issue(services, attempt).await,
            AttemptKind::Charge => {
                let payment = paid(services, attempt, payment).await?;
                charge(services, attempt, payment).await
            }
            AttemptKind::Cancel => {
                let payment = paid(services, attempt, payment).await?;
                cancel(services, attempt, payment).await
            }
        }
    }

    /// Sends it once.
    pub(super) async fn post(
        &self,
        services: &Services,
        shop: &Credentials,
        idempotency_key: &str,
    ) -> Result<Answer, ProviderError> {
        let provider = &services.provider;
        let (payment, said) = match self {
            Self::Confirm {
                payment,
                payment_key,
            } => {
                let (order, amount) = (&payment.order_id, payment.amount);
                let said = provider
                    .confirm(shop, payment_key, order, amount, idempotency_key)
                    .await?;
                (payment, said)
            }
            Self::Issue {
                auth_key,
                customer_key,
            } => {
                let issued = provider
                    .issue(shop, auth_key, customer_key, idempotency_key)
                    .await?;
                return Ok(Answer::Issued(Box::new(issued)));
            }
            Self::Charge {
                payment,
                billing_key,
            } => {
                let order = charge_order(payment, billing_key);
                let said = provider.charge(shop, &order, idempotency_key).await?;
                (payment, said)
            }
            Self::Cancel {
                payment,
                payment_key,
                amount,
                reason,
                expected_balance,
                account,
            } => {
                let order = CancelOrder {
                    payment_key,
                    amount: *amount,
                    reason,
                    expected_balance: *expected_balance,
                    account: account.as_ref(),
                };
                let said = provider.cancel(shop, &order, idempotency_key).await?;
                (payment, said)
            }
        };
        let report = ProviderReport::about(payment.as_ref().clone(), said);
        Ok(Answer::Payment(Box::new(report)))
    }

    /// What an answer says otherwise than was asked.
    pub(super) fn difference(&self, said: &ProviderPayment) -> Option<&'static str> {
        match self {
            Self::Confirm {
                payment,
                payment_key,
            }
            | Self::Cancel {
                payment,
                payment_key,
                ..
            } => difference(payment, Some(payment_key), said),
            Self::Charge { payment, .. } => difference(payment, None, said),
            Self::Issue { .. } => None,
        }
    }

    /// Whether it registers a card or account of this customer.
    pub(super) fn is_for(&self, customer: &CustomerKey) -> bool {
        matches!(self, Self::Issue { customer_key, .. } if customer_key == customer)
    }
}

fn charge_order<'a>(payment: &'a Payment, billing_key: &'a BillingKey) -> ChargeOrder<'a> {
    ChargeOrder {
        billing_key,
        customer_key: &payment.customer_key,
        amount: payment.amount,
        order_id: &payment.order_id,
        order_name: &payment.order_name,
        customer: &payment.customer,
    }
}

async fn paid(
    services: &Services,
    attempt: &Attempt,
    known: Option<Payment>,
) -> Result<Box<Payment>, UseCaseError> {
    match known {
        Some(payment) => Ok(Box::new(payment)),
        None => Ok(Box::new(services.payment_of(attempt).await?)),
    }
}

/// The payment key that a confirm is about.
pub(super) fn confirmed_key(
    services: &Services,
    attempt: &Attempt,
) -> Result<PaymentKey, UseCaseError> {
    let key = open_key(services, attempt)?;
    PaymentKey::new(key.as_str()).map_err(|_| UseCaseError::Incomplete("payment key"))
}

async fn issue(services: &Services, attempt: &Attempt) -> Result<Request, UseCaseError> {
    let key = open_key(services, attempt)?;
    let record = services.session_of(attempt).await?;
    Ok(Request::Issue {
        auth_key: AuthKey::new(key.as_str()).map_err(|_| UseCaseError::Incomplete("auth key"))?,
        customer_key: record.session.customer_key,
    })
}

async fn charge(
    services: &Services,
    attempt: &Attempt,
    payment: Box<Payment>,
) -> Result<Request, UseCaseError> {
    let id = attempt
        .payment_method_id
        .as_ref()
        .ok_or(UseCaseError::Incomplete("payment method"))?;
    let method = services
        .records
        .payment_method(id)
        .await?
        .ok_or(UseCaseError::Incomplete("payment method"))?;
    Ok(Request::Charge {
        payment,
        billing_key: services.billing_key(&method)?,
    })
}

async fn cancel(
    services: &Services,
    attempt: &Attempt,
    payment: Box<Payment>,
) -> Result<Request, UseCaseError> {
    let id = attempt
        .refund_id
        .as_ref()
        .ok_or(UseCaseError::Incomplete("refund"))?;
    let refund = services
        .records
        .refund(id)
        .await?
        .ok_or(UseCaseError::Incomplete("refund"))?;
    let account = match &refund.sealed_account {
        None => None,
        Some(sealed) => {
            let json = services
                .keys
                .open(sealed, &context::refund_account(&refund.id))?;
            let account = serde_json::from_str(&json)
                .map_err(|_| UseCaseError::Incomplete("refund account"))?;
            Some(account)
        }
    };
    Ok(Request::Cancel {
        payment_key: payment
            .payment_key
            .clone()
            .ok_or(UseCaseError::Incomplete("payment key"))?,
        payment,
        amount: refund.amount,
        reason: refund.details.reason,
        expected_balance: refund.expected_balance,
        account,
    })
}
