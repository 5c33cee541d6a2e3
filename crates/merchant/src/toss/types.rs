//! The parts of Toss's objects that matter here. Unknown fields and values are accepted: Toss adds
//! them without notice. Source: <https://docs.tosspayments.com/reference>.

use serde::{Deserialize, Deserializer, de};
use toss_checkout_contract::{
    BankAccount, BillingKey, Card, CustomerKey, FailureCode, Method, OrderId, PaymentKey,
};

/// Where a payment stands at Toss.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum PaymentStatus {
    /// The window is open.
    Ready,
    /// The buyer authenticated; nothing was confirmed.
    InProgress,
    /// A virtual account was issued.
    WaitingForDeposit,
    /// The money is there.
    Done,
    /// All of it went back, or the virtual account was given up.
    Canceled,
    /// Part of it went back. Toss leaves this status when the rest follows.
    PartialCanceled,
    /// The confirm failed.
    Aborted,
    /// Nobody confirmed in time.
    Expired,
    /// A value that this version does not know.
    Other(String),
}

impl From<String> for PaymentStatus {
    fn from(text: String) -> Self {
        match text.as_str() {
            "READY" => Self::Ready,
            "IN_PROGRESS" => Self::InProgress,
            "WAITING_FOR_DEPOSIT" => Self::WaitingForDeposit,
            "DONE" => Self::Done,
            "CANCELED" => Self::Canceled,
            "PARTIAL_CANCELED" => Self::PartialCanceled,
            "ABORTED" => Self::Aborted,
            "EXPIRED" => Self::Expired,
            _ => Self::Other(text),
        }
    }
}

/// Text that must not be logged.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Redacted(pub(crate) String);

impl std::fmt::Debug for Redacted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// A `Payment`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentObject {
    /// Toss's name for it.
    pub payment_key: PaymentKey,
    /// Ours.
    pub order_id: OrderId,
    /// Where it stands.
    pub status: PaymentStatus,
    /// Never changes.
    #[serde(deserialize_with = "won")]
    pub total_amount: u64,
    /// What is left after cancels.
    #[serde(default, deserialize_with = "maybe_won")]
    pub balance_amount: Option<u64>,
    /// In Korean: 카드, 가상계좌, 계좌이체, …
    #[serde(default)]
    pub method: Option<String>,
    /// Compared with what a webhook brings. Only in the answer to a confirm.
    #[serde(default)]
    pub secret: Option<Redacted>,
    /// When the money arrived.
    #[serde(default)]
    pub approved_at: Option<String>,
    /// The issued account.
    #[serde(default)]
    pub virtual_account: Option<VirtualAccountObject>,
    /// The card that was charged.
    #[serde(default)]
    pub card: Option<CardObject>,
    /// Where the receipt is.
    #[serde(default)]
    pub receipt: Option<Receipt>,
    /// Why it was aborted or expired.
    #[serde(default)]
    pub failure: Option<FailureObject>,
}

impl PaymentObject {
    /// The method in our words; `None` for one that this version does not know.
    pub fn method(&self) -> Option<Method> {
        self.method.as_deref().and_then(korean_method)
    }

    /// The receipt, if its address is one that may be shown as a link.
    pub fn receipt_url(&self) -> Option<String> {
        let url = self.receipt.as_ref()?.url.as_deref()?;
        url.starts_with("https://").then(|| url.to_owned())
    }
}

fn korean_method(text: &str) -> Option<Method> {
    match text {
        "카드" => Some(Method::Card),
        "계좌이체" => Some(Method::Transfer),
        "가상계좌" => Some(Method::VirtualAccount),
        _ => None,
    }
}

/// `Payment.virtualAccount`
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VirtualAccountObject {
    /// Two digits.
    pub bank_code: String,
    /// In full.
    pub account_number: String,
    /// Its holder.
    #[serde(default)]
    pub customer_name: Option<String>,
    /// Who paid, after a deposit.
    #[serde(default)]
    pub depositor_name: Option<String>,
    /// With or without an offset.
    pub due_date: String,
    /// True after the due date, while the status stays `WAITING_FOR_DEPOSIT`.
    #[serde(default)]
    pub expired: Option<bool>,
}

/// `card` of a `Payment` or a `Billing`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CardObject {
    /// Two characters.
    #[serde(default)]
    pub issuer_code: Option<String>,
    /// Masked.
    #[serde(default)]
    pub number: Option<String>,
    /// 신용, 체크, 기프트, 미확인
    #[serde(default)]
    pub card_type: Option<String>,
}

/// `receipt`
#[derive(Debug, Clone, Deserialize)]
pub struct Receipt {
    /// Its address.
    #[serde(default)]
    pub url: Option<String>,
}

