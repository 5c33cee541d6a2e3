//! How a test card or account takes being charged.

use crate::errors::ErrorCode;

/// What happens when something registered is charged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnCharge {
    /// The money is taken.
    Approve,
    /// Always refused.
    Refuse(ErrorCode),
    /// The first charge goes through, later ones are refused.
    OnlyFirst(ErrorCode),
    /// The first charge is refused, later ones go through.
    AllButFirst(ErrorCode),
}

impl OnCharge {
    /// The outcome of the charge number `earlier + 1`.
    ///
    /// # Errors
    /// The refusal.
    pub fn verdict(self, earlier: u32) -> Result<(), ErrorCode> {
        match self {
            Self::Refuse(row) => Err(row),
            Self::OnlyFirst(row) if earlier > 0 => Err(row),
            Self::AllButFirst(row) if earlier == 0 => Err(row),
            Self::Approve | Self::OnlyFirst(_) | Self::AllButFirst(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_may_depend_on_how_many_charges_came_before() {
        let refuse = ErrorCode::RejectCardPayment;
        assert_eq!(OnCharge::OnlyFirst(refuse).verdict(0), Ok(()));
        assert_eq!(OnCharge::OnlyFirst(refuse).verdict(1), Err(refuse));
        assert_eq!(OnCharge::AllButFirst(refuse).verdict(0), Err(refuse));
        assert_eq!(OnCharge::AllButFirst(refuse).verdict(1), Ok(()));
        assert_eq!(OnCharge::Refuse(refuse).verdict(9), Err(refuse));
    }
}
