//! `requestBillingAuth`.

use toss_checkout_contract::ValueError;

use super::{
    option::{Choice, Choices, Draft, Short, Vocabulary, Word},
    parts::CardType,
    payment::Sealed,
    url::ReturnUrls,
};
use crate::{object::Object, window_target::WindowTarget};

/// What can be registered for automatic payment: [`CardBilling`] or [`TransferBilling`].
pub trait BillingMethod<'a>: Sealed {
    /// What Toss calls it, and its own options.
    #[doc(hidden)]
    fn options(self) -> BillingOptions<'a>;
}

/// What a method adds to the request.
#[derive(Debug)]
pub struct BillingOptions<'a> {
    method: &'static str,
    draft: Draft<'a>,
}

/// 카드: a card issued in Korea.
/// Source: <https://docs.tosspayments.com/guides/v2/billing/integration>.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CardBilling<'a>(Draft<'a>);

/// 계좌이체: a bank account, by 퀵계좌이체.
/// Source: <https://docs.tosspayments.com/guides/v2/billing/integration-quick>.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TransferBilling;

/// Which window registers a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillingWindow<'a> {
    /// Toss's card window. What Toss takes when nothing is said.
    Default,
    /// An easy pay service's own window.
    Direct {
        /// The service.
        easy_pay: BillingEasyPay,
        /// Shows the cards of this company only, by its code in
        /// <https://docs.tosspayments.com/codes/org-codes>.
        card_company: Option<&'a str>,
    },
}

/// An easy pay service that can be registered for automatic payment. Toss takes Korean names for
/// them, too; they mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BillingEasyPay {
    /// 토스페이.
    TossPay,
    /// 네이버페이.
    NaverPay,
}

impl Vocabulary for BillingEasyPay {
    fn word(self) -> &'static str {
        match self {
            Self::TossPay => "TOSSPAY",
            Self::NaverPay => "NAVERPAY",
        }
    }
}

impl<'a> CardBilling<'a> {
    /// Nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// The kinds of card that the window offers, in this order; the first is chosen at first.
    #[must_use]
    pub fn selectable_card_types(mut self, types: &'a [CardType]) -> Self {
        self.0.set("selectableCardTypes", Some(Choices(types)));
        self
    }

    /// Which window opens (`flowMode`, `easyPay`, `cardCompany`).
    #[must_use]
    pub fn window(mut self, window: BillingWindow<'a>) -> Self {
        let (mode, easy_pay, card_company) = match window {
            BillingWindow::Default => ("DEFAULT", None, None),
            BillingWindow::Direct {
                easy_pay,
                card_company,
            } => ("DIRECT", Some(easy_pay), card_company),
        };
        self.0.set("flowMode", Some(Word(mode)));
        self.0.set("easyPay", easy_pay.map(Choice));
        self.0.set("cardCompany", card_company.map(Word));
        self
    }
}

impl Sealed for CardBilling<'_> {}
impl Sealed for TransferBilling {}

impl<'a> BillingMethod<'a> for CardBilling<'a> {
    fn options(self) -> BillingOptions<'a> {
        BillingOptions {
            method: "CARD",
            draft: self.0,
        }
    }
}

impl<'a> BillingMethod<'a> for TransferBilling {
    fn options(self) -> BillingOptions<'a> {
        BillingOptions {
            method: "TRANSFER",
            draft: Draft::default(),
        }
    }
}

/// `requestBillingAuth`: the window that registers a card or an account. Always with return
/// addresses: Toss has no other way to say how it went.
#[derive(Debug, Clone, PartialEq)]
pub struct BillingAuthRequest<'a>(Draft<'a>);

impl<'a> BillingAuthRequest<'a> {
    /// A request with what is needed.
    pub fn new(method: impl BillingMethod<'a>, urls: &'a ReturnUrls) -> Self {
        Self::of(method.options(), urls)
    }

    fn of(BillingOptions { method, mut draft }: BillingOptions<'a>, urls: &'a ReturnUrls) -> Self {
        draft.object.text("method", Some(method));
        urls.put(&mut draft.object);
        Self(draft)
    }

    /// The buyer's name, at most 100 characters.
    #[must_use]
    pub fn customer_name(mut self, name: impl Into<Option<&'a str>>) -> Self {
        self.0.set("customerName", name.into().map(Short));
        self
    }

    /// Where Toss sends notices to, at most 100 characters.
    #[must_use]
    pub fn customer_email(mut self, email: impl Into<Option<&'a str>>) -> Self {
        self.0.set("customerEmail", email.into().map(Short));
        self
    }

    /// Where the window opens; by default Toss decides. See [`WindowTarget::choose`].
    #[must_use]
    pub fn window_target(mut self, target: impl Into<Option<WindowTarget>>) -> Self {
        self.0.set("windowTarget", target.into().map(Choice));
        self
    }

    /// Checks Toss's limits, as the call does before Toss sees the request.
    ///
    /// # Errors
    /// Names the first value that was refused, and the limit.
    pub fn check(&self) -> Result<(), ValueError> {
        self.0.check()
    }

    /// The request as the SDK gets it.
    pub fn object(self) -> Object<'a> {
        self.0.object
    }
}
