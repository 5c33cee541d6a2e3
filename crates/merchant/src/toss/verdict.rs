//! What a failed call means for money, and how long to wait. Pure.

use std::time::Duration;

use toss_checkout_contract::FailureCode;

use super::{CallError, Refusal};

/// What follows from a call that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Toss said no. Nothing was taken and nothing registered.
    Refused(Refusal),
    /// A server error with a code that Toss documents as a failure. Where a lookup is possible it is
    /// asked once more before it is believed.
    Fault(Refusal),
    /// The same order was carried out before: look at what came of it.
    Before(Refusal),
    /// Certainly not carried out, so the same request may be sent again now.
    NotSent,
    /// Carried out or not: nobody knows yet.
    Unknown,
}

/// Reads the outcome out of a failed POST.
pub(crate) fn judge(error: CallError) -> Verdict {
    let refusal = match error {
        CallError::NotSent(_) => return Verdict::NotSent,
        CallError::Lost(_) => return Verdict::Unknown,
        CallError::Refused(refusal) => refusal,
    };
    match &refusal.code {
        // The first request with this key is still at work, or Toss had no time for it. Neither is
        // an outcome; the same request is sent again later.
        // Source: <https://docs.tosspayments.com/reference/using-api/authorization> (멱등키).
        FailureCode::IdempotentRequestProcessing | FailureCode::ForbiddenConsecutiveRequest => {
            Verdict::Unknown
        }
        FailureCode::AlreadyProcessedPayment
        | FailureCode::AlreadyCompletedPayment
        | FailureCode::DuplicatedOrderId => Verdict::Before(refusal),
        _ if refusal.status == 429 || refusal.status == 409 => Verdict::Unknown,
        FailureCode::Other(_) if refusal.status >= 500 => Verdict::Unknown,
        _ if refusal.status >= 500 => Verdict::Fault(refusal),
        _ => Verdict::Refused(refusal),
    }
}

/// The pause before try number `try_no` (from 0): doubles from `first` up to `most`.
pub(crate) fn pause(try_no: u32, first: Duration, most: Duration) -> Duration {
    first
        .checked_mul(2_u32.checked_pow(try_no).unwrap_or(u32::MAX))
        .map_or(most, |time| time.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(status: u16, code: &str) -> CallError {
        CallError::Refused(Refusal {
            status,
            code: FailureCode::from(code),
            message: String::new(),
        })
    }

    #[test]
    fn only_what_certainly_failed_is_called_a_refusal() {
        for (status, code) in [
            (400, "INVALID_REJECT_CARD"),
            (400, "PROVIDER_ERROR"),
            (403, "REJECT_CARD_PAYMENT"),
            (404, "NOT_FOUND_PAYMENT_SESSION"),
            (401, "UNAUTHORIZED_KEY"),
            (400, "A_CODE_ADDED_LATER"),
        ] {
            let verdict = judge(refused(status, code));
            assert!(matches!(verdict, Verdict::Refused(_)), "{status} {code}");
        }
        for (status, code) in [
            (500, "A_CODE_ADDED_LATER"),
            (503, ""),
            (409, "IDEMPOTENT_REQUEST_PROCESSING"),
            (429, "TOO_MANY"),
            (403, "FORBIDDEN_CONSECUTIVE_REQUEST"),
        ] {
            assert_eq!(judge(refused(status, code)), Verdict::Unknown, "{code}");
        }
        assert!(matches!(
            judge(refused(500, "FAILED_INTERNAL_SYSTEM_PROCESSING")),
            Verdict::Fault(_)
        ));
        assert!(matches!(
            judge(refused(400, "ALREADY_PROCESSED_PAYMENT")),
            Verdict::Before(_)
        ));
        assert_eq!(judge(CallError::Lost("timeout".into())), Verdict::Unknown);
        assert_eq!(
            judge(CallError::NotSent("refused".into())),
            Verdict::NotSent
        );
    }

    #[test]
    fn pauses_double_up_to_a_limit() {
        let pause = |n| pause(n, Duration::from_secs(2), Duration::from_mins(1)).as_secs();
        assert_eq!([pause(0), pause(1), pause(4), pause(5)], [2, 4, 32, 60]);
        assert_eq!(pause(500), 60);
    }
}
