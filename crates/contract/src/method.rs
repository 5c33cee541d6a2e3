//! Payment methods.

use serde::{Deserialize, Serialize};

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
}

impl Method {
    /// Every method.
    pub const ALL: [Self; 7] = [
        Self::Card,
        Self::Transfer,
        Self::VirtualAccount,
        Self::MobilePhone,
        Self::CultureGiftCertificate,
        Self::BookGiftCertificate,
        Self::GameGiftCertificate,
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
        }
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
        }
    }

    /// Reads the word of the REST API; `None` for one that this version does not know. 간편결제 is what
    /// the window for cards answers where an easy pay service's own money was used.
    pub fn from_korean(word: &str) -> Option<Self> {
        if word == "간편결제" {
            return Some(Self::Card);
        }
        Self::ALL.into_iter().find(|method| method.korean() == word)
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
            assert_eq!(Method::from_korean(method.korean()), Some(method));
        }
        assert_eq!(Method::from_korean("간편결제"), Some(Method::Card));
        assert_eq!(Method::from_korean("새로운결제"), None);
    }
}
