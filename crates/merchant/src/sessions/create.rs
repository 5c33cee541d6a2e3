//! What the merchant's server asks for, checked against what Toss will take.

use serde::{Deserialize, Serialize};
use time::{PrimitiveDateTime, format_description::well_known::Iso8601};
use toss_checkout_contract::{
    Amount, ClientKey, Consent, Customer, CustomerKey, Locale, Method, OrderId, Plan, SecretKey,
    Session, SessionId, SessionKind, SessionStatus, ValueError, VirtualAccountOptions,
};
use url::Url;

use crate::{
    clock::Millis,
    crypto::{digest, random_name},
    problem::Problem,
    store::records::NewSession,
};

/// The body of `POST /api/sessions`.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    #[serde(default)]
    plan: Option<Plan>,
    #[serde(default)]
    charge_now: bool,
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

/// Toss takes this many characters of names and e-mail addresses.
/// Source: <https://docs.tosspayments.com/sdk/v2/js>.
const MAX_TEXT: usize = 100;
const MAX_URL: usize = 2000;
/// Toss's window lives 30 minutes after it was opened; a buyer also needs time to choose.
const DEFAULT_SECONDS: u64 = 3600;
const MAX_SECONDS: u64 = 7 * 24 * 3600;
/// 90 days. Source: <https://docs.tosspayments.com/sdk/v2/js>.
const MAX_VALID_HOURS: u16 = 2160;
const HOUR_MS: i64 = 3_600_000;

fn text(field: &str, value: &str) -> Result<(), Problem> {
    let length = value.chars().count();
    if value.trim().is_empty() {
        return Err(Problem::invalid(format!("{field} is empty")));
    }
    if length > MAX_TEXT {
        return Err(Problem::invalid(format!(
            "{field} has {length} characters; at most {MAX_TEXT} are allowed"
        )));
    }
    if value.chars().any(char::is_control) {
        return Err(Problem::invalid(format!(
            "{field} holds a control character"
        )));
    }
    Ok(())
}

fn generated<T>(made: Result<T, ValueError>) -> Result<T, Problem> {
    made.map_err(|error| {
        tracing::error!(%error, "a generated name was refused");
        Problem::internal()
    })
}

fn absent<T>(field: &str, value: Option<&T>, kind: &str) -> Result<(), Problem> {
    match value {
        None => Ok(()),
        Some(_) => Err(Problem::invalid(format!(
            "{field} does not belong to a session of kind '{kind}'"
        ))),
    }
}

impl CreateSession {
    /// Recognises the same body under the same idempotency key.
    ///
    /// # Errors
    /// When it cannot be written as JSON, which does not happen.
    pub fn digest(&self) -> Result<String, Problem> {
        let json = serde_json::to_string(self).map_err(|_| Problem::internal())?;
        Ok(digest(&["create-session", &json]))
    }

    /// Checks everything and fills in what was left out.
    ///
    /// # Errors
    /// 400, naming the field and what is wrong with it.
    pub fn into_session(
        self,
        client_key: &ClientKey,
        idempotency_key: Option<String>,
        now: Millis,
    ) -> Result<NewSession, Problem> {
        let request_digest = self.digest()?;
        self.check(now)?;
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
        let methods = self.methods.unwrap_or_else(|| match self.kind {
            SessionKind::Payment => vec![Method::VirtualAccount],
            SessionKind::Billing => vec![Method::Card, Method::Transfer],
        });
        Ok(NewSession {
            session: Session {
                id: generated(SessionId::new(random_name(SessionId::PREFIX)))?,
                kind: self.kind,
                status: SessionStatus::Open,
                revision: 1,
                order_id,
                order_name: self.order_name,
                amount: self.amount,
                customer_key,
                client_key: client_key.clone(),
                methods,
                customer: self.customer,
                virtual_account: self.virtual_account,
                plan: self.plan,
                charge_now: self.charge_now,
                consent: self.consent,
                locale: self.locale,
                return_url: self.return_url,
                expires_at: expires_at.kst(),
                result: None,
            },
            expires_at,
            idempotency_key,
            request_digest,
        })
    }

