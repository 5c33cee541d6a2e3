//! Endings that a value typed into the window's main field orders, so that a test types one field only.

use toss_model::ErrorCode;

/// What a value orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ordered {
    /// The window fails with this code.
    Fail(&'static str),
    /// As if 취소 had been pressed.
    Cancel,
    /// The window ends well, and the merchant's confirm is declined with this.
    Decline(ErrorCode),
}

/// Six digits at the end of a value.
pub(super) struct Magic {
    pub(super) ending: &'static str,
    pub(super) ordered: Ordered,
    /// What the window says of it.
    pub(super) what: &'static str,
}

const fn magic(ending: &'static str, ordered: Ordered, what: &'static str) -> Magic {
    Magic {
        ending,
        ordered,
        what,
    }
}

/// How a window ends by a value: card numbers, phone numbers and certificate numbers alike. The sandbox's own
/// invention.
pub(super) const ENDINGS: [Magic; 3] = [
    magic(
        "000021",
        Ordered::Fail("REJECT_CARD_COMPANY"),
        "결제창이 REJECT_CARD_COMPANY로 끝납니다",
    ),
    magic(
        "000022",
        Ordered::Fail("PAY_PROCESS_ABORTED"),
        "결제창이 PAY_PROCESS_ABORTED로 끝납니다",
    ),
    magic("000023", Ordered::Cancel, "취소를 누른 것과 같습니다"),
];

/// How confirm ends by a value, for payments.
pub(super) const DECLINES: [Magic; 3] = [
    magic(
        "000031",
        Ordered::Decline(ErrorCode::ExceedMaxAmount),
        "결제 승인이 EXCEED_MAX_AMOUNT",
    ),
    magic(
        "000032",
        Ordered::Decline(ErrorCode::ProviderError),
        "결제 승인이 PROVIDER_ERROR (일시적인 오류)",
    ),
    magic(
        "000033",
        Ordered::Decline(ErrorCode::FailedPaymentInternalSystemProcessing),
        "결제 승인이 FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING (500)",
    ),
];

/// What the value orders; most order nothing.
pub(super) fn of(value: &str) -> Option<Ordered> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    ENDINGS
        .iter()
        .chain(&DECLINES)
        .find(|magic| digits.ends_with(magic.ending))
        .map(|magic| magic.ordered)
}

/// The decline that the value orders for the merchant's confirm.
pub(super) fn decline(value: &str) -> Option<ErrorCode> {
    match of(value)? {
        Ordered::Decline(row) => Some(row),
        Ordered::Fail(_) | Ordered::Cancel => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use toss_model::card::MAGIC_CARDS;

    #[test]
    fn the_last_digits_decide_however_they_are_written() {
        let rejected = Some(Ordered::Fail("REJECT_CARD_COMPANY"));
        assert_eq!(of("9410 0000 0000 0021"), rejected);
        assert_eq!(of("010-0000-0021"), rejected);
        assert_eq!(of("010-1234-0021"), None);
        assert_eq!(of("9410-0000-0000-0023"), Some(Ordered::Cancel));
        assert_eq!(of(""), None);
    }

    #[test]
    fn no_card_with_an_outcome_of_its_own_ends_the_window() {
        assert!(MAGIC_CARDS.iter().all(|card| of(card.number).is_none()));
    }
}