/// `failure`
#[derive(Debug, Clone, Deserialize)]
pub struct FailureObject {
    /// Toss's code.
    pub code: FailureCode,
    /// Toss's sentence.
    #[serde(default)]
    pub message: Option<String>,
}

/// A `Billing`: what the issue of a billing key answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Billing {
    /// Shown once, here.
    pub billing_key: BillingKey,
    /// Whose it is.
    pub customer_key: CustomerKey,
    /// In Korean: 카드 or 계좌이체.
    #[serde(default)]
    pub method: Option<String>,
    /// For a card.
    #[serde(default)]
    card: Option<CardObject>,
    /// Before version 2024-06-01.
    #[serde(default)]
    card_number: Option<String>,
    /// For an account; null, empty or filled.
    #[serde(default)]
    transfers: Option<Vec<TransferObject>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TransferObject {
    #[serde(default)]
    bank_name: Option<String>,
    #[serde(default)]
    bank_account_number: Option<String>,
}

impl Billing {
    /// The method in our words.
    pub fn method(&self) -> Option<Method> {
        self.method.as_deref().and_then(korean_method)
    }

    /// The registered card, as far as it may be shown.
    pub fn card(&self) -> Option<Card> {
        let card = self.card.as_ref()?;
        let number = card.number.clone().or_else(|| self.card_number.clone())?;
        Some(Card {
            issuer_code: card.issuer_code.clone().unwrap_or_default(),
            number: masked(&number),
            card_type: card.card_type.clone(),
        })
    }

    /// The registered account, when Toss knows it already.
    pub fn account(&self) -> Option<BankAccount> {
        let transfer = self.transfers.as_ref()?.first()?;
        Some(BankAccount {
            bank_name: transfer.bank_name.clone()?,
            account_number: masked(transfer.bank_account_number.as_ref()?),
        })
    }
}

/// Toss masks numbers. Should it ever not, the middle is not passed on.
fn masked(number: &str) -> String {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    if number.contains('*') || digits < 8 {
        return number.to_owned();
    }
    let length = number.chars().count();
    number
        .chars()
        .enumerate()
        .map(|(at, c)| if at >= 4 && at + 4 < length { '*' } else { c })
        .collect()
}

/// Won come as a JSON number, maybe written with a fraction of zero.
fn won<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let number = serde_json::Number::deserialize(deserializer)?;
    whole(&number).ok_or_else(|| de::Error::custom("is not a whole amount"))
}

fn maybe_won<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let number = Option::<serde_json::Number>::deserialize(deserializer)?;
    number
        .map(|n| whole(&n).ok_or_else(|| de::Error::custom("is not a whole amount")))
        .transpose()
}

fn whole(number: &serde_json::Number) -> Option<u64> {
    if let Some(value) = number.as_u64() {
        return Some(value);
    }
    number.to_string().strip_suffix(".0")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payment_with_unknown_fields_and_status_is_read() {
        let payment: PaymentObject = serde_json::from_str(
            r#"{"paymentKey":"tgen_1","orderId":"order-1","status":"SOMETHING_NEW","totalAmount":15000.0,
                "secret":"ps_secret","newField":{"a":1},"method":"간편결제","virtualAccount":null}"#,
        )
        .unwrap();
        assert_eq!(payment.total_amount, 15_000);
        assert_eq!(payment.status, PaymentStatus::Other("SOMETHING_NEW".into()));
        assert_eq!(payment.method(), None);
        assert!(!format!("{payment:?}").contains("ps_secret"));
    }

    #[test]
    fn transfers_may_be_null_empty_or_filled() {
        let read = |transfers: &str| -> Billing {
            serde_json::from_str(&format!(
                r#"{{"billingKey":"Z_t5vOvQxrj4499PeiJcjen28","customerKey":"user","method":"계좌이체","card":null{transfers}}}"#
            ))
            .unwrap()
        };
        for none in [
            "",
            r#","transfers":null"#,
            r#","transfers":[]"#,
            r#","transfers":[{}]"#,
        ] {
            assert_eq!(read(none).account(), None, "{none}");
        }
        let filled =
            read(r#","transfers":[{"bankName":"우리은행","bankAccountNumber":"1002****0000"}]"#);
        assert_eq!(filled.account().unwrap().bank_name, "우리은행");
        assert_eq!(filled.method(), Some(Method::Transfer));
        assert!(!format!("{filled:?}").contains("Z_t5vOvQxrj4499"));
    }

    #[test]
    fn a_number_that_toss_forgot_to_mask_is_masked() {
        assert_eq!(masked("43301234****123*"), "43301234****123*");
        assert_eq!(masked("4330123412341234"), "4330********1234");
        assert_eq!(masked("1234"), "1234");
    }
}
