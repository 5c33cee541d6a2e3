//! The smallest sums that Toss takes.

use toss_checkout_contract::{Amount, Currency, Method, SessionKind};

/// Won that a card payment must have. Source: `BELOW_MINIMUM_AMOUNT`,
/// <https://docs.tosspayments.com/reference/error-codes>.
pub const CARD: u64 = 100;
/// Won that a payment from or to an account must have.
pub const ACCOUNT: u64 = 200;
/// Won that a card payment in instalments must have.
/// Source: `NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT`, there.
pub const INSTALMENTS: u64 = 50_000;

/// The smallest amount for a method, in the smallest unit of its currency. Toss names none for the methods
/// that are not cards or accounts.
pub fn of(method: Method) -> u64 {
    match method {
        Method::Transfer | Method::VirtualAccount => ACCOUNT,
        Method::Card => CARD,
        Method::MobilePhone
        | Method::CultureGiftCertificate
        | Method::BookGiftCertificate
        | Method::GameGiftCertificate
        | Method::ForeignEasyPay => 1,
    }
}

/// An amount with which the buyer could not pay by a method that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unpayable {
    /// Toss would refuse it as too small.
    #[error(
        "{amount} is less than the {} won that Toss takes by {}; raise it, or leave the method out",
        of(*.method),
        method.as_str()
    )]
    BelowMinimum {
        /// What was given.
        amount: Amount,
        /// The method that does not take it.
        method: Method,
    },
    /// The method is paid in another currency.
    #[error(
        "{amount} cannot be paid by {}, which takes {}; leave the method out, or give the amount in {1}",
        method.as_str(),
        method.currency().as_str()
    )]
    Currency {
        /// What was given.
        amount: Amount,
        /// The method that does not take it.
        method: Method,
    },
}

/// Checks an amount against every method that is offered.
///
/// # Errors
/// Names the first method by which Toss would refuse it.
pub fn check(amount: Amount, methods: &[Method]) -> Result<(), Unpayable> {
    for &method in methods {
        if amount.currency() != method.currency() {
            return Err(Unpayable::Currency { amount, method });
        }
        if amount.value() < of(method) {
            return Err(Unpayable::BelowMinimum { amount, method });
        }
    }
    Ok(())
}

/// What a session offers that names no methods.
pub fn default_methods(kind: SessionKind, amount: Option<Amount>) -> Vec<Method> {
    match kind {
        SessionKind::Payment if amount.is_some_and(|it| it.currency() == Currency::Usd) => {
            vec![Method::ForeignEasyPay]
        }
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
        let method = Method::Transfer;
        let amount = won(199);
        assert_eq!(below, Unpayable::BelowMinimum { amount, method });
        assert!(
            below
                .to_string()
                .starts_with("199 KRW is less than the 200 won")
        );
    }

    #[test]
    fn a_method_takes_its_own_currency_only() {
        let dollars = Amount::new(1_250, Currency::Usd).unwrap();
        assert!(check(dollars, &[Method::ForeignEasyPay]).is_ok());
        let refused = check(dollars, &[Method::ForeignEasyPay, Method::Card]).unwrap_err();
        let said = refused.to_string();
        assert!(
            said.starts_with("12.50 USD cannot be paid by CARD, which takes KRW"),
            "{said}"
        );
        let won = Amount::won(15_000).unwrap();
        assert!(check(won, &[Method::ForeignEasyPay]).is_err());
    }
}
