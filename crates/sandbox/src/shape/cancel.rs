//! One element of `cancels`.

use serde::Serialize;
use toss_model::{Payment, moment::kst, money::Money, payment::Cancel};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CancelBody<'a> {
    cancel_amount: Money,
    cancel_reason: &'a str,
    tax_free_amount: Money,
    tax_exemption_amount: Money,
    refundable_amount: Money,
    card_discount_amount: Money,
    transfer_discount_amount: Money,
    easy_pay_discount_amount: Money,
    canceled_at: String,
    transaction_key: &'a str,
    receipt_key: Option<&'a str>,
    cancel_status: &'static str,
    cancel_request_id: Option<&'a str>,
}

impl<'a> CancelBody<'a> {
    pub(crate) fn of(cancel: &'a Cancel, payment: &Payment) -> Self {
        let money = |units| payment.currency.money(units);
        Self {
            cancel_amount: money(cancel.amount),
            cancel_reason: &cancel.reason,
            tax_free_amount: money(cancel.tax_free),
            tax_exemption_amount: money(cancel.tax_exemption),
            refundable_amount: money(cancel.refundable),
            card_discount_amount: money(0),
            transfer_discount_amount: money(0),
            easy_pay_discount_amount: money(0),
            canceled_at: kst(cancel.at),
            transaction_key: &cancel.transaction_key,
            receipt_key: cancel.receipt.as_ref().map(|receipt| receipt.key.as_str()),
            cancel_status: cancel.status.as_str(),
            cancel_request_id: cancel.request_id.as_deref(),
        }
    }
}
