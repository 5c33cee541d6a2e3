//! How an amount splits into supply and tax.

/// The tax of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tax {
    /// `vat`: an eleventh of what is taxed, rounded.
    pub vat: u64,
    /// `suppliedAmount`: what is taxed without its tax.
    pub supplied: u64,
}

impl Tax {
    /// Splits `amount`, of which `untaxed` (`taxFreeAmount` and `taxExemptionAmount`) bears no tax.
    /// Source: <https://docs.tosspayments.com/reference>.
    pub fn of(amount: u64, untaxed: u64) -> Self {
        let taxed = amount.saturating_sub(untaxed);
        // Half of eleven is 5.5, so adding 5 rounds to the nearest.
        let vat = taxed.saturating_add(5) / 11;
        Self {
            vat,
            supplied: taxed - vat,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_examples_come_out() {
        for (amount, supplied, vat) in [(4_900, 4_455, 445), (30_000, 27_273, 2_727)] {
            assert_eq!(Tax::of(amount, 0), Tax { vat, supplied });
        }
    }

    #[test]
    fn parts_always_add_up() {
        for amount in 0..5_000_u64 {
            for untaxed in [0, 1, 7, amount / 2, amount, amount + 1] {
                let tax = Tax::of(amount, untaxed);
                assert_eq!(
                    tax.vat + tax.supplied,
                    amount.saturating_sub(untaxed),
                    "{amount}"
                );
            }
        }
        assert_eq!(Tax::of(u64::MAX, 0).vat, u64::MAX / 11);
    }
}
