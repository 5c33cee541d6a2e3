//! `requestPayment({ method: "VIRTUAL_ACCOUNT" })`.

use toss_checkout_contract::{Amount, CashReceiptType};

use super::{
    option::{Flag, Many, Won, options},
    parts::{Deadline, EscrowProduct, Receipt, deadline},
    payment::{Block, PaymentMethod, PromiseMethod, Sealed},
};

options! {
    /// 가상계좌: the buyer gets an account number and pays by a transfer of their own.
    /// Source: <https://docs.tosspayments.com/guides/v2/payment-window/integration-virtual-account>.
    pub struct VirtualAccount<'a> {
        /// The part of the amount that is exempt from tax, such as a cup deposit, in won.
        tax_exemption_amount: u64, Won => "taxExemptionAmount",
        /// What the window preselects for the cash receipt.
        cash_receipt: CashReceiptType, Receipt => "cashReceipt",
        /// Whether the money is held in escrow.
        use_escrow: bool, Flag => "useEscrow",
        /// Whether it counts as cultural expenses, such as books and tickets.
        cultural_expenses: bool, Flag => "isCulturalExpenses",
        /// Whether the window asks for the buyer's phone number.
        show_customer_mobile_phone: bool, Flag => "showCustomerMobilePhone",
    }
    lists {
        /// What is held in escrow.
        escrow_products: &'a [EscrowProduct<'a>], Many => "escrowProducts",
    }
}

impl<'a> VirtualAccount<'a> {
    /// Until when the money may come; by default seven days.
    #[must_use]
    pub fn deadline(mut self, until: impl Into<Option<Deadline<'a>>>) -> Self {
        deadline(&mut self.0, until.into());
        self
    }
}

impl Sealed for VirtualAccount<'_> {}

impl<'a> PaymentMethod<'a> for VirtualAccount<'a> {
    type Amount = Amount;

    fn block(self) -> Block<'a> {
        Block {
            method: "VIRTUAL_ACCOUNT",
            name: "virtualAccount",
            options: self.0,
        }
    }
}

impl<'a> PromiseMethod<'a> for VirtualAccount<'a> {}
