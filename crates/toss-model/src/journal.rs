//! What the state machine has to tell: events for webhooks, transactions for the books.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::{
    cancel::{Cancel, CancelStatus},
    means::Means,
    payment::{Payment, Status},
    shop::Shop,
};

/// Something that a merchant may be told by webhook.
/// Source: <https://docs.tosspayments.com/reference/using-api/webhook-events>.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A payment has another status.
    Payment {
        /// As it then was.
        payment: Box<Payment>,
        /// When.
        at: OffsetDateTime,
    },
    /// A billing key is gone.
    BillingDeleted {
        /// Whose.
        shop: Shop,
        /// Which.
        billing_key: String,
        /// `삭제 API 요청`, or nothing when the buyer left 퀵계좌이체.
        reason: Option<&'static str>,
        /// When.
        at: OffsetDateTime,
    },
    /// A cancel that takes its time has come to its end.
    Cancel {
        /// The payment, as it then was.
        payment: Box<Payment>,
        /// The cancel, as it now is.
        cancel: Cancel,
        /// When.
        at: OffsetDateTime,
    },
}

/// What DEPOSIT_CALLBACK says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// When it happened.
    pub created_at: OffsetDateTime,
    /// The payment's secret.
    pub secret: String,
    /// The new status.
    pub status: &'static str,
    /// The transaction behind it.
    pub transaction_key: String,
    /// The merchant's order number.
    pub order_id: String,
}

impl Event {
    pub(crate) fn payment(payment: &Payment, at: OffsetDateTime) -> Self {
        Self::Payment {
            payment: Box::new(payment.clone()),
            at,
        }
    }

    /// When it came about.
    pub fn at(&self) -> OffsetDateTime {
        match self {
            Self::Payment { at, .. }
            | Self::BillingDeleted { at, .. }
            | Self::Cancel { at, .. } => *at,
        }
    }

    /// Whom it concerns.
    pub fn shop(&self) -> Shop {
        match self {
            Self::Payment { payment, .. } | Self::Cancel { payment, .. } => payment.shop,
            Self::BillingDeleted { shop, .. } => *shop,
        }
    }

    /// What DEPOSIT_CALLBACK says about it; only issued virtual accounts are told so.
    pub fn deposit_callback(&self) -> Option<Callback> {
        let Self::Payment { payment, at } = self else {
            return None;
        };
        payment.account()?;
        Some(Callback {
            created_at: *at,
            secret: payment.secret.clone()?,
            status: payment.status.as_str(),
            transaction_key: payment.last_transaction.clone()?,
            order_id: payment.order_id.as_str().to_owned(),
        })
    }
}

/// One approval or cancel: what `GET /v1/transactions` lists.
/// Source: <https://docs.tosspayments.com/guides/apis/transactions>.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// Whose.
    pub shop: Shop,
    /// Its own name.
    pub key: String,
    /// The payment's name.
    pub payment_key: String,
    /// The status that it led to.
    pub status: Status,
    /// What moved, in the smallest unit of the payment's currency.
    pub amount: u64,
    /// When.
    pub at: OffsetDateTime,
}

/// Events until they are sent, transactions for good.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    pub(crate) events: Vec<Event>,
    pub(crate) transactions: Vec<Transaction>,
}

impl Journal {
    /// A payment that made a transaction of this amount and has another status now.
    pub(crate) fn moved(&mut self, payment: &Payment, amount: u64, now: OffsetDateTime) {
        self.booked(payment, amount, now);
        self.events.push(Event::payment(payment, now));
    }

    /// The same without telling anybody, as for a charge.
    pub(crate) fn booked(&mut self, payment: &Payment, amount: u64, now: OffsetDateTime) {
        self.transactions.push(Transaction {
            shop: payment.shop,
            key: payment.last_transaction.clone().unwrap_or_default(),
            payment_key: payment.key.expose().to_owned(),
            status: payment.status,
            amount,
            at: now,
        });
    }

    /// A payment whose last cancel has just been made.
    pub(crate) fn cancelled(&mut self, payment: &Payment, now: OffsetDateTime) {
        let amount = payment.cancels.last().map_or(0, |cancel| cancel.amount);
        self.moved(payment, amount, now);
        // Foreign wallets tell the end of a cancel apart from the payment.
        if matches!(payment.means, Means::ForeignEasyPay { .. })
            && let Some(cancel) = payment.cancels.last()
            && cancel.status == CancelStatus::Done
        {
            self.events.push(Event::Cancel {
                payment: Box::new(payment.clone()),
                cancel: cancel.clone(),
                at: now,
            });
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
