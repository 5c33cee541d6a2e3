//! What `requestPayment` can be asked for, and what the buyer then chose in the window.
//! Source: <https://docs.tosspayments.com/sdk/v2/js> and the typings of `@tosspayments/tosspayments-sdk`.

use serde::{Deserialize, Serialize};

use crate::{card::Card, institution::Bank, instrument::Account, receipt::CashReceiptChoice};

/// `method` of `requestPayment`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PayMethod {
    /// 카드, and 간편결제 through `flowMode: "DIRECT"`
    Card,
    /// 계좌이체
    Transfer,
    /// 가상계좌
    VirtualAccount,
    /// 휴대폰
    MobilePhone,
    /// 문화상품권
    CultureGiftCertificate,
    /// 도서문화상품권
    BookGiftCertificate,
    /// 게임문화상품권
    GameGiftCertificate,
    /// 해외 간편결제
    ForeignEasyPay,
}

impl PayMethod {
    /// Every method, in the order of the typings.
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

    /// The name in the SDK.
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

    /// Reads the SDK's name.
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }

    /// `method` of a Payment. A window for cards may end as 간편결제, see [`Choice`].
    pub fn korean(self) -> &'static str {
        match self {
            Self::Card => "카드",
            Self::Transfer => "계좌이체",
            Self::VirtualAccount => "가상계좌",
            Self::MobilePhone => "휴대폰",
            Self::CultureGiftCertificate => "문화상품권",
            Self::BookGiftCertificate => "도서문화상품권",
            Self::GameGiftCertificate => "게임문화상품권",
            Self::ForeignEasyPay => "간편결제",
        }
    }

    /// The least that can be paid, in won. Source: the text of `BELOW_MINIMUM_AMOUNT`; the methods that
    /// it does not name have none.
    pub fn minimum(self) -> u64 {
        match self {
            Self::Card => 100,
            Self::Transfer | Self::VirtualAccount => 200,
            _ => 1,
        }
    }
}

/// The phone companies of `mobilePhone.mobileCarriers`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Carrier {
    /// KT
    Kt,
    /// LG U+
    Lgu,
    /// SK텔레콤
    Skt,
    /// LG헬로비전
    Hello,
    /// 티플러스
    Kct,
    /// SK세븐모바일
    Sk7,
}

impl Carrier {
    /// Every one, in the order of the typings.
    pub const ALL: [Self; 6] = [
        Self::Kt,
        Self::Lgu,
        Self::Skt,
        Self::Hello,
        Self::Kct,
        Self::Sk7,
    ];

    /// The name in the SDK.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kt => "KT",
            Self::Lgu => "LGU",
            Self::Skt => "SKT",
            Self::Hello => "HELLO",
            Self::Kct => "KCT",
            Self::Sk7 => "SK7",
        }
    }

    /// Reads the SDK's name.
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|carrier| carrier.as_str() == text)
    }
}

/// What the buyer chose in the window of a payment. Nothing is paid by it: the merchant has to confirm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// 카드
    Card {
        /// Which; magic numbers decide how confirm ends.
        card: Card,
        /// `installmentPlanMonths`: 0 is all at once, otherwise 2 to 12.
        installment: u8,
    },
    /// 간편결제: a wallet, and the card in it unless it paid from its own balance.
    EasyPay {
        /// `easyPay.provider`, such as 토스페이.
        provider: String,
        /// The card behind it.
        card: Option<Card>,
    },
    /// 계좌이체
    Transfer {
        /// From where; decides how confirm ends.
        account: &'static Account,
        /// 현금영수증
        cash_receipt: CashReceiptChoice,
    },
    /// 가상계좌
    VirtualAccount(AccountChoice),
    /// 휴대폰
    MobilePhone {
        /// On whose bill.
        carrier: Carrier,
        /// Digits only.
        number: String,
    },
    /// One of the three 상품권, which one by the method of the window.
    GiftCertificate,
    /// 해외 간편결제
    ForeignEasyPay {
        /// `easyPay.provider`: PAYPAL or PAYPAY.
        provider: String,
        /// `country`, two letters.
        country: String,
    },
}

/// What the buyer chose for a virtual account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountChoice {
    /// Which bank issues it.
    pub bank: Bank,
    /// Whom the account names.
    pub customer_name: String,
    /// 현금영수증
    pub cash_receipt: CashReceiptChoice,
}

impl Choice {
    /// Whether a window for this method can end so.
    pub fn fits(&self, method: PayMethod) -> bool {
        match self {
            Self::Card { .. } | Self::EasyPay { .. } => method == PayMethod::Card,
            Self::Transfer { .. } => method == PayMethod::Transfer,
            Self::VirtualAccount(_) => method == PayMethod::VirtualAccount,
            Self::MobilePhone { .. } => method == PayMethod::MobilePhone,
            Self::GiftCertificate => matches!(
                method,
                PayMethod::CultureGiftCertificate
                    | PayMethod::BookGiftCertificate
                    | PayMethod::GameGiftCertificate
            ),
            Self::ForeignEasyPay { .. } => method == PayMethod::ForeignEasyPay,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for method in PayMethod::ALL {
            assert_eq!(PayMethod::read(method.as_str()), Some(method));
            assert_eq!(
                serde_json::to_value(method).unwrap(),
                method.as_str(),
                "{method:?}"
            );
        }
        for carrier in Carrier::ALL {
            assert_eq!(Carrier::read(carrier.as_str()), Some(carrier));
            assert_eq!(serde_json::to_value(carrier).unwrap(), carrier.as_str());
        }
        assert_eq!(PayMethod::read("카드"), None);
    }

    #[test]
    fn a_window_ends_only_in_its_own_method() {
        let phone = Choice::MobilePhone {
            carrier: Carrier::Kt,
            number: "01000000000".into(),
        };
        let fitting = PayMethod::ALL
            .into_iter()
            .filter(|method| phone.fits(*method));
        assert_eq!(fitting.collect::<Vec<_>>(), [PayMethod::MobilePhone]);
        let gifts = PayMethod::ALL
            .into_iter()
            .filter(|method| Choice::GiftCertificate.fits(*method));
        assert_eq!(gifts.count(), 3);
    }
}
