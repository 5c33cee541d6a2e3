//! Endings that a value typed into the window's main field orders, so that a test types one field only.

/// What a value orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ordered {
    /// The window fails with this code.
    Fail(&'static str),
    /// As if 취소 had been pressed.
    Cancel,
}

/// The last six digits, what they order, and what the window says of it. They hold for card numbers, phone
/// numbers and certificate numbers alike. The sandbox's own invention.
pub(super) const ENDINGS: [(&str, Ordered, &str); 3] = [
    (
        "000021",
        Ordered::Fail("REJECT_CARD_COMPANY"),
        "결제창이 REJECT_CARD_COMPANY로 끝납니다",
    ),
    (
        "000022",
        Ordered::Fail("PAY_PROCESS_ABORTED"),
        "결제창이 PAY_PROCESS_ABORTED로 끝납니다",
    ),
    ("000023", Ordered::Cancel, "취소를 누른 것과 같습니다"),
];

/// What the value orders; most order nothing.
pub(super) fn of(value: &str) -> Option<Ordered> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    ENDINGS
        .iter()
        .find(|(ending, ..)| digits.ends_with(ending))
        .map(|(_, ordered, _)| *ordered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::card::MAGIC_CARDS;

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
