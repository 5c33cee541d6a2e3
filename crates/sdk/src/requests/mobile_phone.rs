//! `requestPayment({ method: "MOBILE_PHONE" })`.

use toss_checkout_contract::Amount;

use super::{
    option::{Choices, Vocabulary, options},
    payment::{Block, PaymentMethod, PromiseMethod, Sealed},
};

/// A mobile carrier.
/// Source: <https://docs.tosspayments.com/codes/org-codes>.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// KT.
    Kt,
    /// LG유플러스.
    Lgu,
    /// SK텔레콤.
    Skt,
    /// LG헬로모바일.
    Hello,
    /// 티플러스.
    Kct,
    /// SK세븐모바일.
    Sk7,
}

impl Carrier {
    /// Every carrier.
    pub const ALL: [Self; 6] = [
        Self::Kt,
        Self::Lgu,
        Self::Skt,
        Self::Hello,
        Self::Kct,
        Self::Sk7,
    ];
}

impl Vocabulary for Carrier {
    fn word(self) -> &'static str {
        match self {
            Self::Kt => "KT",
            Self::Lgu => "LGU",
            Self::Skt => "SKT",
            Self::Hello => "HELLO",
            Self::Kct => "KCT",
            Self::Sk7 => "SK7",
        }
    }
}

options! {
    /// 휴대폰: the buyer pays with the phone bill.
    /// Source: <https://docs.tosspayments.com/sdk/v2/js>.
    pub struct MobilePhone<'a> {
    }
    lists {
        /// The carriers that the buyer may choose from; unset, all of them.
        mobile_carriers: &'a [Carrier], Choices => "mobileCarriers",
    }
}

impl Sealed for MobilePhone<'_> {}

impl<'a> PaymentMethod<'a> for MobilePhone<'a> {
    type Amount = Amount;

    fn block(self) -> Block<'a> {
        Block {
            method: "MOBILE_PHONE",
            name: "mobilePhone",
            options: self.0,
        }
    }
}

impl<'a> PromiseMethod<'a> for MobilePhone<'a> {}
