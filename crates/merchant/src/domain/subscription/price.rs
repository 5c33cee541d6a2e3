//! What a period costs, and what a change or an end within one is worth. Whole won, rounded for the
//! customer.

use serde::{Deserialize, Serialize};

use super::calendar::{Day, Interval, Period};

/// A price and how often it is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Terms {
    /// In won.
    pub price: u64,
    /// How often.
    pub interval: Interval,
}

/// Whether the customer would pay more: each time, or for the same length of time.
pub fn rises(before: Terms, after: Terms) -> bool {
    let each_time = after.price > before.price;
    let for_the_same_time = u128::from(after.price) * u128::from(before.interval.weight())
        > u128::from(before.price) * u128::from(after.interval.weight());
    each_time || for_the_same_time
}

/// The days of a period that are left on a day, that day included, and all of its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    days: u32,
    of: u32,
}

impl Left {
    /// What is left of a period.
    pub fn of(period: Period, today: Day) -> Self {
        let of = period.end.days_since(period.start).max(1);
        let days = period.end.days_since(today.max(period.start)).min(of);
        Self { days, of }
    }

    /// The part of a sum that the customer is charged for these days.
    pub fn charged(self, sum: u64) -> u64 {
        sum.saturating_mul(u64::from(self.days)) / u64::from(self.of)
    }

    /// The part of a sum that the customer gets back for these days.
    pub fn given_back(self, sum: u64) -> u64 {
        sum.saturating_mul(u64::from(self.days))
            .div_ceil(u64::from(self.of))
            .min(sum)
    }
}

/// What a period costs, before credit. `rest`: the days of it that are left, when only those are charged: what
/// is less than Toss takes is then given. A whole period is never given: Toss refuses its charge, and that is
/// the merchant's to mend.
pub fn due(price: u64, rest: Option<Left>, minimum: u64) -> u64 {
    match rest.map(|left| left.charged(price)) {
        Some(due) if due < minimum => 0,
        Some(due) => due,
        None => price,
    }
}

/// A price with credit taken off it: what is charged, and how much credit that uses. What would be less
/// than Toss takes is never charged.
pub fn with_credit(price: u64, credit: u64, minimum: u64) -> (u64, u64) {
    if credit >= price {
        return (0, price);
    }
    let amount = (price - credit).max(minimum.min(price));
    (amount, price - amount)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::subscription::calendar::Unit;

    fn terms(price: u64, unit: Unit, count: u32) -> Terms {
        Terms {
            price,
            interval: Interval { unit, count },
        }
    }

    #[test]
    fn a_price_rises_each_time_or_by_the_length_of_time() {
        let month = terms(10_000, Unit::Month, 1);
        assert!(!rises(month, month));
        assert!(rises(month, terms(10_001, Unit::Month, 1)));
        assert!(!rises(month, terms(9_999, Unit::Month, 1)));
        // Less each time, and four times as often.
        assert!(rises(month, terms(5_000, Unit::Week, 1)));
        // More at once, though less a month.
        assert!(rises(month, terms(100_000, Unit::Year, 1)));
        assert!(!rises(
            terms(120_000, Unit::Year, 1),
            terms(10_000, Unit::Month, 1)
        ));
    }

    #[test]
    fn credit_never_leaves_a_sum_that_toss_refuses() {
        assert_eq!(with_credit(10_000, 0, 100), (10_000, 0));
        assert_eq!(with_credit(10_000, 4_000, 100), (6_000, 4_000));
        assert_eq!(with_credit(10_000, 9_950, 100), (100, 9_900));
        assert_eq!(with_credit(10_000, 10_000, 100), (0, 10_000));
        assert_eq!(with_credit(10_000, 25_000, 100), (0, 10_000));
    }

    #[test]
    fn the_rest_of_a_period_may_be_given_and_a_whole_one_never() {
        let start: Day = "2027-01-01".parse().unwrap();
        let period = Period {
            no: 1,
            start,
            end: start.plus_days(30),
        };
        let rest = |days: u32| Some(Left::of(period, start.plus_days(30 - days)));
        assert_eq!(due(3_000, None, 100), 3_000);
        assert_eq!(due(3_000, rest(3), 100), 300);
        assert_eq!(due(900, rest(3), 100), 0);
        assert_eq!(due(90, None, 100), 90);
        assert_eq!(due(0, None, 100), 0);
    }

    proptest! {
        #[test]
        fn shares_are_rounded_for_the_customer(sum in 0..10_000_000_u64, left in 0..=31_u32) {
            let start: Day = "2027-01-01".parse().unwrap();
            let period = Period { no: 1, start, end: start.plus_days(31) };
            let share = Left::of(period, start.plus_days(31 - left));
            let (charged, back) = (share.charged(sum), share.given_back(sum));
            prop_assert!(charged <= back && back <= charged + 1 && back <= sum);
            if left == 31 {
                prop_assert_eq!(charged, sum);
            }
            if left == 0 {
                prop_assert_eq!(back, 0);
            }
        }
    }
}
