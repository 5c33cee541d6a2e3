//! What hangs on a Payment.

use serde::Serialize;

use crate::state::{
    Payment,
    moment::kst,
    payment::{Cancel, CashReceipt, Means, Status, VirtualAccount},
};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CardBody {
    issuer_code: &'static str,
    acquirer_code: &'static str,
    number: String,
    installment_plan_months: u8,
    is_interest_free: bool,
    interest_payer: Option<()>,
    approve_no: String,
    use_card_point: bool,
    card_type: &'static str,
    owner_type: &'static str,
    acquire_status: &'static str,
    amount: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransferBody {
    pub(super) bank_code: &'static str,
    pub(super) settlement_status: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VirtualAccountBody<'a> {
    account_number: &'a str,
    account_type: &'static str,
    bank_code: &'static str,
    customer_name: &'a str,
    due_date: String,
    expired: bool,
    settlement_status: &'static str,
    refund_status: &'static str,
    refund_receive_account: Option<()>,
    depositor_name: Option<&'a str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CashReceiptBody<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    receipt_key: &'a str,
    issue_number: &'a str,
    receipt_url: String,
    amount: u64,
    tax_free_amount: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CashReceiptEntry<'a> {
    receipt_key: &'a str,
    order_id: &'a str,
    order_name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    issue_number: &'a str,
    receipt_url: String,
    business_number: &'static str,
    transaction_type: &'static str,
    amount: u64,
    tax_free_amount: u64,
    issue_status: &'static str,
    failure: Option<()>,
    customer_identity_number: &'static str,
    requested_at: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CancelBody<'a> {
    cancel_amount: u64,
    cancel_reason: &'a str,
    tax_free_amount: u64,
    tax_exemption_amount: u64,
    refundable_amount: u64,
    card_discount_amount: u64,
    transfer_discount_amount: u64,
    easy_pay_discount_amount: u64,
    canceled_at: String,
    transaction_key: &'a str,
    receipt_key: Option<()>,
    cancel_status: &'static str,
    cancel_request_id: Option<()>,
}

impl CardBody {
    pub(super) fn of(payment: &Payment) -> Option<Self> {
        let Means::Card { card, approve_no } = &payment.means else {
            return None;
        };
        Some(Self {
            issuer_code: card.issuer_code(),
            acquirer_code: card.acquirer_code(),
            number: card.masked(),
            installment_plan_months: 0,
            is_interest_free: false,
            interest_payer: None,
            approve_no: approve_no.clone(),
            use_card_point: false,
            card_type: card.card_type(),
            owner_type: card.owner_type(),
            acquire_status: match payment.status {
                Status::Canceled => "CANCELED",
                _ => "READY",
            },
            amount: payment.total,
        })
    }
}

impl<'a> VirtualAccountBody<'a> {
    pub(super) fn of(account: &'a VirtualAccount, status: Status) -> Self {
        Self {
            account_number: &account.number,
            account_type: "일반",
            bank_code: account.bank.code,
            customer_name: &account.customer_name,
            due_date: kst(account.due),
            expired: account.expired,
            settlement_status: "INCOMPLETED",
            refund_status: match status {
                // Only a deposit that was made has to be sent back.
                Status::Canceled if account.depositor.is_some() => "PENDING",
                _ => "NONE",
            },
            refund_receive_account: None,
            depositor_name: account.depositor.as_deref(),
        }
    }
}

fn receipt_url(receipt: &CashReceipt) -> String {
    format!(
        "https://dashboard.tosspayments.com/receipt/mids/si_tosspayments/cash-receipts/{}",
        receipt.key
    )
}

impl<'a> CashReceiptBody<'a> {
    pub(super) fn of(receipt: &'a CashReceipt, payment: &Payment) -> Self {
        Self {
            kind: receipt.kind,
            receipt_key: &receipt.key,
            issue_number: &receipt.issue_number,
            receipt_url: receipt_url(receipt),
            amount: payment.total,
            tax_free_amount: payment.tax_free,
        }
    }
}

impl<'a> CashReceiptEntry<'a> {
    pub(super) fn of(receipt: &'a CashReceipt, payment: &'a Payment) -> Self {
        Self {
            receipt_key: &receipt.key,
            order_id: payment.order_id.as_str(),
            order_name: &payment.order_name,
            kind: receipt.kind,
            issue_number: &receipt.issue_number,
            receipt_url: receipt_url(receipt),
            business_number: "4118601799",
            transaction_type: "CONFIRM",
            amount: payment.total,
            tax_free_amount: payment.tax_free,
            // Final after one or two days.
            issue_status: "IN_PROGRESS",
            failure: None,
            customer_identity_number: "010****0000",
            requested_at: kst(receipt.requested_at),
        }
    }
}

impl<'a> CancelBody<'a> {
    pub(super) fn of(cancel: &'a Cancel, payment: &Payment) -> Self {
        Self {
            cancel_amount: cancel.amount,
            cancel_reason: &cancel.reason,
            tax_free_amount: payment.tax_free,
            tax_exemption_amount: payment.tax_exemption,
            refundable_amount: cancel.refundable,
            card_discount_amount: 0,
            transfer_discount_amount: 0,
            easy_pay_discount_amount: 0,
            canceled_at: kst(cancel.at),
            transaction_key: &cancel.transaction_key,
            receipt_key: None,
            cancel_status: "DONE",
            cancel_request_id: None,
        }
    }
}
