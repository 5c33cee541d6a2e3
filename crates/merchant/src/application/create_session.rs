//! What the merchant's server asks for, checked against what Toss will take.

use serde::{Deserialize, Serialize};
use time::{PrimitiveDateTime, format_description::well_known::Iso8601};
use toss_checkout_contract::{
    Amount, CardOptions, Consent, Customer, CustomerKey, ForeignEasyPayOptions, Locale, Method,
    OrderId, Plan, Session, SessionId, SessionKind, SessionStatus, ValueError,
    VirtualAccountOptions,
};
use url::Url;

use super::{
    change::{Change, Committed},
    customer::{check_customer, check_customer_key},
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
        text::check_name,
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

const MAX_URL: usize = 2000;
/// Toss's window lives 30 minutes after it was opened; a buyer also needs time to choose.
const DEFAULT_SECONDS: u64 = 3600;
const MAX_SECONDS: u64 = 7 * 24 * 3600;
/// 90 days. Source: <https://docs.tosspayments.com/sdk/v2/js>.
const MAX_VALID_HOURS: u16 = 2160;
const HOUR_MS: i64 = 3_600_000;

fn text(field: &str, value: &str) -> Result<(), UseCaseError> {
    check_name(value).map_err(|problem| UseCaseError::name(field, &problem))
}

fn invalid(problem: impl Into<String>) -> UseCaseError {
    UseCaseError::Invalid(problem.into())
}

fn generated<T>(made: Result<T, ValueError>) -> Result<T, UseCaseError> {
    made.map_err(|error| {
        tracing::error!(%error, "a generated name was refused");
        UseCaseError::Incomplete("name")
    })
}

fn absent<T>(field: &str, value: Option<&T>, kind: &str) -> Result<(), UseCaseError> {
    match value {
        None => Ok(()),
        Some(_) => Err(invalid(format!(
            "{field} does not belong to a session of kind '{kind}'"
        ))),
    }
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

    fn check(&self, methods: &[Method], now: Millis) -> Result<(), UseCaseError> {
        text("orderName", &self.order_name)?;
        match self.kind {
            SessionKind::Payment => {
                if self.amount.is_none() {
                    return Err(invalid("amount is missing"));
                }
                absent("plan", self.plan.as_ref(), "payment")?;
                absent("chargeNow", self.charge_now.then_some(&()), "payment")?;
                absent("subscribe", self.subscribe.then_some(&()), "payment")?;
                absent("consent", self.consent.as_ref(), "payment")?;
            }
            SessionKind::Billing => {
                if self.plan.is_none() {
                    return Err(invalid("plan is missing"));
                }
                absent("amount", self.amount.as_ref(), "billing")?;
                absent("orderId", self.order_id.as_ref(), "billing")?;
                absent("virtualAccount", self.virtual_account.as_ref(), "billing")?;
            }
        }
        if let Some(key) = &self.customer_key {
            customer_key(key)?;
        }
        if let Some(consent) = &self.consent
            && consent.text.as_str().trim().is_empty()
        {
            return Err(invalid("consent.text is empty"));
        }
        check_customer(&self.customer)?;
        self.check_methods()?;
        self.check_amount(methods)?;
        if let Some(options) = &self.virtual_account {
            virtual_account(options, now)?;
        }
        if let Some(options) = &self.card {
            self.check_card(options, methods)?;
        }
        self.check_foreign(methods)?;
        if let Some(url) = &self.return_url {
            return_url(url)?;
        }
        match self.expires_in_seconds {
            Some(seconds) if !(1..=MAX_SECONDS).contains(&seconds) => Err(invalid(format!(
                "expiresInSeconds is {seconds}; allowed are 1 to {MAX_SECONDS}"
            ))),
            _ => Ok(()),
        }
    }

    fn check_amount(&self, methods: &[Method]) -> Result<(), UseCaseError> {
        let (field, amount) = match (self.amount, self.plan) {
            (Some(amount), _) => ("amount", amount),
            (None, Some(plan)) => ("plan.amount", plan.amount),
            (None, None) => return Ok(()),
        };
        minimum::check(amount, methods).map_err(|below| invalid(format!("{field}: {below}")))
    }

    fn check_card(&self, options: &CardOptions, methods: &[Method]) -> Result<(), UseCaseError> {
        if !methods.contains(&Method::Card) {
            return Err(invalid(
                "card does not belong to a session without the method CARD",
            ));
        }
        let refused = options.check(self.kind);
        refused.map_err(|problem| invalid(problem.to_string()))?;
        let is_paid_off_later = options
            .card_installment_plan
            .is_some_and(|months| months > 0);
        match self.amount {
            Some(amount) if is_paid_off_later && amount.value() < minimum::INSTALMENTS => {
                Err(invalid(format!(
                    "card.cardInstallmentPlan: {amount} is less than the {} won that can be paid in \
                     instalments",
                    minimum::INSTALMENTS
                )))
            }
            _ => Ok(()),
        }
    }

    fn check_foreign(&self, methods: &[Method]) -> Result<(), UseCaseError> {
        match (
            &self.foreign_easy_pay,
            methods.contains(&Method::ForeignEasyPay),
        ) {
            (Some(options), true) => options
                .check()
                .map_err(|problem| invalid(problem.to_string())),
            (None, true) => Err(invalid(
                "foreignEasyPay is missing: FOREIGN_EASY_PAY takes the buyer's country, such as {\"country\": \"US\"}",
            )),
            (Some(_), false) => Err(invalid(
                "foreignEasyPay does not belong to a session without the method FOREIGN_EASY_PAY",
            )),
            (None, false) => Ok(()),
        }
    }

    fn check_methods(&self) -> Result<(), UseCaseError> {
        let Some(methods) = &self.methods else {
            return Ok(());
        };
        if methods.is_empty() {
            return Err(invalid("methods is empty"));
        }
        for (index, method) in methods.iter().enumerate() {
            if methods[..index].contains(method) {
                return Err(invalid(format!("methods names {} twice", method.as_str())));
            }
            if !self.kind.takes(*method) {
                return Err(invalid(format!(
                    "methods names {}; kind billing takes CARD and TRANSFER",
                    method.as_str()
                )));
            }
        }
        Ok(())
    }
}

/// The key goes into the browser, and the SDK takes fewer characters than the REST API.
pub(super) fn customer_key(key: &CustomerKey) -> Result<(), UseCaseError> {
    let length = key.expose().len();
    if length > CustomerKey::SDK_MAX {
        return Err(invalid(format!(
            "customerKey has {length} characters; Toss's SDK takes at most {}",
            CustomerKey::SDK_MAX
        )));
    }
    check_customer_key(key)
}

fn virtual_account(options: &VirtualAccountOptions, now: Millis) -> Result<(), UseCaseError> {
    match (options.valid_hours, options.due_date.as_deref()) {
        (Some(_), Some(_)) => Err(invalid(
            "virtualAccount holds both validHours and dueDate; Toss takes one of them",
        )),
        (Some(hours), None) if !(1..=MAX_VALID_HOURS).contains(&hours) => Err(invalid(format!(
            "virtualAccount.validHours is {hours}; allowed are 1 to {MAX_VALID_HOURS}"
        ))),
        (None, Some(due)) => due_date(due, now),
        _ => Ok(()),
    }
}

fn due_date(due: &str, now: Millis) -> Result<(), UseCaseError> {
    let shape = due.len() == 19 && PrimitiveDateTime::parse(due, &Iso8601::DEFAULT).is_ok();
    let Some(at) = shape.then(|| Millis::from_toss(due)).flatten() else {
        return Err(invalid(
            "virtualAccount.dueDate is not written as 2026-11-21T23:59:00, in Korean time",
        ));
    };
    let latest = now.0 + i64::from(MAX_VALID_HOURS) * HOUR_MS;
    if at <= now || at.0 > latest {
        return Err(invalid(
            "virtualAccount.dueDate must lie ahead, by at most 90 days",
        ));
    }
    Ok(())
}

pub(super) fn return_url(text: &str) -> Result<(), UseCaseError> {
    let fits = text.len() <= MAX_URL
        && Url::parse(text)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
    if fits {
        Ok(())
    } else {
        Err(invalid(
            "returnUrl is not an absolute http(s) address of at most 2000 characters",
        ))
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
