//! What a session says about methods other than cards.

use serde::{Deserialize, Serialize};

use crate::{
    open,
    value::{Problem, ValueError},
};

/// Rules for a virtual account.
/// Source: <https://docs.tosspayments.com/sdk/v2/js>.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualAccountOptions {
    /// Hours until the account closes, 1 to 2160. Not together with `due_date`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_hours: Option<u16>,
    /// The moment at which the account closes, `yyyy-MM-dd'T'HH:mm:ss` in Korean time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_date: Option<String>,
    /// What the window preselects.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "open::cash_receipt"
    )]
    pub cash_receipt: Option<CashReceipt>,
    /// Whether the money is held in escrow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub use_escrow: Option<bool>,
    /// Whether the window asks for the buyer's phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_customer_mobile_phone: Option<bool>,
}

/// What an easy pay service abroad, which is PayPal, has to know.
/// Source: <https://docs.tosspayments.com/sdk/v2/js>.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForeignEasyPayOptions {
    /// The country in which the buyer is: two capital letters by ISO 3166.
    pub country: String,
}

impl ForeignEasyPayOptions {
    /// Checks what Toss would refuse when the window opens.
    ///
    /// # Errors
    /// The country is no code.
    pub fn check(&self) -> Result<(), ValueError> {
        let bytes = self.country.as_bytes();
        if bytes.len() == 2 && bytes.iter().all(u8::is_ascii_uppercase) {
            return Ok(());
        }
        Err(Problem::Format {
            expected: "two capital letters by ISO 3166, such as US",
        }
        .of("foreignEasyPay.country"))
    }
}

/// 현금영수증.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CashReceipt {
    /// What it is for.
    #[serde(rename = "type")]
    pub kind: CashReceiptType,
}

/// What a cash receipt is for. Toss uses the Korean words on the wire.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CashReceiptType {
    /// 소득공제: the buyer's income deduction.
    #[serde(rename = "소득공제")]
    IncomeDeduction,
    /// 지출증빙: proof of business expense.
    #[serde(rename = "지출증빙")]
    ProofOfExpense,
    /// 미발행: none.
    #[serde(rename = "미발행")]
    None,
}

impl CashReceiptType {
    /// Every type.
    pub const ALL: [Self; 3] = [Self::IncomeDeduction, Self::ProofOfExpense, Self::None];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IncomeDeduction => "소득공제",
            Self::ProofOfExpense => "지출증빙",
            Self::None => "미발행",
        }
    }
}
