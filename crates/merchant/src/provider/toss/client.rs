//! The client: one method per endpoint.

mod bodies;
mod transport;

use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method;
use toss_checkout_contract::{
    Amount, AuthKey, BillingKey, ConfirmRequest, CustomerKey, FailureCode, IssueRequest, OrderId,
    PaymentKey,
};
use url::Url;

use self::{
    bodies::{CancelBody, CardBody, ChargeBody},
    transport::{Call, Transport},
};
use super::types::{BillingObject, PaymentAnswer, TransactionAnswer};
use crate::{
    application::provider::{
        CancelOrder, CardRegistration, ChargeOrder, Credentials, PaymentProvider, ProviderError,
        TransactionsPage,
    },
    domain::{
        provider_payment::{IssuedMethod, ProviderPayment, Transaction},
        time::Millis,
    },
};

/// Where Toss is and how long it may take.
#[derive(Debug, Clone)]
pub struct TossSettings {
    /// Toss's REST API, or the sandbox.
    pub base: Url,
    /// Until a connection stands.
    pub connect: Duration,
    /// For a confirm or an issue.
    pub confirm: Duration,
    /// For a charge or a cancel.
    pub charge: Duration,
    /// For a look-up.
    pub lookup: Duration,
}

/// Talks to `api.tosspayments.com`, or to the sandbox. Cheap to clone.
#[derive(Debug, Clone)]
pub struct TossClient {
    transport: Transport,
    settings: TossSettings,
}

impl TossClient {
    /// Prepares the client; connects to nothing yet.
    ///
    /// # Errors
    /// When the machine's certificates cannot be read.
    pub fn new(settings: TossSettings) -> anyhow::Result<Self> {
        Ok(Self {
            transport: Transport::new(&settings)?,
            settings,
        })
    }

    async fn look_up(
        &self,
        shop: &Credentials,
        path: &[&str],
    ) -> Result<Option<ProviderPayment>, ProviderError> {
        let call = Call::get("lookup", path, self.settings.lookup);
        match self.transport.json::<PaymentAnswer>(shop, call).await {
            Ok(payment) => Ok(Some(payment.into())),
            Err(ProviderError::Refused(failure))
                if matches!(
                    failure.code,
                    FailureCode::NotFoundPayment | FailureCode::NotFound
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl PaymentProvider for TossClient {
    async fn confirm(
        &self,
        shop: &Credentials,
        payment_key: &PaymentKey,
        order_id: &OrderId,
        amount: Amount,
        idempotency_key: &str,
    ) -> Result<ProviderPayment, ProviderError> {
        let body = ConfirmRequest {
            payment_key: payment_key.clone(),
            order_id: order_id.clone(),
            amount: amount.decimal(),
        };
        let path = ["v1", "payments", "confirm"];
        let call = Call::post("confirm", &path, self.settings.confirm)
            .body(&body)?
            .idempotent(idempotency_key);
        let payment: PaymentAnswer = self.transport.json(shop, call).await?;
        Ok(payment.into())
    }

    async fn issue(
        &self,
        shop: &Credentials,
        auth_key: &AuthKey,
        customer_key: &CustomerKey,
        idempotency_key: &str,
    ) -> Result<IssuedMethod, ProviderError> {
        let body = IssueRequest {
            auth_key: auth_key.clone(),
            customer_key: customer_key.clone(),
            // The buyer's consent is between the buyer and the shop.
            consent: None,
        };
        let path = ["v1", "billing", "authorizations", "issue"];
        let call = Call::post("issue", &path, self.settings.confirm)
            .body(&body)?
            .idempotent(idempotency_key);
        let billing: BillingObject = self.transport.json(shop, call).await?;
        Ok(billing.into())
    }

    async fn register_card(
        &self,
        shop: &Credentials,
        card: &CardRegistration,
        idempotency_key: &str,
    ) -> Result<IssuedMethod, ProviderError> {
        let path = ["v1", "billing", "authorizations", "card"];
        let call = Call::post("card", &path, self.settings.confirm)
            .body(&CardBody::from(card))?
            .idempotent(idempotency_key);
        let billing: BillingObject = self.transport.json(shop, call).await?;
        Ok(billing.into())
    }

    async fn charge(
        &self,
        shop: &Credentials,
        order: &ChargeOrder<'_>,
        idempotency_key: &str,
    ) -> Result<ProviderPayment, ProviderError> {
        let path = ["v1", "billing", order.billing_key.expose()];
        let call = Call::post("charge", &path, self.settings.charge)
            .body(&ChargeBody::from(order))?
            .idempotent(idempotency_key);
        let payment: PaymentAnswer = self.transport.json(shop, call).await?;
        Ok(payment.into())
    }

    async fn cancel(
        &self,
        shop: &Credentials,
        order: &CancelOrder<'_>,
        idempotency_key: &str,
    ) -> Result<ProviderPayment, ProviderError> {
        let path = ["v1", "payments", order.payment_key.expose(), "cancel"];
        let call = Call::post("cancel", &path, self.settings.charge)
            .body(&CancelBody::from(order))?
            .idempotent(idempotency_key);
        let payment: PaymentAnswer = self.transport.json(shop, call).await?;
        Ok(payment.into())
    }

    async fn delete_billing_key(
        &self,
        shop: &Credentials,
        billing_key: &BillingKey,
    ) -> Result<(), ProviderError> {
        let path = ["v1", "billing", billing_key.expose()];
        let call = Call::new("delete", Method::DELETE, &path, self.settings.confirm);
        match self.transport.empty(shop, call).await {
            Err(ProviderError::Refused(failure))
                if matches!(
                    failure.code,
                    FailureCode::AlreadyRemovedBillingKey | FailureCode::NotFoundBilling
                ) =>
            {
                Ok(())
            }
            done => done,
        }
    }

    async fn payment_by_order(
        &self,
        shop: &Credentials,
        order_id: &OrderId,
    ) -> Result<Option<ProviderPayment>, ProviderError> {
        let path = ["v1", "payments", "orders", order_id.as_str()];
        self.look_up(shop, &path).await
    }

    async fn payment_by_key(
        &self,
        shop: &Credentials,
        payment_key: &PaymentKey,
    ) -> Result<Option<ProviderPayment>, ProviderError> {
        let path = ["v1", "payments", payment_key.expose()];
        self.look_up(shop, &path).await
    }

    async fn clock(&self, shop: &Credentials, fresh: bool) -> Option<Millis> {
        if fresh || self.transport.clock().is_none() {
            // Any answer has a date; this one tells nothing else.
            let path = ["v1", "payments"];
            let call = Call::get("clock", &path, self.settings.lookup);
            let _ = self.transport.empty(shop, call).await;
        }
        self.transport.clock()
    }

    async fn transactions(
        &self,
        shop: &Credentials,
        page: &TransactionsPage,
    ) -> Result<Vec<Transaction>, ProviderError> {
        let mut query = vec![
            ("startDate", page.from.clone()),
            ("endDate", page.to.clone()),
            ("limit", page.limit.to_string()),
        ];
        if let Some(after) = &page.after {
            query.push(("startingAfter", after.clone()));
        }
        let path = ["v1", "transactions"];
        let call = Call::get("transactions", &path, self.settings.charge).query(query);
        let list: Vec<TransactionAnswer> = self.transport.json(shop, call).await?;
        Ok(list.into_iter().map(Transaction::from).collect())
    }
}
