//! What came of a session.

use serde::{Deserialize, Serialize};

use crate::{
    amount::Amount, failure::FailureCode, ids::OrderId, method::Method, open, timestamp::Timestamp,
};

/// What came of a session so far. What does not apply is absent.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionResult {
    /// How the buyer paid or registered.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "open::word"
    )]
    pub method: Option<Method>,
    /// The card that was registered or paid with, number masked by Toss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    /// The easy pay service that was used in the window for cards, as Toss names it, such as 토스페이.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub easy_pay: Option<String>,
    /// The registered account, number masked by Toss. Toss may know it only at the first charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<BankAccount>,
    /// The first charge of a billing session with `charge_now`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charge: Option<ChargeResult>,
    /// The subscription that the registration began: `sub_` and 22 letters and digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<String>,
    /// Where to send the money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtual_account: Option<VirtualAccount>,
    /// Why the last attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// When the money was paid or arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<Timestamp>,
    /// While the money is owed again: when it was learnt that the bank had taken a deposit back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reversed_at: Option<Timestamp>,
    /// Toss's receipt, an absolute https address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_url: Option<String>,
}

/// A card.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Two characters, see <https://docs.tosspayments.com/codes/org-codes>.
    pub issuer_code: String,
    /// Masked by Toss, such as `43301234****123*`.
    pub number: String,
    /// 신용, 체크, 기프트 or 미확인.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_type: Option<String>,
    /// In how many months the buyer pays it off; absent where it is paid at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installment_plan_months: Option<u8>,
}

/// A registered account.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BankAccount {
    /// As Toss names it, such as 우리은행.
    pub bank_name: String,
    /// Masked by Toss, such as `1002****0000`.
    pub account_number: String,
}

/// How a charge went.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChargeResult {
    /// The outcome.
    pub status: ChargeStatus,
    /// The order number of this charge.
    pub order_id: OrderId,
    /// What was, or was to be, charged.
    pub amount: Amount,
    /// Why it was declined.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// When Toss approved it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_at: Option<Timestamp>,
    /// Toss's receipt, an absolute https address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt_url: Option<String>,
}

/// The outcome of a charge.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeStatus {
    /// Stored, about to be sent, or sent without an answer yet.
    Pending,
    /// Money was taken.
    Succeeded,
    /// Toss said no; no money was taken.
    Declined,
    /// Toss's answer was lost; it is being looked up. Also how a reader takes a status that it does not
    /// know yet.
    #[serde(other)]
    Unknown,
}

impl ChargeStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [
        Self::Pending,
        Self::Succeeded,
        Self::Declined,
        Self::Unknown,
    ];

    /// The word in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Declined => "declined",
            Self::Unknown => "unknown",
        }
    }
}

/// An issued virtual account.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualAccount {
    /// Two digits, see <https://docs.tosspayments.com/codes/org-codes>.
    pub bank_code: String,
    /// In full: the buyer must send money to it. Test accounts begin with `X`.
    pub account_number: String,
    /// The account's holder as the buyer's bank shows it. Toss may leave it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// When it closes. Absent where it is no full moment, since the number matters more.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "open::word"
    )]
    pub due_date: Option<Timestamp>,
    /// Who sent the money, after a deposit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depositor_name: Option<String>,
}

/// Why Toss said no.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Toss's code.
    pub code: FailureCode,
    /// Toss's sentence, in Korean; for the operator. The page has its own sentences.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}
