//! The smallest sums that Toss takes.

use toss_checkout_contract::{Amount, Method, SessionKind};

/// Won that a card payment must have. Source: `BELOW_MINIMUM_AMOUNT`,
/// <https://docs.tosspayments.com/reference/error-codes>.
pub const CARD: u64 = 100;
/// Won that a payment from or to an account must have.
pub const ACCOUNT: u64 = 200;
/// Won that a card payment in instalments must have.
/// Source: `NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT`, there.
pub const INSTALMENTS: u64 = 50_000;

/// The smallest amount for a method. Toss names none for the methods that are not cards or accounts.
pub fn of(method: Method) -> u64 {
    match method {
        Method::Transfer | Method::VirtualAccount => ACCOUNT,
        Method::Card => CARD,
        Method::MobilePhone
        | Method::CultureGiftCertificate
        | Method::BookGiftCertificate
        | Method::GameGiftCertificate => 1,
    }
}

/// An amount with which the buyer could not pay by a method that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{amount} is less than the {} won that Toss takes by {}; raise it, or leave the method out",
    of(*.method),
    method.as_str()
)]
pub struct BelowMinimum {
    /// What was given.
    pub amount: Amount,
    /// The method that does not take it.
    pub method: Method,
}

/// Checks an amount against every method that is offered.
///
/// # Errors
/// Names the first method by which Toss would refuse it.
pub fn check(amount: Amount, methods: &[Method]) -> Result<(), BelowMinimum> {
    match methods.iter().find(|method| amount.value() < of(**method)) {
        Some(&method) => Err(BelowMinimum { amount, method }),
        None => Ok(()),
    }
}

/// What a session offers that names no methods.
pub fn default_methods(kind: SessionKind) -> Vec<Method> {
    match kind {
        SessionKind::Payment => vec![Method::VirtualAccount],
        SessionKind::Billing => vec![Method::Card, Method::Transfer],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_method_decides() {
        let won = |value| Amount::won(value).unwrap();
        assert!(check(won(100), &[Method::Card]).is_ok());
        assert!(check(won(99), &[Method::Card]).is_err());
        assert!(check(won(1), &[Method::MobilePhone]).is_ok());
        assert!(check(won(200), &[Method::VirtualAccount, Method::Card]).is_ok());
        let below = check(won(199), &[Method::Card, Method::Transfer]).unwrap_err();
        assert_eq!(below.method, Method::Transfer);
        assert!(
            below
                .to_string()
                .starts_with("199 KRW is less than the 200 won")
        );
    }
}
