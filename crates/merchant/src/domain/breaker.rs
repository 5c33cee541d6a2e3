//! When the charges of a shop are stopped: its settings, not its customers, make Toss refuse them.

use toss_checkout_contract::FailureCode;

use super::decline::{DeclineClass, class_of};

/// So many of the last charges are looked at.
pub const LOOKS_AT: u64 = 50;
/// Refused so often because of the settings, they are stopped.
const MOST: usize = 10;
/// Or with this share of them, in percent,
const SHARE: usize = 20;
/// once there were so many.
const ENOUGH: usize = 5;

/// Whether a refusal is about the merchant's settings.
pub fn is_about_settings(code: &FailureCode) -> bool {
    class_of(code) == Some(DeclineClass::Configuration)
}

/// What a refused or paid charge says about the merchant's settings: whether they were at fault. `None`:
/// nothing new, since the charge before it, of the same invoice, was refused for them, too. The customers of
/// such invoices may have a fault of their own, and never stop the others.
pub fn says(code: Option<&FailureCode>, before: Option<&FailureCode>) -> Option<bool> {
    let refused = code.is_some_and(is_about_settings);
    let known = before.is_some_and(is_about_settings);
    (!(refused && known)).then_some(refused)
}

/// Whether charges are to be stopped. `refused`: of each of the last ones, newest first, whether it was
/// refused because of the settings. Nothing is stopped when the newest was not: it is over.
pub fn is_open(refused: &[bool]) -> bool {
    let count = refused.iter().filter(|refused| **refused).count();
    let newest = refused.first() == Some(&true);
    let share = count * 100 >= refused.len() * SHARE;
    newest && (count >= MOST || (refused.len() >= ENOUGH && count >= 3 && share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_refusals_stop_a_small_shop_and_single_ones_no_shop() {
        assert!(!is_open(&[]));
        assert!(!is_open(&[true]));
        assert!(!is_open(&[true, false, false, false, false]));
        assert!(is_open(&[true, true, true, false, false]));
        assert!(!is_open(&[false, true, true, true, true]), "it is over");
        let mut large = vec![false; 50];
        large[..9].fill(true);
        assert!(!is_open(&large));
        large[..10].fill(true);
        assert!(is_open(&large));
    }

    #[test]
    fn what_was_refused_before_says_nothing_new() {
        let [settings, card] =
            ["NOT_MATCHES_CUSTOMER_KEY", "REJECT_CARD_PAYMENT"].map(FailureCode::from);
        assert_eq!(says(Some(&settings), None), Some(true));
        assert_eq!(says(Some(&settings), Some(&card)), Some(true));
        assert_eq!(says(Some(&settings), Some(&settings)), None);
        assert_eq!(says(Some(&card), Some(&settings)), Some(false));
        assert_eq!(says(None, Some(&settings)), Some(false));
    }

    #[test]
    fn only_what_the_merchant_can_mend_counts() {
        assert!(is_about_settings(&"NOT_MATCHES_CUSTOMER_KEY".into()));
        assert!(is_about_settings(&"UNAUTHORIZED_KEY".into()));
        assert!(!is_about_settings(&"REJECT_CARD_PAYMENT".into()));
        assert!(!is_about_settings(&"ADDED_IN_2027".into()));
    }
}
