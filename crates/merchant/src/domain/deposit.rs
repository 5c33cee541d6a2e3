//! Virtual accounts: when Toss is asked about one unasked, and when one is over.
//!
//! Toss sends no webhook when an account closes, and reports a deposit only when the bank has: a deposit
//! of the last minute may be known minutes or hours later. So the account is over by Toss's own word, or
//! well after the due time by our clock; and even then it is looked at daily for a while, since money
//! that arrives late is money.
//! Source: <https://docs.tosspayments.com/reference/using-api/webhook-events>.

use std::time::Duration;

use super::time::Millis;

/// How long after its due time an account is still looked at.
const LATE_DEPOSITS: Duration = Duration::from_hours(14 * 24);
/// How often it is looked at once it is over.
const DAILY: Duration = Duration::from_hours(24);
/// After the due time, banks report what they took before it.
const JUST_AFTER: Duration = Duration::from_mins(1);

/// How virtual accounts are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DepositRules {
    /// Between two looks while a deposit is awaited.
    pub interval: Duration,
    /// How long after the due time the account counts as open, unless Toss says that it is closed.
    pub grace: Duration,
}

/// Whether an account without a deposit is over.
pub fn is_over(rules: DepositRules, due: Option<Millis>, closed: bool, now: Millis) -> bool {
    closed || due.is_some_and(|due| now >= due.plus(rules.grace))
}

/// When Toss is asked next about an account without a deposit; `None`: never again. `spread`, from 0 to
/// 999, keeps accounts that were issued together from being due together.
pub fn next_look(
    rules: DepositRules,
    due: Option<Millis>,
    closed: bool,
    now: Millis,
    spread: u32,
) -> Option<Millis> {
    let interval = spread_over(rules.interval, spread);
    let Some(due) = due else {
        return Some(now.plus(interval));
    };
    if is_over(rules, Some(due), closed, now) {
        let next = now.plus(spread_over(DAILY, spread));
        return (next <= due.plus(LATE_DEPOSITS)).then_some(next);
    }
    // The two looks that matter, if they lie ahead: just after the due time and when the grace ends.
    let just_after = due.plus(JUST_AFTER.min(rules.grace));
    let landmark = if now < just_after {
        just_after
    } else {
        due.plus(rules.grace)
    };
    Some(now.plus(interval).min(landmark))
}

/// Up to a tenth later.
fn spread_over(time: Duration, spread: u32) -> Duration {
    time + time / 10 * spread.min(999) / 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: DepositRules = DepositRules {
        interval: Duration::from_hours(1),
        grace: Duration::from_hours(2),
    };

    fn at(hours: i64, minutes: i64) -> Millis {
        Millis((hours * 60 + minutes) * 60_000)
    }

    #[test]
    fn an_account_is_over_by_tosss_word_or_long_after_our_clocks() {
        let due = Some(at(10, 0));
        assert!(!is_over(RULES, due, false, at(10, 0)));
        assert!(!is_over(RULES, due, false, at(11, 59)));
        assert!(is_over(RULES, due, false, at(12, 0)));
        assert!(is_over(RULES, due, true, at(9, 0)));
    }

    #[test]
    fn looks_never_skip_the_due_time_or_the_end_of_the_grace_and_end_after_two_weeks() {
        let due = Some(at(10, 30));
        let next = |now| next_look(RULES, due, false, now, 0);
        assert_eq!(next(at(1, 0)), Some(at(2, 0)));
        assert_eq!(next(at(10, 0)), Some(at(10, 31)));
        assert_eq!(next(at(10, 31)), Some(at(11, 31)));
        assert_eq!(next(at(11, 40)), Some(at(12, 30)));
        assert_eq!(next(at(12, 30)), Some(at(36, 30)));
        assert_eq!(next(at(10 + 14 * 24, 30)), None);
        assert_eq!(
            next_look(RULES, due, true, at(9, 0), 0),
            Some(at(33, 0)),
            "closed by Toss's word: daily"
        );
    }

    #[test]
    fn every_look_lies_ahead_and_the_looks_come_to_an_end() {
        for due_minutes in [1_i64, 59, 61, 4_320] {
            for spread in [0, 1, 500, 999] {
                let due = Some(at(0, due_minutes));
                let mut now = at(0, 0);
                let mut looks = 0;
                while let Some(next) = next_look(RULES, due, false, now, spread) {
                    assert!(next > now);
                    now = next;
                    looks += 1;
                    assert!(looks < 200, "endless");
                }
                assert!(now.since(at(0, due_minutes)) >= Duration::from_hours(12 * 24));
            }
        }
    }
}
