//! Banks and card companies by Toss's codes.
//! Source: <https://docs.tosspayments.com/codes/org-codes>.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A bank. In the state file it is its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bank {
    /// Two digits.
    pub code: &'static str,
    /// As it is shown to the buyer.
    pub name: &'static str,
}

impl Serialize for Bank {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code)
    }
}

impl<'de> Deserialize<'de> for Bank {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        issuing_bank(&code).ok_or_else(|| D::Error::custom(format!("no issuing bank {code}")))
    }
}

const fn bank(code: &'static str, name: &'static str) -> Bank {
    Bank { code, name }
}

/// The thirteen that issue virtual accounts, the order as in Toss's guide.
/// Source: <https://docs.tosspayments.com/guides/v2/payment-window/integration-virtual-account>.
pub const ISSUING_BANKS: [Bank; 13] = [
    bank("39", "경남은행"),
    bank("34", "광주은행"),
    bank("06", "KB국민은행"),
    bank("03", "IBK기업은행"),
    bank("11", "NH농협은행"),
    bank("31", "DGB대구은행"),
    bank("32", "부산은행"),
    bank("45", "새마을금고"),
    bank("07", "Sh수협은행"),
    bank("88", "신한은행"),
    bank("20", "우리은행"),
    bank("71", "우체국예금보험"),
    bank("81", "하나은행"),
];

/// Finds an issuing bank by code.
pub fn issuing_bank(code: &str) -> Option<Bank> {
    ISSUING_BANKS.into_iter().find(|bank| bank.code == code)
}

/// What a card company is called in a Billing object.
pub fn card_company(issuer_code: &str) -> &'static str {
    match issuer_code {
        "11" => "국민",
        "21" => "하나",
        "31" => "BC",
        "51" => "삼성",
        "61" => "현대",
        "71" => "롯데",
        _ => "신한",
    }
}