    fn check(&self, now: Millis) -> Result<(), Problem> {
        text("orderName", &self.order_name)?;
        match self.kind {
            SessionKind::Payment => {
                if self.amount.is_none() {
                    return Err(Problem::invalid("amount is missing"));
                }
                absent("plan", self.plan.as_ref(), "payment")?;
                absent("chargeNow", self.charge_now.then_some(&()), "payment")?;
                absent("consent", self.consent.as_ref(), "payment")?;
            }
            SessionKind::Billing => {
                if self.plan.is_none() {
                    return Err(Problem::invalid("plan is missing"));
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
            return Err(Problem::invalid("consent.text is empty"));
        }
        self.check_customer()?;
        self.check_methods()?;
        if let Some(options) = &self.virtual_account {
            virtual_account(options, now)?;
        }
        if let Some(url) = &self.return_url {
            return_url(url)?;
        }
        match self.expires_in_seconds {
            Some(seconds) if !(1..=MAX_SECONDS).contains(&seconds) => Err(Problem::invalid(
                format!("expiresInSeconds is {seconds}; allowed are 1 to {MAX_SECONDS}"),
            )),
            _ => Ok(()),
        }
    }

    fn check_customer(&self) -> Result<(), Problem> {
        if let Some(name) = &self.customer.name {
            text("customer.name", name)?;
        }
        if let Some(email) = &self.customer.email {
            text("customer.email", email)?;
            if !email.contains('@') {
                return Err(Problem::invalid("customer.email is not an e-mail address"));
            }
        }
        match &self.customer.mobile_phone {
            Some(phone)
                if !(8..=15).contains(&phone.len())
                    || !phone.bytes().all(|b| b.is_ascii_digit()) =>
            {
                Err(Problem::invalid(
                    "customer.mobilePhone is not 8 to 15 digits without dashes",
                ))
            }
            _ => Ok(()),
        }
    }

    fn check_methods(&self) -> Result<(), Problem> {
        let Some(methods) = &self.methods else {
            return Ok(());
        };
        if methods.is_empty() {
            return Err(Problem::invalid("methods is empty"));
        }
        for (index, method) in methods.iter().enumerate() {
            if methods[..index].contains(method) {
                return Err(Problem::invalid(format!(
                    "methods names {} twice",
                    method.as_str()
                )));
            }
            if !self.kind.takes(*method) {
                let takes = match self.kind {
                    SessionKind::Payment => "kind payment takes VIRTUAL_ACCOUNT",
                    SessionKind::Billing => "kind billing takes CARD and TRANSFER",
                };
                return Err(Problem::invalid(format!(
                    "methods names {}; {takes}",
                    method.as_str()
                )));
            }
        }
        Ok(())
    }
}

/// The key goes into the browser, and the SDK takes fewer characters than the REST API.
fn customer_key(key: &CustomerKey) -> Result<(), Problem> {
    let length = key.expose().len();
    if length > CustomerKey::SDK_MAX {
        return Err(Problem::invalid(format!(
            "customerKey has {length} characters; Toss's SDK takes at most {}",
            CustomerKey::SDK_MAX
        )));
    }
    if SecretKey::looks_like(key.expose()) {
        return Err(Problem::invalid(
            "customerKey holds a secret key, which would be shown to the buyer",
        ));
    }
    Ok(())
}

fn virtual_account(options: &VirtualAccountOptions, now: Millis) -> Result<(), Problem> {
    match (options.valid_hours, options.due_date.as_deref()) {
        (Some(_), Some(_)) => Err(Problem::invalid(
            "virtualAccount holds both validHours and dueDate; Toss takes one of them",
        )),
        (Some(hours), None) if !(1..=MAX_VALID_HOURS).contains(&hours) => Err(Problem::invalid(
            format!("virtualAccount.validHours is {hours}; allowed are 1 to {MAX_VALID_HOURS}"),
        )),
        (None, Some(due)) => due_date(due, now),
        _ => Ok(()),
    }
}

fn due_date(due: &str, now: Millis) -> Result<(), Problem> {
    let shape = due.len() == 19 && PrimitiveDateTime::parse(due, &Iso8601::DEFAULT).is_ok();
    let Some(at) = shape.then(|| Millis::from_toss(due)).flatten() else {
        return Err(Problem::invalid(
            "virtualAccount.dueDate is not written as 2026-11-21T23:59:00, in Korean time",
        ));
    };
    let latest = now.0 + i64::from(MAX_VALID_HOURS) * HOUR_MS;
    if at <= now || at.0 > latest {
        return Err(Problem::invalid(
            "virtualAccount.dueDate must lie ahead, by at most 90 days",
        ));
    }
    Ok(())
}

fn return_url(text: &str) -> Result<(), Problem> {
    let fits = text.len() <= MAX_URL
        && Url::parse(text)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
    if fits {
        Ok(())
    } else {
        Err(Problem::invalid(
            "returnUrl is not an absolute http(s) address of at most 2000 characters",
        ))
    }
}

#[cfg(test)]
mod tests;
