//! Outcomes that nobody knows: how long nothing is concluded, when Toss is asked next, and when the same
//! request may go again.

use std::time::Duration;

use super::{
    attempt::{Attempt, AttemptKind},
    time::Millis,
};

/// Toss may still be at work on a confirm this long after it was sent: "no such payment" and "not
/// confirmed" count only afterwards.
const CONFIRM_SETTLES: Duration = Duration::from_secs(15);
/// The same for a charge, an issue and a cancel. A charge may take a minute.
/// Source: <https://docs.tosspayments.com/guides/v2/billing/integration>.
const CHARGE_SETTLES: Duration = Duration::from_secs(90);
/// Toss keeps an idempotency key for 15 days; a day before that a repetition might be a new request.
/// Source: <https://docs.tosspayments.com/reference/using-api/authorization> (멱등키).
const KEY_KEPT: Duration = Duration::from_hours(14 * 24);
/// The longest distance between two look-ups of an open outcome.
const LONGEST: Duration = Duration::from_hours(1);

/// From when on "not there" says that a request was not carried out.
pub fn settles_after(kind: AttemptKind) -> Duration {
    match kind {
        AttemptKind::Confirm => CONFIRM_SETTLES,
        AttemptKind::Issue | AttemptKind::Charge | AttemptKind::Cancel => CHARGE_SETTLES,
    }
}

/// From when on Toss is certainly not at work on an attempt any more. One that was answered with a fault when
/// it was sent again may still be carried out after that answer.
pub fn settles_at(attempt: &Attempt) -> Millis {
    let sent_at = attempt.sent_at.unwrap_or(attempt.created_at);
    let sent_last = attempt.fault_at.unwrap_or(sent_at).max(sent_at);
    sent_last.plus(settles_after(attempt.kind))
}

/// Whether a request is a repetition whose answer is the last word, and not the first one that took long.
/// `sent_at`: when this one was sent.
pub fn is_long_after(attempt: &Attempt, sent_at: Millis) -> bool {
    sent_at >= settles_at(attempt)
}

/// What "Toss does not have it" means for an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absence {
    /// Nothing yet: it may still be carried out. Ask again then.
    TooEarly(Millis),
    /// It was not carried out, and the same request may go again under the same key.
    Repeat,
    /// It was not carried out as far as anybody can see, but sending it again could make it a second
    /// one: a human decides.
    NeedsAttention(&'static str),
}

/// Reads an absence. `asked_at`: when Toss was asked; `fingerprint`: of the shop's present key.
pub fn absence(attempt: &Attempt, asked_at: Millis, fingerprint: &str) -> Absence {
    let counts_at = settles_at(attempt);
    if asked_at < counts_at {
        return Absence::TooEarly(counts_at);
    }
    match may_repeat(attempt, asked_at, fingerprint) {
        Ok(()) => Absence::Repeat,
        Err(reason) => Absence::NeedsAttention(reason),
    }
}

/// Whether the same request is harmless: Toss's idempotency is bound to the secret key and ends.
///
/// # Errors
/// Why it is not.
pub fn may_repeat(attempt: &Attempt, now: Millis, fingerprint: &str) -> Result<(), &'static str> {
    let sent_at = attempt.sent_at.unwrap_or(attempt.created_at);
    if attempt.key_fingerprint != fingerprint {
        return Err(
            "it was sent with another secret key, so sending it again could carry it out twice",
        );
    }
    if now.since(sent_at) >= KEY_KEPT {
        return Err("Toss does not keep its idempotency key any more");
    }
    Ok(())
}

/// The distance before look-up number `tries` (from 0): doubles from `first` up to an hour.
pub fn distance(tries: u32, first: Duration) -> Duration {
    first
        .checked_mul(2_u32.checked_pow(tries).unwrap_or(u32::MAX))
        .map_or(LONGEST, |time| time.min(LONGEST))
}

/// What a webhook's secret says. Toss's webhooks are not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookProof {
    /// It knows the payment's secret: it is from Toss.
    Proven,
    /// It proves nothing, and nothing speaks against it.
    Hint,
    /// It brings another secret than this payment's: forged, or about another payment of the order.
    OtherSecret,
}

