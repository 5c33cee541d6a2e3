//! What to do with a one-time key that a page brought. Each key reaches Toss once, whatever the buyer
//! does. Pure.

use std::time::Duration;

use toss_checkout_contract::SessionStatus;

use super::attempt::{Attempt, AttemptKind, AttemptStatus};

/// What to do with a one-time key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It was tried before: say what came of it.
    Answer(usize),
    /// It is the key of what was done, by whomever: say how the session stands.
    Known,
    /// An attempt is under way: wait for it.
    Wait,
    /// Nobody knows what came of an earlier attempt, so no other may begin.
    Unknown,
    /// Begin.
    Start,
    /// The session is finished, with another key.
    Finished,
    /// Too late.
    Expired,
}

/// A one-time key and what is known around it.
#[derive(Debug)]
pub struct KeyArrival<'a> {
    /// Where the session stands.
    pub status: SessionStatus,
    /// Its attempts, oldest first.
    pub attempts: &'a [Attempt],
    /// What the key is for.
    pub kind: AttemptKind,
    /// Digest of the key.
    pub key_digest: &'a str,
    /// Digest of the key of the payment that Toss tells of.
    pub known_digest: Option<&'a str>,
    /// How long the session has been over.
    pub past_end: Option<Duration>,
    /// How long after its end a key is still tried: the buyer may have been in the window.
    pub late_key: Duration,
}

/// Decides what to do with a one-time key.
pub fn admit(arrival: &KeyArrival<'_>) -> Admission {
    let KeyArrival {
        status,
        attempts,
        kind,
        ..
    } = *arrival;
    let of_kind = || attempts.iter().enumerate().filter(|(_, a)| a.kind == kind);
    if status.is_finished() && arrival.known_digest == Some(arrival.key_digest) {
        return Admission::Known;
    }
    let same = of_kind().find(|(_, a)| a.key_digest.as_deref() == Some(arrival.key_digest));
    if let Some((index, attempt)) = same {
        return match attempt.status {
            AttemptStatus::Intended | AttemptStatus::Sent => Admission::Wait,
            AttemptStatus::Unknown => Admission::Unknown,
            // A later key, or Toss's own word, has finished the session since.
            AttemptStatus::Declined if status.is_finished() => Admission::Finished,
            AttemptStatus::Succeeded | AttemptStatus::Declined | AttemptStatus::Surplus => {
                Admission::Answer(index)
            }
        };
    }
    if status.is_finished() || of_kind().any(|(_, a)| a.status == AttemptStatus::Succeeded) {
        return Admission::Finished;
    }
    if let Some((_, other)) = of_kind().find(|(_, a)| a.is_open()) {
        return match other.status {
            AttemptStatus::Unknown => Admission::Unknown,
            _ => Admission::Wait,
        };
    }
    match arrival.past_end {
        Some(past) if past > arrival.late_key => Admission::Expired,
        _ => Admission::Start,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::lookup::tests::attempt;

    fn with(status: AttemptStatus, digest: &str) -> Attempt {
        let mut attempt = attempt(AttemptKind::Confirm, 0);
        attempt.status = status;
        attempt.key_digest = Some(digest.to_owned());
        attempt
    }

    fn admission_of(status: SessionStatus, attempts: &[Attempt], past: Option<u64>) -> Admission {
        admit(&KeyArrival {
            status,
            attempts,
            kind: AttemptKind::Confirm,
            key_digest: "a",
            known_digest: None,
            past_end: past.map(Duration::from_mins),
            late_key: Duration::from_mins(10),
        })
    }

    #[test]
    fn a_key_begins_once_and_then_answers() {
        use AttemptStatus as A;
        use SessionStatus as S;
        assert_eq!(admission_of(S::Open, &[], None), Admission::Start);
        for (status, of, admission) in [
            (S::Confirming, A::Sent, Admission::Wait),
            (S::Confirming, A::Intended, Admission::Wait),
            (S::Unknown, A::Unknown, Admission::Unknown),
            (S::Failed, A::Declined, Admission::Answer(0)),
            (S::Paid, A::Succeeded, Admission::Answer(0)),
            (S::Paid, A::Surplus, Admission::Answer(0)),
            (S::Paid, A::Declined, Admission::Finished),
        ] {
            assert_eq!(
                admission_of(status, &[with(of, "a")], None),
                admission,
                "{of}"
            );
        }
    }

    #[test]
    fn another_key_waits_for_the_first_and_begins_only_after_a_refusal() {
        use AttemptStatus as A;
        use SessionStatus as S;
        for (status, of, admission) in [
            (S::Confirming, A::Sent, Admission::Wait),
            (S::Unknown, A::Unknown, Admission::Unknown),
            (S::Failed, A::Declined, Admission::Start),
            (S::WaitingForDeposit, A::Succeeded, Admission::Finished),
            (S::Expired, A::Succeeded, Admission::Finished),
        ] {
            assert_eq!(
                admission_of(status, &[with(of, "b")], None),
                admission,
                "{of}"
            );
        }
    }

    #[test]
    fn a_key_that_was_confirmed_elsewhere_is_known() {
        let admission = admit(&KeyArrival {
            status: SessionStatus::Paid,
            attempts: &[],
            kind: AttemptKind::Confirm,
            key_digest: "a",
            known_digest: Some("a"),
            past_end: None,
            late_key: Duration::ZERO,
        });
        assert_eq!(admission, Admission::Known);
    }

    #[test]
    fn a_key_that_comes_late_is_tried_for_a_while() {
        assert_eq!(
            admission_of(SessionStatus::Expired, &[], Some(10)),
            Admission::Start
        );
        assert_eq!(
            admission_of(SessionStatus::Expired, &[], Some(11)),
            Admission::Expired
        );
    }
}
