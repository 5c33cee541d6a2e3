//! What requests bring.

use serde::Deserialize;
use toss_checkout_contract::{Amount, Customer, CustomerKey};

use crate::{
    application::subscriptions::{GivenText, NewSubscription},
    domain::{
        ids::PaymentMethodId,
        subscription::{
            calendar::{Day, Interval},
            commands::{At, ChangeRequest, Proration, When},
            consent::ConsentKind,
            create::Start,
            state::{CancelRefund, Phase},
        },
        time::Millis,
    },
    http::error::ApiError,
};

/// `{}`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Nothing {}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CreateBody {
    customer_key: CustomerKey,
    payment_method_id: PaymentMethodId,
    order_name: String,
    amount: Amount,
    interval: Interval,
    #[serde(default)]
    customer: Customer,
    anchor_date: Option<Day>,
    trial_end: Option<String>,
    #[serde(default)]
    phases: Vec<Phase>,
    start_charging: Start,
}

impl CreateBody {
    pub(super) fn read(self) -> Result<NewSubscription, ApiError> {
        Ok(NewSubscription {
            customer_key: self.customer_key,
            payment_method_id: self.payment_method_id,
            order_name: self.order_name,
            customer: self.customer,
            price: self.amount.value(),
            interval: self.interval,
            phases: self.phases,
            anchor: self.anchor_date,
            trial_end: moment("trialEnd", self.trial_end)?,
            start: self.start_charging,
        })
    }
}

fn moment(field: &str, text: Option<String>) -> Result<Option<Millis>, ApiError> {
    text.map(|text| {
        Millis::from_toss(&text).ok_or_else(|| {
            ApiError::invalid(format!(
                "{field} is no moment; write it as 2026-12-01T09:00:00+09:00"
            ))
        })
    })
    .transpose()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TextBody {
    text_version: String,
    text: String,
    channel: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangeBody {
    amount: Option<Amount>,
    interval: Option<Interval>,
    when: When,
    #[serde(default = "no_proration")]
    proration: Proration,
    /// What the customer agreed to, when the price rises now.
    consent: Option<TextBody>,
}

const fn no_proration() -> Proration {
    Proration::None
}

impl ChangeBody {
    pub(super) fn request(&self) -> Result<ChangeRequest, ApiError> {
        if self.amount.is_none() && self.interval.is_none() {
            return Err(ApiError::invalid("amount or interval is missing"));
        }
        if self.interval.is_some_and(|interval| !interval.is_usable()) {
            return Err(ApiError::invalid(
                "interval: count begins at 1, and an interval is three years at most",
            ));
        }
        Ok(ChangeRequest {
            price: self.amount.map(Amount::value),
            interval: self.interval,
            when: self.when,
            proration: self.proration,
        })
    }

    pub(super) fn consent(&self) -> Option<GivenText> {
        self.consent.as_ref().map(|consent| GivenText {
            text_version: consent.text_version.clone(),
            text: consent.text.clone(),
            channel: consent.channel.clone(),
        })
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AtWord {
    Now,
    PeriodEnd,
}

impl From<AtWord> for At {
    fn from(word: AtWord) -> Self {
        match word {
            AtWord::Now => Self::Now,
            AtWord::PeriodEnd => Self::PeriodEnd,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CancelBody {
    at: AtWord,
    refund: Option<CancelRefund>,
}

impl CancelBody {
    pub(super) fn read(&self) -> (At, CancelRefund) {
        (self.at.into(), self.refund.unwrap_or(CancelRefund::None))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PauseBody {
    at: AtWord,
    resume_at: Option<String>,
}

impl PauseBody {
    pub(super) fn read(self) -> Result<(At, Option<Millis>), ApiError> {
        Ok((self.at.into(), moment("resumeAt", self.resume_at)?))
    }
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum AnchorWord {
    #[default]
    Keep,
    Restart,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ResumeBody {
    #[serde(default)]
    anchor: AnchorWord,
}

impl ResumeBody {
    pub(super) fn restart(&self) -> bool {
        matches!(self.anchor, AnchorWord::Restart)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct MethodBody {
    pub(super) payment_method_id: PaymentMethodId,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ConsentBody {
    kind: ConsentKind,
    effective_at: String,
    text_version: String,
    text: String,
    channel: String,
}

impl ConsentBody {
    pub(super) fn read(self) -> Result<(ConsentKind, Millis, GivenText), ApiError> {
        let effective_at = moment("effectiveAt", Some(self.effective_at))?;
        let effective_at =
            effective_at.ok_or_else(|| ApiError::invalid("effectiveAt is missing"))?;
        let text = GivenText {
            text_version: self.text_version,
            text: self.text,
            channel: self.channel,
        };
        Ok((self.kind, effective_at, text))
    }
}
