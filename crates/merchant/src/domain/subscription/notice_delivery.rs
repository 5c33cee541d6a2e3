//! That a customer has got a notice: what the merchant's server says of it, as evidence.

use std::time::Duration;

use toss_checkout_contract::CustomerKey;

use super::notice::Notice;
use crate::domain::{ids::NoticeId, time::Millis};

/// So far two servers' clocks may lie apart.
const SKEW: Duration = Duration::from_mins(1);
/// Names of channels are short.
const MAX_CHANNEL: usize = 100;

/// When and by what a notice has reached its customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// When.
    pub delivered_at: Millis,
    /// By what: `alimtalk`, `sms`, `email`, …
    pub channel: String,
}

impl Report {
    /// Whether it can be true of a notice.
    ///
    /// # Errors
    /// Says what cannot.
    pub fn check(&self, notice: &Notice, now: Millis) -> Result<(), String> {
        let length = self.channel.trim().chars().count();
        if !(1..=MAX_CHANNEL).contains(&length) {
            return Err(format!(
                "channel has {length} characters; 1 to {MAX_CHANNEL} are needed"
            ));
        }
        if self.delivered_at > now.plus(SKEW) {
            return Err(format!(
                "deliveredAt lies ahead: it is {} now",
                now.kst().as_str()
            ));
        }
        if self.delivered_at.plus(SKEW) < notice.due_at {
            return Err(format!(
                "deliveredAt lies before the notice, which came due at {}",
                notice.due_at.kst().as_str()
            ));
        }
        Ok(())
    }
}

/// A report as it was written down: a link of the customer's chain of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeDelivery {
    /// The notice; each has at most one.
    pub notice_id: NoticeId,
    /// Who got it.
    pub customer_key: CustomerKey,
    /// What the merchant's server said.
    pub report: Report,
    /// When it said so.
    pub reported_at: Millis,
    /// The hash of the customer's delivery before this one.
    pub prev_hash: String,
    /// The hash over it, its notice and `prev_hash`.
    pub hash: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::subscription::notice::tests::notice;

    #[test]
    fn nothing_is_delivered_in_the_future_or_before_it_was_due() {
        let notice = notice(1);
        let due = notice.due_at;
        let report = |delivered_at, channel: &str| Report {
            delivered_at,
            channel: channel.to_owned(),
        };
        let now = due.plus(Duration::from_hours(1));
        let minutes = |n| Duration::from_mins(n);
        assert_eq!(report(due, "alimtalk").check(&notice, now), Ok(()));
        // Clocks of two servers differ a little.
        assert_eq!(
            report(now.plus(minutes(1)), "sms").check(&notice, now),
            Ok(())
        );
        assert_eq!(
            report(due.minus(minutes(1)), "sms").check(&notice, now),
            Ok(())
        );
        let refused = |delivered_at, channel, why: &str| {
            let problem = report(delivered_at, channel)
                .check(&notice, now)
                .unwrap_err();
            assert!(problem.contains(why), "{problem}");
        };
        refused(now.plus(minutes(2)), "sms", "lies ahead");
        refused(due.minus(minutes(2)), "sms", "came due at");
        refused(due, "  ", "channel has 0");
        refused(due, &"a".repeat(101), "channel has 101");
    }
}