/// Compares a webhook's secret with the payment's, as digests.
pub fn webhook_proof(known: Option<&str>, brought: Option<&str>) -> WebhookProof {
    match (known, brought) {
        (Some(known), Some(brought)) if known == brought => WebhookProof::Proven,
        (Some(_), Some(_)) => WebhookProof::OtherSecret,
        _ => WebhookProof::Hint,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use toss_checkout_contract::{Amount, OrderId};

    use super::*;
    use crate::domain::{
        attempt::AttemptStatus,
        ids::{AttemptId, ShopId},
        work::Work,
    };

    pub(crate) fn attempt(kind: AttemptKind, sent_at: i64) -> Attempt {
        Attempt {
            id: AttemptId::new("charge-1"),
            kind,
            shop_id: ShopId::new("shop_default"),
            session_id: None,
            payment_id: None,
            payment_method_id: None,
            refund_id: None,
            charge: None,
            key_digest: None,
            sealed_key: None,
            idempotency_key: "charge-1".into(),
            key_fingerprint: "f1".into(),
            order_id: Some(OrderId::new("order-1").unwrap()),
            amount: Some(Amount::won(15_000).unwrap()),
            status: AttemptStatus::Unknown,
            failure: None,
            consent: None,
            sent_at: Some(Millis(sent_at)),
            fault_at: None,
            settled_at: None,
            created_at: Millis(sent_at),
            work: Work::default(),
            needs_attention: None,
        }
    }

    #[test]
    fn the_first_request_is_none_that_comes_again_however_late_its_answer_is() {
        let confirm = attempt(AttemptKind::Confirm, 1_000);
        assert!(!is_long_after(&confirm, Millis(1_000)));
        assert!(!is_long_after(&confirm, Millis(15_999)));
        assert!(is_long_after(&confirm, Millis(16_000)));
    }

    #[test]
    fn an_absence_counts_only_long_after_sending() {
        let early = |kind, after| {
            let asked = Millis(1_000).plus(Duration::from_millis(after));
            absence(&attempt(kind, 1_000), asked, "f1")
        };
        let confirm = AttemptKind::Confirm;
        assert_eq!(early(confirm, 14_999), Absence::TooEarly(Millis(16_000)));
        assert_eq!(early(confirm, 15_000), Absence::Repeat);
        for kind in [AttemptKind::Charge, AttemptKind::Cancel, AttemptKind::Issue] {
            assert_eq!(early(kind, 89_999), Absence::TooEarly(Millis(91_000)));
            assert_eq!(early(kind, 90_000), Absence::Repeat);
        }
    }

    /// An operator may have Toss asked at any time. What was asked seconds after the fault counted as the
    /// look long afterwards, and a refund that Toss was still at work on was called refused.
    #[test]
    fn after_a_fault_that_was_named_an_absence_counts_from_then() {
        for kind in [AttemptKind::Charge, AttemptKind::Cancel] {
            let attempt = Attempt {
                fault_at: Some(Millis(100_000)),
                ..attempt(kind, 1_000)
            };
            assert_eq!(
                absence(&attempt, Millis(105_000), "f1"),
                Absence::TooEarly(Millis(190_000))
            );
            assert_eq!(absence(&attempt, Millis(190_000), "f1"), Absence::Repeat);
        }
    }

    #[test]
    fn a_request_goes_again_only_under_the_key_it_was_sent_with_and_while_toss_remembers() {
        let charge = attempt(AttemptKind::Charge, 0);
        let day = |n: u64| Millis(0).plus(Duration::from_hours(n * 24));
        assert!(may_repeat(&charge, day(13), "f1").is_ok());
        assert!(may_repeat(&charge, day(14), "f1").is_err());
        assert!(may_repeat(&charge, day(1), "f2").is_err());
        assert!(matches!(
            absence(&charge, day(1), "f2"),
            Absence::NeedsAttention(_)
        ));
        // Rows of 0.1 have no fingerprint, and so are never sent again.
        let mut migrated = attempt(AttemptKind::Charge, 0);
        migrated.key_fingerprint = String::new();
        assert!(may_repeat(&migrated, day(1), "f1").is_err());
    }

    #[test]
    fn distances_double_up_to_an_hour() {
        let wait = |n| distance(n, Duration::from_secs(2)).as_secs();
        assert_eq!([wait(0), wait(1), wait(4), wait(11)], [2, 4, 32, 3600]);
        assert_eq!(wait(500), 3600);
    }

    #[test]
    fn only_the_payments_own_secret_proves_a_webhook() {
        assert_eq!(webhook_proof(Some("a"), Some("a")), WebhookProof::Proven);
        assert_eq!(
            webhook_proof(Some("a"), Some("b")),
            WebhookProof::OtherSecret
        );
        assert_eq!(webhook_proof(Some("a"), None), WebhookProof::Hint);
        assert_eq!(webhook_proof(None, Some("b")), WebhookProof::Hint);
    }
}
