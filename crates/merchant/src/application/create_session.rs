//! What the merchant's server asks for, checked against what Toss will take.

mod check;

pub(super) use self::check::{customer_key, return_url};

use serde::{Deserialize, Serialize};
use toss_checkout_contract::{
    Amount, CardOptions, Consent, Customer, CustomerKey, ForeignEasyPayOptions, Locale, Method,
    OrderId, Plan, Session, SessionId, SessionKind, SessionStatus, ValueError,
    VirtualAccountOptions,
};

use super::{
    change::{Change, Committed},
    error::UseCaseError,
    services::Services,
};
use crate::{
    crypto::random_name,
    domain::{
        minimum, names,
        payment::{Payment, PaymentDetails, PaymentStatus, Purpose},
        session::SessionRecord,
        shop::Shop,
        time::Millis,
        work::Work,
    },
};

/// The body of `POST /api/sessions`.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateSession {
    kind: SessionKind,
    order_name: String,
    #[serde(default)]
    order_id: Option<OrderId>,
    #[serde(default)]
    amount: Option<Amount>,
    #[serde(default)]
    customer_key: Option<CustomerKey>,
    #[serde(default)]
    customer: Customer,
    #[serde(default)]
    methods: Option<Vec<Method>>,
    #[serde(default)]
    virtual_account: Option<VirtualAccountOptions>,
    // Left out of the digest where it is absent: requests of earlier versions keep theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    card: Option<CardOptions>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    foreign_easy_pay: Option<ForeignEasyPayOptions>,
    #[serde(default)]
    plan: Option<Plan>,
    #[serde(default)]
    charge_now: bool,
    // Left out of the digest where it is absent: requests of earlier versions keep theirs.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    subscribe: bool,
    // Left out of the digest where it is absent: requests of earlier versions keep theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    consent: Option<Consent>,
    #[serde(default)]
    locale: Option<Locale>,
    #[serde(default)]
    return_url: Option<String>,
    #[serde(default)]
    expires_in_seconds: Option<u64>,
}

/// Toss's window lives 30 minutes after it was opened; a buyer also needs time to choose.
const DEFAULT_SECONDS: u64 = 3600;
fn generated<T>(made: Result<T, ValueError>) -> Result<T, UseCaseError> {
    made.map_err(|error| {
        tracing::error!(%error, "a generated name was refused");
        UseCaseError::Incomplete("name")
    })
}

impl CreateSession {
    /// Recognises the same body under the same idempotency key.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which does not happen.
    fn digest(&self) -> Result<String, UseCaseError> {
        let json =
            serde_json::to_string(self).map_err(|_| UseCaseError::Incomplete("request digest"))?;
        Ok(names::digest(&["create-session", &json]))
    }

    /// Checks everything and fills in what was left out.
    fn into_session(
        self,
        shop: &Shop,
        idempotency_key: Option<String>,
        now: Millis,
    ) -> Result<SessionRecord, UseCaseError> {
        let request_digest = self.digest()?;
        let methods = match &self.methods {
            Some(methods) => methods.clone(),
            None => minimum::default_methods(self.kind, self.amount),
        };
        self.check(&methods, now)?;
        let seconds = self.expires_in_seconds.unwrap_or(DEFAULT_SECONDS);
        let expires_at = now.plus(std::time::Duration::from_secs(seconds));
        let order_id = match (self.kind, self.order_id) {
            (SessionKind::Payment, None) => Some(generated(OrderId::new(random_name("ord_")))?),
            (_, given) => given,
        };
        let customer_key = match self.customer_key {
            Some(key) => key,
            None => generated(CustomerKey::new(uuid::Uuid::new_v4().to_string()))?,
        };
        Ok(SessionRecord {
            session: Session {
                id: generated(SessionId::new(random_name(SessionId::PREFIX)))?,
                kind: self.kind,
                status: SessionStatus::Open,
                revision: 1,
                order_id,
                order_name: self.order_name,
                amount: self.amount,
                customer_key,
                client_key: shop.client_key.clone(),
                methods,
                customer: self.customer,
                virtual_account: self.virtual_account,
                card: self.card,
                foreign_easy_pay: self.foreign_easy_pay,
                plan: self.plan,
                charge_now: self.charge_now,
                consent: self.consent,
                locale: self.locale,
                return_url: self.return_url,
                expires_at: expires_at.kst(),
                now: None,
                result: None,
            },
            shop_id: shop.id.clone(),
            payment_id: None,
            payment_method_id: None,
            subscribe: self.subscribe,
            replaces_method_of: None,
            consent_given: None,
            expires_at,
            idempotency_key,
            request_digest: Some(request_digest),
            created_at: now,
            work: Work::at(expires_at),
            needs_attention: None,
        })
    }
}

/// A session that was asked for.
#[derive(Debug)]
pub struct Created {
    /// The session.
    pub record: SessionRecord,
    /// Whether the same request had created it before.
    pub replayed: bool,
}

/// Creates a session, once per idempotency key. A repetition is answered before anything is checked: what
/// was right when it was created may have passed since.
///
/// # Errors
/// The field and what is wrong with it; a used order number; or an idempotency key with another body.
pub async fn create_session(
    services: &Services,
    request: CreateSession,
    idempotency_key: Option<String>,
) -> Result<Created, UseCaseError> {
    let digest = request.digest()?;
    if let Some(key) = &idempotency_key
        && let Some(record) = replayed(services, key, &digest).await?
    {
        return Ok(record);
    }
    let shop = services.shop_for(request.kind).await?;
    let mut record = request.into_session(&shop, idempotency_key.clone(), services.now())?;
    let payment = payment_of(&record);
    record.payment_id = payment.as_ref().map(|payment| payment.id.clone());
    let change = Change {
        new_session: Some(record.clone()),
        new_payment: payment,
        ..Change::default()
    };
    if services.commit(change).await? == Committed::Done {
        return Ok(Created {
            record,
            replayed: false,
        });
    }
    // Taken at the same moment: by the same request, or its order number by another one.
    if let Some(key) = &idempotency_key
        && let Some(record) = replayed(services, key, &digest).await?
    {
        return Ok(record);
    }
    Err(UseCaseError::OrderUsed)
}

async fn replayed(
    services: &Services,
    key: &str,
    digest: &str,
) -> Result<Option<Created>, UseCaseError> {
    match services.records.session_of_request(key).await? {
        None => Ok(None),
        Some(record) if record.request_digest.as_deref() == Some(digest) => Ok(Some(Created {
            record,
            replayed: true,
        })),
        Some(_) => Err(UseCaseError::IdempotencyKeyUsed),
    }
}

fn payment_of(record: &SessionRecord) -> Option<Payment> {
    let session = &record.session;
    let order_id = session.order_id.clone()?;
    Some(Payment {
        id: names::payment(&order_id),
        shop_id: record.shop_id.clone(),
        order_id,
        purpose: Purpose::Checkout,
        session_id: Some(session.id.clone()),
        payment_method_id: None,
        customer_key: session.customer_key.clone(),
        order_name: session.order_name.clone(),
        customer: session.customer.clone(),
        amount: session.amount?,
        balance: 0,
        status: PaymentStatus::Ready,
        revision: 1,
        payment_key: None,
        secret_digest: None,
        details: PaymentDetails::default(),
        approved_at: None,
        due_at: None,
        created_at: record.created_at,
        work: Work::default(),
        needs_attention: None,
    })
}

#[cfg(test)]
mod tests;
