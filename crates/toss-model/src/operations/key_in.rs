//! `POST /v1/payments/key-in`: the buyer told the merchant the card. Needs a contract of its own at Toss.
//! Source: <https://docs.tosspayments.com/reference>.

use time::OffsetDateTime;
use toss_checkout_contract::OrderId;

use crate::{
    card::Card,
    errors::{ErrorCode, Refusal},
    means::Means,
    method::PayMethod,
    money::Currency,
    payment::{Origin, Payment, Status},
    shop::Shop,
    state::State,
};

/// The body, already of the right types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyInRequest {
    /// In won.
    pub amount: u64,
    /// The merchant's order number.
    pub order_id: String,
    /// What is bought.
    pub order_name: String,
    /// What the buyer told.
    pub card: Card,
    /// 할부 개월 수, 0 for all at once.
    pub installment: u8,
    /// 면세, in won.
    pub tax_free: u64,
}

impl State {
    /// `POST /v1/payments/key-in`. Straight to DONE, or refused; a refusal leaves no payment (assumed).
    ///
    /// # Errors
    /// Toss's codes of that table.
    pub fn key_in(
        &mut self,
        shop: Shop,
        request: &KeyInRequest,
        now: OffsetDateTime,
    ) -> Result<&Payment, Refusal> {
        let order_id =
            OrderId::new(request.order_id.as_str()).map_err(|_| ErrorCode::InvalidOrderId)?;
        if !(1..=100).contains(&request.order_name.chars().count()) {
            return Err(ErrorCode::InvalidOrderName.into());
        }
        if request.amount == 0 {
            return Err(ErrorCode::BelowZeroAmount.into());
        }
        if request.tax_free > request.amount {
            return Err(Refusal::invalid("taxFreeAmount is more than amount"));
        }
        if self.order_is_taken(shop, order_id.as_str(), now) {
            return Err(ErrorCode::DuplicatedOrderId.into());
        }
        let payment = Payment {
            key: self.fresh_payment_key(now)?,
            shop,
            customer: None,
            origin: Origin::Window(PayMethod::Card),
            order_id,
            order_name: request.order_name.clone(),
            currency: Currency::Krw,
            total: request.amount,
            balance: request.amount,
            tax_free: request.tax_free,
            tax_exemption: 0,
            status: Status::Done,
            requested_at: now,
            authenticated_at: None,
            approved_at: Some(now),
            means: Means::Card {
                card: request.card.clone(),
                approve_no: self.ids.approve_no(),
                installment: request.installment,
            },
            refusal: None,
            failure: None,
            use_escrow: false,
            culture_expense: false,
            last_transaction: Some(self.ids.transaction_key()),
            secret: Some(self.ids.secret()),
            metadata: None,
            cancels: Vec::new(),
        };
        payment.is_allowed()?;
        payment.is_accepted(now)?;
        let payment = self.ledger.add(payment);
        self.journal.moved(payment, payment.total, now);
        Ok(payment)
    }
}
