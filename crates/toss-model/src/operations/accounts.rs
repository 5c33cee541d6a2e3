//! `POST /v1/virtual-accounts`: an account without a window.
//! Source: <https://docs.tosspayments.com/reference>.

use time::OffsetDateTime;
use toss_checkout_contract::OrderId;

use super::due;
use crate::{
    cancel::RefundStatus,
    errors::{ErrorCode, Refusal},
    institution::issuing_bank_named,
    means::{Means, VirtualAccount},
    method::PayMethod,
    money::Currency,
    payment::{Origin, Payment, Status},
    receipt::CashReceiptChoice,
    shop::Shop,
    state::State,
};

/// The body, already of the right types.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRequest {
    /// In won.
    pub amount: u64,
    /// The merchant's order number.
    pub order_id: String,
    /// What is bought.
    pub order_name: String,
    /// Whom the account names.
    pub customer_name: String,
    /// A code, a Korean or an English name.
    pub bank: String,
    /// Hours until it closes.
    pub valid_hours: Option<u16>,
    /// Or the moment.
    pub due_date: Option<String>,
    /// 면세, in won.
    pub tax_free: u64,
    /// 에스크로
    pub use_escrow: bool,
    /// 현금영수증
    pub cash_receipt: CashReceiptChoice,
    /// `accountKey` of a 고정 account.
    pub fixed: Option<String>,
}

impl State {
    /// `POST /v1/virtual-accounts`.
    ///
    /// # Errors
    /// Toss's codes of that table.
    pub fn open_account(
        &mut self,
        shop: Shop,
        request: &AccountRequest,
        now: OffsetDateTime,
    ) -> Result<&Payment, Refusal> {
        let order_id =
            OrderId::new(request.order_id.as_str()).map_err(|_| ErrorCode::InvalidOrderId)?;
        if !(1..=100).contains(&request.order_name.chars().count()) {
            return Err(ErrorCode::InvalidOrderName.into());
        }
        if !(1..=100).contains(&request.customer_name.chars().count()) {
            return Err(Refusal::invalid("customerName is 1 to 100 characters"));
        }
        if request.tax_free > request.amount {
            return Err(Refusal::invalid("taxFreeAmount is more than amount"));
        }
        let bank = issuing_bank_named(&request.bank).ok_or(ErrorCode::InvalidBank)?;
        let due = due::moment(request.valid_hours, request.due_date.as_deref(), now)?;
        if request.amount < PayMethod::VirtualAccount.minimum() {
            return Err(ErrorCode::BelowMinimumAmount.into());
        }
        if self.order_is_taken(shop, order_id.as_str(), now) {
            return Err(ErrorCode::DuplicatedOrderId.into());
        }
        let number = match &request.fixed {
            Some(key) => self.fixed_number(shop, key),
            None => self.ids.account_number(),
        };
        let payment = Payment {
            key: self.fresh_payment_key(now)?,
            shop,
            customer: None,
            origin: Origin::Window(PayMethod::VirtualAccount),
            order_id,
            order_name: request.order_name.clone(),
            currency: Currency::Krw,
            total: request.amount,
            balance: request.amount,
            tax_free: request.tax_free,
            tax_exemption: 0,
            status: Status::WaitingForDeposit,
            requested_at: now,
            authenticated_at: None,
            approved_at: None,
            means: Means::VirtualAccount(Box::new(VirtualAccount {
                bank,
                number,
                fixed_by: request.fixed.clone(),
                customer_name: request.customer_name.clone(),
                cash_receipt: request.cash_receipt,
                due,
                expired: false,
                depositor: None,
                receipt: None,
                refund_status: RefundStatus::None,
                refund_account: None,
            })),
            refusal: None,
            failure: None,
            use_escrow: request.use_escrow,
            culture_expense: false,
            last_transaction: Some(self.ids.transaction_key()),
            secret: Some(self.ids.secret()),
            metadata: None,
            cancels: Vec::new(),
        };
        let payment = self.ledger.add(payment);
        self.journal.moved(payment, payment.total, now);
        Ok(payment)
    }

    /// A 고정 account has the same number for the same `accountKey`.
    fn fixed_number(&mut self, shop: Shop, key: &str) -> String {
        let known = self.ledger.all().iter().find_map(|payment| {
            let account = payment.account()?;
            (payment.shop == shop && account.fixed_by.as_deref() == Some(key))
                .then(|| account.number.clone())
        });
        known.unwrap_or_else(|| self.ids.account_number())
    }
}
