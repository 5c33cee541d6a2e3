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

/// Every bank: code, English name, and the Korean names by which requests call it.
const BANKS: [(&str, &str, &[&str]); 26] = [
    ("02", "KDBBANK", &["산업", "KDB산업", "KDB산업은행"]),
    ("03", "IBK", &["기업", "IBK기업", "IBK기업은행"]),
    ("06", "KOOKMIN", &["국민", "KB국민", "KB국민은행"]),
    ("07", "SUHYEOP", &["수협", "Sh수협", "Sh수협은행"]),
    ("11", "NONGHYEOP", &["농협", "NH농협", "NH농협은행"]),
    ("12", "LOCALNONGHYEOP", &["단위농협", "지역농축협"]),
    ("20", "WOORI", &["우리", "우리은행"]),
    ("23", "SC", &["SC제일", "SC제일은행"]),
    ("27", "CITI", &["씨티", "씨티은행"]),
    ("31", "DAEGUBANK", &["대구", "대구은행", "DGB대구은행"]),
    ("32", "BUSANBANK", &["부산", "부산은행"]),
    ("34", "GWANGJUBANK", &["광주", "광주은행"]),
    ("35", "JEJUBANK", &["제주", "제주은행"]),
    ("37", "JEONBUKBANK", &["전북", "전북은행"]),
    ("39", "KYONGNAMBANK", &["경남", "경남은행"]),
    ("45", "SAEMAUL", &["새마을", "새마을금고"]),
    ("48", "SHINHYEOP", &["신협"]),
    ("50", "SAVINGBANK", &["저축", "저축은행"]),
    ("54", "HSBC", &["홍콩상하이은행"]),
    ("64", "SANLIM", &["산림", "산림조합"]),
    ("71", "POST", &["우체국", "우체국예금보험"]),
    ("81", "HANA", &["하나", "하나은행"]),
    ("88", "SHINHAN", &["신한", "신한은행"]),
    ("89", "KBANK", &["케이", "케이뱅크"]),
    ("90", "KAKAOBANK", &["카카오", "카카오뱅크"]),
    ("92", "TOSSBANK", &["토스", "토스뱅크"]),
];

/// Securities firms, which take refunds too.
const SECURITIES: [&str; 25] = [
    "S0", "S2", "S3", "S4", "S5", "S6", "S8", "S9", "SA", "SB", "SD", "SE", "SG", "SH", "SI", "SJ",
    "SK", "SL", "SM", "SN", "SO", "SP", "SQ", "SR", "ST",
];

/// Finds an issuing bank by code.
pub fn issuing_bank(code: &str) -> Option<Bank> {
    ISSUING_BANKS.into_iter().find(|bank| bank.code == code)
}

/// Finds an issuing bank as requests name it: by code, Korean or English name.
pub fn issuing_bank_named(name: &str) -> Option<Bank> {
    issuing_bank(bank_code(name)?)
}

/// The code of an institution that takes refunds, by code, Korean or English name.
pub fn refund_bank(name: &str) -> Option<&'static str> {
    bank_code(name).or_else(|| SECURITIES.into_iter().find(|code| *code == name))
}

fn bank_code(name: &str) -> Option<&'static str> {
    BANKS
        .iter()
        .find(|(code, english, korean)| {
            *code == name || english.eq_ignore_ascii_case(name) || korean.contains(&name)
        })
        .map(|(code, ..)| *code)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banks_go_by_code_korean_and_english() {
        for name in ["20", "우리", "우리은행", "WOORI", "woori"] {
            assert_eq!(issuing_bank_named(name).map(|bank| bank.code), Some("20"));
        }
        // Toss's own bank takes refunds but issues no accounts.
        assert_eq!(issuing_bank_named("토스뱅크"), None);
        assert_eq!(refund_bank("토스뱅크"), Some("92"));
        assert_eq!((refund_bank("SQ"), refund_bank("99")), (Some("SQ"), None));
        for bank in ISSUING_BANKS {
            assert_eq!(issuing_bank_named(bank.name), Some(bank), "{}", bank.name);
        }
    }
}
