//! What is refused when a session is made, because Toss would refuse it later.

use time::{PrimitiveDateTime, format_description::well_known::Iso8601};
use toss_checkout_contract::{
    CardOptions, CustomerKey, Method, SessionKind, VirtualAccountOptions,
};
use url::Url;

use super::CreateSession;
use crate::{
    application::{
        customer::{check_customer, check_customer_key},
        error::UseCaseError,
    },
    domain::{
        minimum,
        text::{check_direction, check_name},
        time::Millis,
    },
};

const MAX_URL: usize = 2000;
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

fn absent<T>(field: &str, value: Option<&T>, kind: &str) -> Result<(), UseCaseError> {
    match value {
        None => Ok(()),
        Some(_) => Err(invalid(format!(
            "{field} does not belong to a session of kind '{kind}'"
        ))),
    }
}

impl CreateSession {
    /// Checks every field, and that they belong together.
    pub(super) fn check(&self, methods: &[Method], now: Millis) -> Result<(), UseCaseError> {
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
        if let Some(consent) = &self.consent {
            let text = consent.text.as_str();
            if text.trim().is_empty() {
                return Err(invalid("consent.text is empty"));
            }
            check_direction(text)
                .map_err(|problem| UseCaseError::name("consent.text", &problem))?;
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
pub(in crate::application) fn customer_key(key: &CustomerKey) -> Result<(), UseCaseError> {
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

pub(in crate::application) fn return_url(text: &str) -> Result<(), UseCaseError> {
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
