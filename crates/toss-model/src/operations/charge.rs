//! Charging a billing key.

use time::OffsetDateTime;
use toss_checkout_contract::OrderId;

use crate::{
    errors::{ErrorCode, Refusal},
    instrument::Instrument,
    means::Means,
    money::Currency,
    payment::{Origin, Payment, Status},
    receipt::CashReceiptChoice,
    shop::Shop,
    state::State,
};

/// The body of a charge, already of the right types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeRequest {
    /// The other half of the credential.
    pub customer_key: String,
    /// In won.
    pub amount: u64,
    /// The merchant's order number.
    pub order_id: String,
    /// What is bought.
    pub order_name: String,
    /// 면세, in won.
    pub tax_free: u64,
    /// 과세 제외, in won.
    pub tax_exemption: u64,
}

impl State {
    /// `POST /v1/billing/{billingKey}`. Straight to DONE or refused, and no webhook.
    ///
    /// # Errors
    /// Toss's codes of the charge table.
    pub fn charge(
        &mut self,
        shop: Shop,
        billing_key: &str,
        request: &ChargeRequest,
        now: OffsetDateTime,
    ) -> Result<&Payment, Refusal> {
        let taken = self.order_is_taken(shop, &request.order_id, now);
        let record = self
            .billing
            .get(billing_key)
            .filter(|record| record.shop == shop)
            .ok_or(self.rules.unknown_billing_key)?;
        if record.deleted_at.is_some() {
            return Err(ErrorCode::AlreadyRemovedBillingKey.into());
        }
        if request.customer_key.chars().count() > 300 {
            // Measured with test keys: too long a key is Toss's own fault, in its words.
            return Err(ErrorCode::FailedDbProcessing.into());
        }
        if record.customer.expose() != request.customer_key {
            return Err(ErrorCode::NotMatchesCustomerKey.into());
        }
        let order_id =
            OrderId::new(request.order_id.as_str()).map_err(|_| ErrorCode::InvalidOrderId)?;
        if request.order_name.is_empty() || request.order_name.chars().count() > 100 {
            return Err(ErrorCode::InvalidOrderName.into());
        }
        if request.amount == 0 {
            return Err(ErrorCode::BelowZeroAmount.into());
        }
        if request.tax_free.saturating_add(request.tax_exemption) > request.amount {
            return Err(Refusal::invalid(
                "taxFreeAmount and taxExemptionAmount are more than amount",
            ));
        }
        if taken {
            return Err(ErrorCode::DuplicatedOrderId.into());
        }
        if request.amount < record.instrument.minimum() {
            return Err(ErrorCode::BelowMinimumAmount.into());
        }
        let earlier = record.attempts;
        record.attempts = record.attempts.saturating_add(1);
        record.instrument.on_charge(earlier, now)?;

        let record = record.clone();
        let means = match record.instrument {
            Instrument::Card(card) => Means::Card {
                card,
                approve_no: self.ids.approve_no(),
                installment: 0,
            },
            Instrument::Account { account, .. } => Means::Transfer {
                account,
                cash_receipt: CashReceiptChoice::None,
                receipt: None,
            },
        };
        let payment = Payment {
            key: self.fresh_payment_key(now)?,
            shop,
            customer: Some(request.customer_key.clone()),
            origin: Origin::Charge(record.key),
            order_id,
            order_name: request.order_name.clone(),
            currency: Currency::Krw,
            total: request.amount,
            balance: request.amount,
            tax_free: request.tax_free,
            tax_exemption: request.tax_exemption,
            status: Status::Done,
            requested_at: now,
            authenticated_at: None,
            approved_at: Some(now),
            means,
            refusal: None,
            failure: None,
            use_escrow: false,
            culture_expense: false,
            last_transaction: Some(self.ids.transaction_key()),
            secret: Some(self.ids.secret()),
            metadata: None,
            cancels: Vec::new(),
        };
        let payment = self.ledger.add(payment);
        self.journal.booked(payment, payment.total, now);
        Ok(payment)
    }
}
