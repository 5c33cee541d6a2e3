//! Payments that are paid: when Toss is asked about one unasked, should the webhook of a cancel or of a
//! reversed deposit be lost. Dense at first, since that is when most of it happens, and for a year, since
//! cards can be cancelled that long.

use std::time::Duration;

use super::time::Millis;

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

/// Seconds since the payment at which it is looked at. A reversed deposit usually shows within minutes.
const LOOKS: [u64; 10] = [
    HOUR / 4,
    6 * HOUR,
    DAY,
    3 * DAY,
    7 * DAY,
    14 * DAY,
    30 * DAY,
    90 * DAY,
    180 * DAY,
    365 * DAY,
];

/// When a payment of then is looked at next; `None`: never again. `spread`, from 0 to 999, keeps payments
/// of one moment apart.
pub fn next_look(paid_at: Millis, now: Millis, spread: u32) -> Option<Millis> {
    LOOKS
        .iter()
        .map(|&seconds| {
            let after = Duration::from_secs(seconds);
            paid_at.plus(after + after / 10 * spread.min(999) / 1000)
        })
        .find(|look| *look > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_grow_apart_and_end_after_a_year() {
        for spread in [0, 500, 999] {
            let mut now = Millis(0);
            let mut looks = 0;
            while let Some(next) = next_look(Millis(0), now, spread) {
                assert!(next > now);
                now = next;
                looks += 1;
            }
            assert_eq!(looks, 10);
            assert!(now.since(Millis(0)) >= Duration::from_hours(365 * 24));
        }
    }
}
