//! Payment methods.

use serde::{Deserialize, Serialize};

use crate::amount::Currency;

/// How the buyer pays, as the JS SDK's requests call it. Answers of the REST API use Korean words, see
/// [`Method::korean`].
/// Source: <https://docs.tosspayments.com/sdk/v2/js>.
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Method {
    /// 카드; the window for one payment also takes easy pay services.
    Card,
    /// 계좌이체; with billing this is 퀵계좌이체.
    Transfer,
    /// 가상계좌
    VirtualAccount,
    /// 휴대폰: the phone bill.
    MobilePhone,
    /// 문화상품권
    CultureGiftCertificate,
    /// 도서문화상품권
    BookGiftCertificate,
    /// 게임문화상품권
    GameGiftCertificate,
    /// 해외간편결제: PayPal, in dollars.
    ForeignEasyPay,
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 8] = [
        Self::Card,
        Self::Transfer,
        Self::VirtualAccount,
        Self::MobilePhone,
        Self::CultureGiftCertificate,
        Self::BookGiftCertificate,
        Self::GameGiftCertificate,
        Self::ForeignEasyPay,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Card => "CARD",
            Self::Transfer => "TRANSFER",
            Self::VirtualAccount => "VIRTUAL_ACCOUNT",
            Self::MobilePhone => "MOBILE_PHONE",
            Self::CultureGiftCertificate => "CULTURE_GIFT_CERTIFICATE",
            Self::BookGiftCertificate => "BOOK_GIFT_CERTIFICATE",
            Self::GameGiftCertificate => "GAME_GIFT_CERTIFICATE",
            Self::ForeignEasyPay => "FOREIGN_EASY_PAY",
        }
    }

    /// The method of a name on the wire; `None` for one that this version does not know.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == name)
    }

    /// The word for it in answers of the REST API (`Payment.method`, `Billing.method`).
    /// Source: <https://docs.tosspayments.com/reference#payment-객체>.
    pub fn korean(self) -> &'static str {
        match self {
            Self::Card => "카드",
            Self::Transfer => "계좌이체",
            Self::VirtualAccount => "가상계좌",
            Self::MobilePhone => "휴대폰",
            Self::CultureGiftCertificate => "문화상품권",
            Self::BookGiftCertificate => "도서문화상품권",
            Self::GameGiftCertificate => "게임문화상품권",
            Self::ForeignEasyPay => "해외간편결제",
        }
    }

    /// Reads the word of the REST API; `None` for one that this version does not know. 간편결제 is an
    /// easy pay service in the window for cards, and in another currency than won one abroad.
    pub fn from_korean(word: &str, currency: &str) -> Option<Self> {
        if word == "간편결제" {
            let is_won = currency == Currency::Krw.as_str();
            return Some(if is_won {
                Self::Card
            } else {
                Self::ForeignEasyPay
            });
        }
        Self::ALL.into_iter().find(|method| method.korean() == word)
    }

    /// What it is paid in.
    pub fn currency(self) -> Currency {
        match self {
            Self::ForeignEasyPay => Currency::Usd,
            Self::Card
            | Self::Transfer
            | Self::VirtualAccount
            | Self::MobilePhone
            | Self::CultureGiftCertificate
            | Self::BookGiftCertificate
            | Self::GameGiftCertificate => Currency::Krw,
        }
    }

    /// Whether a card or account can be registered for automatic payment with it.
    pub fn is_billing(self) -> bool {
        matches!(self, Self::Card | Self::Transfer)
    }

    /// Whether it is one of the three gift certificates.
    pub fn is_gift_certificate(self) -> bool {
        matches!(
            self,
            Self::CultureGiftCertificate | Self::BookGiftCertificate | Self::GameGiftCertificate
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_named_as_on_the_wire_and_found_by_toss_s_word() {
        for method in Method::ALL {
            let json = serde_json::to_string(&method).unwrap();
            assert_eq!(json, format!("\"{}\"", method.as_str()));
            assert_eq!(Method::from_name(method.as_str()), Some(method));
            assert_eq!(Method::from_korean(method.korean(), "KRW"), Some(method));
        }
        assert_eq!(Method::from_korean("간편결제", "KRW"), Some(Method::Card));
        let abroad = Some(Method::ForeignEasyPay);
        assert_eq!(Method::from_korean("간편결제", "USD"), abroad);
        assert_eq!(Method::from_korean("새로운결제", "KRW"), None);
    }
}
