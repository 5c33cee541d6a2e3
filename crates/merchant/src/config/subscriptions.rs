//! Settings of subscriptions.

use clap::Args;

use super::ConfigError;
use crate::domain::subscription::rules::{
    CatchUp, ChargeHours, ConsentRule, CustomerCancel, OnMissingConsent, OverdueRules,
    SubscriptionRules,
};

/// Settings of subscriptions as text.
#[derive(Debug, Clone, Args)]
pub struct SubscriptionArgs {
    /// Hours in Korea between which charges of subscriptions start
    #[arg(long, env = "SUBSCRIPTION_CHARGE_HOURS", default_value = "9-11")]
    pub subscription_charge_hours: String,

    /// Days after the first refusal on which a charge is tried again, for limits and balances
    #[arg(long, env = "SUBSCRIPTION_RETRY_DAYS", default_value = "1,3,6,13")]
    pub subscription_retry_days: String,

    /// Days after the first refusal on which access ends, `unpaid` begins, and the subscription ends
    #[arg(long, env = "SUBSCRIPTION_OVERDUE_DAYS", default_value = "7,14,30")]
    pub subscription_overdue_days: String,

    /// What happens to periods that went by while this program was down: `current_only` or `all`
    #[arg(long, env = "SUBSCRIPTION_CATCH_UP", default_value = "current_only")]
    pub subscription_catch_up: String,

    /// Whether a price that rises or follows a free time waits for the customer's consent: `required` or
    /// `off`. In Korea the law asks for it in sales to consumers (전자상거래법 제13조 제6항)
    #[arg(long, env = "SUBSCRIPTION_CONSENT", default_value = "required")]
    pub subscription_consent: String,

    /// What happens without it: `end`, or `keep_old_price` where there is one
    #[arg(long, env = "SUBSCRIPTION_WITHOUT_CONSENT", default_value = "end")]
    pub subscription_without_consent: String,

    /// How customers cancel on their page: `choice`, `now_prorated` (at once, the unused days are given
    /// back) or `period_end` (with what is paid). Since 2021 card companies ask for refunds in proportion
    #[arg(long, env = "SUBSCRIPTION_CUSTOMER_CANCEL", default_value = "choice")]
    pub subscription_customer_cancel: String,
}

/// Checks them.
pub(super) fn check(args: &SubscriptionArgs, errors: &mut Vec<ConfigError>) -> SubscriptionRules {
    let mut rules = SubscriptionRules::default();
    let mut wrong = |name, problem: String| errors.push(ConfigError { name, problem });
    match hours(&args.subscription_charge_hours) {
        Some(hours) => rules.hours = hours,
        None => wrong(
            "SUBSCRIPTION_CHARGE_HOURS",
            format!(
                "'{}' is not two hours of a day, the earlier first; write 9-11",
                args.subscription_charge_hours
            ),
        ),
    }
    match days(&args.subscription_retry_days) {
        Some(days) => rules.retry.soft_days = days,
        None => wrong(
            "SUBSCRIPTION_RETRY_DAYS",
            format!(
                "'{}' is not a list of growing days from 1; write 1,3,6,13",
                args.subscription_retry_days
            ),
        ),
    }
    match days(&args.subscription_overdue_days).as_deref() {
        Some(&[access_days, unpaid_days, cancel_days]) => {
            rules.overdue = OverdueRules {
                access_days,
                unpaid_days,
                cancel_days,
            };
        }
        _ => wrong(
            "SUBSCRIPTION_OVERDUE_DAYS",
            format!(
                "'{}' is not three growing days; write 7,14,30",
                args.subscription_overdue_days
            ),
        ),
    }
    match args.subscription_catch_up.parse::<CatchUp>() {
        Ok(catch_up) => rules.catch_up = catch_up,
        Err(error) => wrong("SUBSCRIPTION_CATCH_UP", error.to_string()),
    }
    match args.subscription_customer_cancel.parse::<CustomerCancel>() {
        Ok(cancel) => rules.customer_cancel = cancel,
        Err(error) => wrong("SUBSCRIPTION_CUSTOMER_CANCEL", error.to_string()),
    }
    match args.subscription_consent.parse::<ConsentRule>() {
        Ok(consent) => rules.consent = consent,
        Err(error) => wrong("SUBSCRIPTION_CONSENT", error.to_string()),
    }
    match args
        .subscription_without_consent
        .parse::<OnMissingConsent>()
    {
        Ok(answer) => rules.on_missing_consent = answer,
        Err(error) => wrong("SUBSCRIPTION_WITHOUT_CONSENT", error.to_string()),
    }
    rules
}

fn hours(text: &str) -> Option<ChargeHours> {
    let (from, to) = text.split_once('-')?;
    let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    (from <= 23 && from <= to && to <= 24).then_some(ChargeHours { from, to })
}

fn days(text: &str) -> Option<Vec<u32>> {
    let days: Option<Vec<u32>> = text.split(',').map(|day| day.trim().parse().ok()).collect();
    days.filter(|days| days.first() > Some(&0) && days.windows(2).all(|pair| pair[0] < pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(change: fn(&mut SubscriptionArgs)) -> Result<SubscriptionRules, Vec<&'static str>> {
        let mut args = SubscriptionArgs {
            subscription_charge_hours: "9-11".to_owned(),
            subscription_retry_days: "1,3,6,13".to_owned(),
            subscription_overdue_days: "7,14,30".to_owned(),
            subscription_catch_up: "current_only".to_owned(),
            subscription_consent: "required".to_owned(),
            subscription_without_consent: "end".to_owned(),
            subscription_customer_cancel: "choice".to_owned(),
        };
        change(&mut args);
        let mut errors = Vec::new();
        let rules = check(&args, &mut errors);
        if errors.is_empty() {
            Ok(rules)
        } else {
            Err(errors.iter().map(|error| error.name).collect())
        }
    }

    #[test]
    fn the_defaults_are_those_of_the_rules() {
        assert_eq!(checked(|_| ()), Ok(SubscriptionRules::default()));
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        for hours in ["11-9", "9", "9-25", "24-24", ""] {
            assert!(super::hours(hours).is_none(), "{hours}");
        }
        for days in ["", "0,1", "3,1", "1,x"] {
            assert!(super::days(days).is_none(), "{days}");
        }
        let wrong = checked(|args| {
            args.subscription_overdue_days = "7,14".to_owned();
            args.subscription_consent = "no".to_owned();
        });
        assert_eq!(
            wrong,
            Err(vec!["SUBSCRIPTION_OVERDUE_DAYS", "SUBSCRIPTION_CONSENT"])
        );
    }
}
