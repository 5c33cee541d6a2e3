//! 현금영수증.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use toss_checkout_contract::OrderId;

use crate::{ids::Ids, shop::Shop};

/// 현금영수증, as the buyer chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CashReceiptChoice {
    /// 소득공제
    IncomeDeduction,
    /// 지출증빙
    ProofOfExpense,
    /// 미발행
    None,
}

impl CashReceiptChoice {
    /// Every choice, in the order of the window.
    pub const ALL: [Self; 3] = [Self::IncomeDeduction, Self::ProofOfExpense, Self::None];

    /// Toss's text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IncomeDeduction => "소득공제",
            Self::ProofOfExpense => "지출증빙",
            Self::None => "미발행",
        }
    }

    /// Reads Toss's text.
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.as_str() == text)
    }

    /// The receipt that money which has just arrived makes.
    pub(crate) fn issue(self, ids: &mut Ids, now: OffsetDateTime) -> Option<CashReceipt> {
        (self != Self::None).then(|| CashReceipt {
            kind: self,
            key: ids.receipt_key(),
            issue_number: ids.issue_number(),
            is_cancel: false,
            requested_at: now,
        })
    }
}

/// An issued cash receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashReceipt {
    /// 소득공제 or 지출증빙.
    pub kind: CashReceiptChoice,
    /// Toss's name for it.
    pub key: String,
    /// 국세청 승인번호, nine digits.
    pub issue_number: String,
    /// Whether it takes an earlier one back.
    pub is_cancel: bool,
    /// When.
    pub requested_at: OffsetDateTime,
}

/// The tax office takes a day to say yes. Documented: one or two days.
const ISSUE_TAKES: Duration = Duration::days(1);

impl CashReceipt {
    /// The receipt that takes this one back.
    pub(crate) fn reversed(&self, ids: &mut Ids, now: OffsetDateTime) -> Self {
        Self {
            kind: self.kind,
            key: ids.receipt_key(),
            issue_number: ids.issue_number(),
            is_cancel: true,
            requested_at: now,
        }
    }

    /// `issueStatus`
    pub fn issue_status(&self, now: OffsetDateTime) -> &'static str {
        if now - self.requested_at < ISSUE_TAKES {
            "IN_PROGRESS"
        } else {
            "COMPLETED"
        }
    }

    /// `transactionType`
    pub fn transaction_type(&self) -> &'static str {
        if self.is_cancel { "CANCEL" } else { "CONFIRM" }
    }
}

/// A receipt, or the cancel of one, in the order in which they were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptRecord {
    /// Whose.
    pub shop: Shop,
    /// What the tax office gets.
    pub receipt: CashReceipt,
    /// The merchant's order number.
    pub order_id: OrderId,
    /// What was bought.
    pub order_name: String,
    /// Of the buyer.
    pub identity: String,
    /// In won.
    pub amount: u64,
    /// 면세, in won.
    pub tax_free: u64,
    /// What can still be cancelled, in won; zero for a cancel.
    pub left: u64,
}
