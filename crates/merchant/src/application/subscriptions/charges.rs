//! The charges of invoices, and what became of their money.

use crate::{
    application::{ports::RecordsError, subscription_records::SubscriptionRecords},
    domain::{
        attempt::{Attempt, AttemptStatus},
        ids::InvoiceId,
        payment::Payment,
        refund::Refund,
        subscription::state::RefundDue,
    },
};

/// The charges of some invoices: read with one query for each kind of row, however many invoices there are.
#[derive(Debug)]
pub struct Charges {
    attempts: Vec<Attempt>,
    payments: Vec<Payment>,
    refunds: Vec<Refund>,
}

/// An attempt to charge an invoice.
#[derive(Debug, Clone, Copy)]
pub struct Charged<'a> {
    /// The attempt.
    pub attempt: &'a Attempt,
    /// The payment that it makes.
    pub payment: Option<&'a Payment>,
    refunds: &'a [Refund],
}

impl Charges {
    /// Reads them.
    ///
    /// # Errors
    /// The records fail.
    pub async fn read(
        records: &dyn SubscriptionRecords,
        invoices: &[InvoiceId],
    ) -> Result<Self, RecordsError> {
        let attempts = records.attempts_of_invoices(invoices).await?;
        let payments: Vec<_> = attempts
            .iter()
            .filter_map(|attempt| attempt.payment_id.clone())
            .collect();
        Ok(Self {
            attempts,
            refunds: records.refunds_of(&payments).await?,
            payments: records.payments_of(&payments).await?,
        })
    }

    /// What goes back of a refund that is due: no more than Toss still holds. It may have gone back in parts.
    pub fn still_held(&self, due: &RefundDue) -> u64 {
        let took = self.of(&due.invoice_id).filter(|it| it.took_money());
        let balances = took.filter_map(|it| it.payment.map(|payment| payment.balance));
        balances.map(|balance| balance.min(due.amount)).sum()
    }

    /// Those of one invoice, oldest first.
    pub fn of<'a>(&'a self, invoice: &'a InvoiceId) -> impl Iterator<Item = Charged<'a>> {
        let pays = move |attempt: &&Attempt| {
            let charge = attempt.charge.as_ref();
            charge.is_some_and(|charge| charge.invoice_id == *invoice)
        };
        self.attempts.iter().filter(pays).map(|attempt| Charged {
            attempt,
            payment: self
                .payments
                .iter()
                .find(|payment| Some(&payment.id) == attempt.payment_id.as_ref()),
            refunds: &self.refunds,
        })
    }
}

impl<'a> Charged<'a> {
    /// Whether it took money.
    pub fn took_money(self) -> bool {
        matches!(
            self.attempt.status,
            AttemptStatus::Succeeded | AttemptStatus::Surplus
        )
    }

    /// What was given back of its payment, or is to be, oldest first.
    pub fn refunds(self) -> impl Iterator<Item = &'a Refund> {
        let payment = self.attempt.payment_id.as_ref();
        let of = move |refund: &&Refund| Some(&refund.payment_id) == payment;
        self.refunds.iter().filter(of)
    }
}
