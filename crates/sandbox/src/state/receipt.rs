//! 현금영수증.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::ids::Ids;

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
    pub(super) fn issue(self, ids: &mut Ids, now: OffsetDateTime) -> Option<CashReceipt> {
        (self != Self::None).then(|| CashReceipt {
            kind: self,
            key: ids.receipt_key(),
            issue_number: ids.issue_number(),
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
    /// When.
    pub requested_at: OffsetDateTime,
}
