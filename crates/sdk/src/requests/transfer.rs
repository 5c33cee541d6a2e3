//! `requestPayment({ method: "TRANSFER" })`.

use toss_checkout_contract::{Amount, CashReceiptType};

use super::{
    option::{Flag, Many, Won, options},
    parts::{Deadline, EscrowProduct, Receipt, deadline},
    payment::{Block, PaymentMethod, PromiseMethod, Sealed},
};

options! {
    /// 퀵계좌이체: the buyer pays from a bank account.
    /// Source: <https://docs.tosspayments.com/sdk/v2/js>.
    pub struct Transfer<'a> {
        /// The part of the amount that is exempt from tax, such as a cup deposit, in won.
        tax_exemption_amount: u64, Won => "taxExemptionAmount",
        /// What the cash receipt is for; [`CashReceiptType::None`] for none.
        cash_receipt: CashReceiptType, Receipt => "cashReceipt",
        /// Whether the buyer must accept escrow; unset, the buyer chooses.
        use_escrow: bool, Flag => "useEscrow",
        /// Whether it counts as cultural expenses, such as books and tickets.
        cultural_expenses: bool, Flag => "isCulturalExpenses",
    }
    lists {
        /// What is held in escrow.
        escrow_products: &'a [EscrowProduct<'a>], Many => "escrowProducts",
    }
}

impl<'a> Transfer<'a> {
    /// Until when the buyer can pay.
    #[must_use]
    pub fn deadline(mut self, until: impl Into<Option<Deadline<'a>>>) -> Self {
        deadline(&mut self.0, until.into());
        self
    }
}

impl Sealed for Transfer<'_> {}

impl<'a> PaymentMethod<'a> for Transfer<'a> {
    type Amount = Amount;

    fn block(self) -> Block<'a> {
        Block {
            method: "TRANSFER",
            name: "transfer",
            options: self.0,
        }
    }
}

impl<'a> PromiseMethod<'a> for Transfer<'a> {}
