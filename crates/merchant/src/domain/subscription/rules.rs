//! What a merchant may set: when charges start, how often a refused one is tried again, what happens
//! while it is not paid, and what is done without a consent.

use std::time::Duration;

use crate::domain::{names::spread, subscription::calendar::Day, time::Millis, words::words};

const DAY: Duration = Duration::from_hours(24);

words! {
    /// What happens to periods that went by while the program was down.
    pub enum CatchUp as "way to catch up" {
        /// The current one is charged; those that ended are void, and told.
        CurrentOnly = "current_only",
        /// All of them are charged, one a day.
        All = "all",
    }
}

words! {
    /// What happens when the price rises and nobody agreed to it.
    pub enum OnMissingConsent as "answer to a missing consent" {
        /// Nothing more is charged, and the subscription ends.
        End = "end",
        /// The old price stays. After a free time there is none, so it ends.
        KeepOldPrice = "keep_old_price",
    }
}

words! {
    /// Whether a price that rises, or follows a free time, waits for the customer's consent.
    pub enum ConsentRule as "rule of consent" {
        /// It does: 전자상거래법 제13조 제6항 asks for it since 14 February 2025.
        Required = "required",
        /// It does not. Only for who may do without, say sales to businesses: a consumer who was charged
        /// without one can have the money back, and the merchant risks a closure of up to a year.
        Off = "off",
    }
}

words! {
    /// How customers cancel on their page.
    pub enum CustomerCancel as "way to cancel" {
        /// As they choose: at once with the unused days given back, or with what is paid.
        Choice = "choice",
        /// At once, and the unused days are given back.
        NowProrated = "now_prorated",
        /// With what is paid.
        PeriodEnd = "period_end",
    }
}

/// How often a refused charge is tried again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryRules {
    /// Days after the first refusal, for limits and balances.
    pub soft_days: Vec<u32>,
    /// The same for refusals with many reasons, most of them lasting.
    pub few_days: Vec<u32>,
    /// The same for codes that this version does not know.
    pub unlisted_days: Vec<u32>,
    /// Distances after faults at Toss or the issuer.
    pub transient: Vec<Duration>,
}

/// What happens while a refused charge is not paid, in days after the first refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverdueRules {
    /// The customer keeps access so long.
    pub access_days: u32,
    /// `past_due` becomes `unpaid`.
    pub unpaid_days: u32,
    /// It ends.
    pub cancel_days: u32,
}

impl OverdueRules {
    /// When access ends.
    pub fn access_ends(&self, since: Millis) -> Millis {
        since.plus(DAY * self.access_days)
    }

    /// When `past_due` becomes `unpaid`.
    pub fn unpaid_at(&self, since: Millis) -> Millis {
        since.plus(DAY * self.unpaid_days)
    }

    /// When it ends.
    pub fn cancel_at(&self, since: Millis) -> Millis {
        since.plus(DAY * self.cancel_days)
    }
}

/// Hours of the day in Korea between which charges start. Banks are closed around midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChargeHours {
    /// The first, 0 to 23.
    pub from: u32,
    /// The last, from `from` to 24.
    pub to: u32,
}

impl ChargeHours {
    /// The time of day at which this subscription is charged; the same every time.
    pub fn slot(self, id: &str) -> Duration {
        // Whole seconds: that is how moments are told.
        let length = 3600 * u64::from(self.to.saturating_sub(self.from));
        let within = length * u64::from(spread(id)) / 1000;
        Duration::from_secs(3600 * u64::from(self.from) + within)
    }
}

/// Everything that a merchant may set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionRules {
    /// When charges start.
    pub hours: ChargeHours,
    /// How often a refused one is tried again.
    pub retry: RetryRules,
    /// What happens meanwhile.
    pub overdue: OverdueRules,
    /// How long a first charge may stay unpaid before the subscription ends.
    pub incomplete: Duration,
    /// What happens to periods that went by while the program was down.
    pub catch_up: CatchUp,
    /// Whether a rising price waits for a consent.
    pub consent: ConsentRule,
    /// What happens without it.
    pub on_missing_consent: OnMissingConsent,
    /// How long a subscription waits for it before it ends.
    pub consent_wait: Duration,
    /// How customers cancel on their page.
    pub customer_cancel: CustomerCancel,
}

impl Default for SubscriptionRules {
    fn default() -> Self {
        Self {
            hours: ChargeHours { from: 9, to: 11 },
            retry: RetryRules {
                soft_days: vec![1, 3, 6, 13],
                few_days: vec![3, 6],
                unlisted_days: vec![1, 3],
                transient: [10, 60, 6 * 60, 24 * 60].map(Duration::from_mins).to_vec(),
            },
            overdue: OverdueRules {
                access_days: 7,
                unpaid_days: 14,
                cancel_days: 30,
            },
            incomplete: Duration::from_hours(23),
            catch_up: CatchUp::CurrentOnly,
            consent: ConsentRule::Required,
            on_missing_consent: OnMissingConsent::End,
            consent_wait: DAY * 7,
            customer_cancel: CustomerCancel::Choice,
        }
    }
}

/// The first time that a time of day comes after a moment.
pub fn next_time(after: Millis, time_of_day: Duration) -> Millis {
    let today = Day::of(after);
    let at = today.at(time_of_day);
    if at > after {
        at
    } else {
        today.plus_days(1).at(time_of_day)
    }
}

/// The first time that a time of day comes at a moment or after it.
pub fn time_from(earliest: Millis, time_of_day: Duration) -> Millis {
    next_time(Millis(earliest.0 - 1), time_of_day)
}

/// The first day whose charge is not made before the end of a free time.
pub fn first_day_after(end: Millis, slot: Duration) -> Day {
    let day = Day::of(end);
    if day.at(slot) >= end {
        day
    } else {
        day.plus_days(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charges_start_within_their_hours_and_not_all_at_once() {
        let hours = ChargeHours { from: 9, to: 11 };
        let slots: Vec<Duration> = (0..200).map(|n| hours.slot(&format!("sub_{n}"))).collect();
        assert!(
            slots
                .iter()
                .all(|slot| (9..11).contains(&(slot.as_secs() / 3600)))
        );
        let early = slots
            .iter()
            .filter(|slot| slot.as_secs() < 10 * 3600)
            .count();
        assert!((60..140).contains(&early), "{early}");
        assert_eq!(ChargeHours { from: 0, to: 0 }.slot("x"), Duration::ZERO);
    }

    #[test]
    fn the_next_time_of_day_is_never_now() {
        let nine = Duration::from_hours(9);
        let day: Day = "2026-12-01".parse().unwrap();
        let at = day.at(nine);
        assert_eq!(next_time(at, nine), day.plus_days(1).at(nine));
        assert_eq!(next_time(Millis(at.0 - 1), nine), at);
    }
}
