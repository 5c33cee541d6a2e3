//! `requestPayment` with a gift certificate.

use toss_checkout_contract::Amount;

use super::{
    option::Draft,
    payment::{Block, PaymentMethod, PromiseMethod, Sealed},
};

/// A gift certificate.
/// Source: <https://docs.tosspayments.com/sdk/v2/js>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GiftCertificate {
    /// 문화상품권.
    Culture,
    /// 도서문화상품권.
    Book,
    /// 게임문화상품권.
    Game,
}

impl Sealed for GiftCertificate {}

impl<'a> PaymentMethod<'a> for GiftCertificate {
    type Amount = Amount;

    fn block(self) -> Block<'a> {
        let method = match self {
            Self::Culture => "CULTURE_GIFT_CERTIFICATE",
            Self::Book => "BOOK_GIFT_CERTIFICATE",
            Self::Game => "GAME_GIFT_CERTIFICATE",
        };
        // It has no options.
        Block {
            method,
            name: "",
            options: Draft::default(),
        }
    }
}

impl PromiseMethod<'_> for GiftCertificate {}
