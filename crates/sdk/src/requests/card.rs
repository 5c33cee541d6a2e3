//! `requestPayment({ method: "CARD" })`.

use toss_checkout_contract::{Amount, Problem, ValueError};

use super::{
    option::{
        Choice, Choices, Draft, Flag, Many, Part, Setting, Vocabulary, Won, Word, options, within,
    },
    parts::{Deadline, EscrowProduct, deadline},
    payment::{Block, PaymentMethod, PromiseMethod, Sealed},
};
use crate::object::{Field, Object};

/// Which window opens for a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowMode {
    /// Toss's window for cards and easy pay. What Toss takes when nothing is said.
    Default,
    /// The own window of a card company or an easy pay service.
    Direct,
}

impl Vocabulary for FlowMode {
    fn word(self) -> &'static str {
        match self {
            Self::Default => "DEFAULT",
            Self::Direct => "DIRECT",
        }
    }
}

/// In how many months a credit card is paid off. Toss takes one of the two, never both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installments {
    /// Exactly so many months: 0 (at once), or 2 to 12. The buyer cannot choose.
    Exactly(u8),
    /// At once or in up to so many months, 2 to 12, as the buyer chooses; 0 for at once only.
    UpTo(u8),
}

struct Months(Installments);

const EXACTLY: &str = "cardInstallmentPlan";
const UP_TO: &str = "maxCardInstallmentPlan";

impl Months {
    fn number(&self) -> u8 {
        let (Installments::Exactly(months) | Installments::UpTo(months)) = self.0;
        months
    }
}

impl<'a> Setting<'a> for Months {
    fn check(&self, name: &'static str) -> Result<(), ValueError> {
        match self.number() {
            0 => Ok(()),
            months => within(name, months.into(), 2, 12),
        }
    }

    fn field(&self) -> Field<'a> {
        Field::Number(self.number().into())
    }

    fn name(&self, _: &'static str) -> &'static str {
        match self.0 {
            Installments::Exactly(_) => EXACTLY,
            Installments::UpTo(_) => UP_TO,
        }
    }
}

/// Months for which the merchant pays the interest of one company's cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FreeInstallmentPlan<'a> {
    /// The card company's code, see <https://docs.tosspayments.com/codes/org-codes>.
    pub company: &'a str,
    /// 2 to 12 each.
    pub months: &'a [u8],
}

impl<'a> Part<'a> for FreeInstallmentPlan<'a> {
    fn draft(&self) -> Draft<'a> {
        let mut draft = Draft::default();
        draft.set("company", Some(Word(self.company)));
        draft.set("months", Some(EachMonth(self.months)));
        draft
    }
}

/// `months: [2, 3]`.
struct EachMonth<'a>(&'a [u8]);

impl<'a> Setting<'a> for EachMonth<'a> {
    fn check(&self, name: &'static str) -> Result<(), ValueError> {
        if self.0.is_empty() {
            return Err(Problem::Empty.of(name));
        }
        let mut months = self.0.iter();
        months.try_for_each(|months| within(name, u64::from(*months), 2, 12))
    }

    fn field(&self) -> Field<'a> {
        let months = self.0.iter();
        Field::List(
            months
                .map(|months| Field::Number((*months).into()))
                .collect(),
        )
    }
}

/// The language in which the window begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowLanguage {
    /// Korean.
    Korean,
    /// English.
    English,
    /// Japanese.
    Japanese,
    /// Chinese.
    Chinese,
}

impl Vocabulary for WindowLanguage {
    fn word(self) -> &'static str {
        match self {
            Self::Korean => "KO",
            Self::English => "EN",
            Self::Japanese => "JA",
            Self::Chinese => "ZH",
        }
    }
}

/// What kind of card the window takes when the buyer types its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyinCardType {
    /// 개인카드: a person's.
    Personal,
    /// 법인카드: a company's.
    Corporate,
    /// 해외카드: issued abroad.
    Foreign,
}

impl Vocabulary for KeyinCardType {
    fn word(self) -> &'static str {
        match self {
            Self::Personal => "PERSONAL",
            Self::Corporate => "CORPORATE",
            Self::Foreign => "FOREIGN",
        }
    }
}

/// `keyin: { selectableCardTypes }`.
struct Keyin<'a>(&'a [KeyinCardType]);

impl<'a> Setting<'a> for Keyin<'a> {
    fn check(&self, _: &'static str) -> Result<(), ValueError> {
        Choices(self.0).check("selectableCardTypes")
    }

    fn field(&self) -> Field<'a> {
        let mut keyin = Object::new();
        keyin.set("selectableCardTypes", Some(Choices(self.0).field()));
        Field::Object(keyin)
    }
}

options! {
    /// 카드: a card or an easy pay service.
    /// Source: <https://docs.tosspayments.com/sdk/v2/js>.
    pub struct Card<'a> {
        /// Whether the buyer must accept escrow; unset, the buyer chooses.
        use_escrow: bool, Flag => "useEscrow",
        /// The part of the amount that is exempt from tax, such as a cup deposit, in won. A payment
        /// with one cannot be cancelled in part.
        tax_exemption_amount: u64, Won => "taxExemptionAmount",
        /// Which window opens.
        flow_mode: FlowMode, Choice => "flowMode",
        /// A card company's code: with [`FlowMode::Direct`] its own app opens, otherwise the window
        /// shows this company only.
        card_company: &'a str, Word => "cardCompany",
        /// An easy pay service's code: with [`FlowMode::Direct`] its own app opens; otherwise it
        /// changes nothing.
        easy_pay: &'a str, Word => "easyPay",
        /// Whether the card company's points are used at first; unset, the buyer chooses. Needs a
        /// contract.
        use_card_point: bool, Flag => "useCardPoint",
        /// Whether only the card company's app can pay.
        use_app_card_only: bool, Flag => "useAppCardOnly",
        /// A card company's promotion. With [`FlowMode::Direct`] only.
        discount_code: &'a str, Word => "discountCode",
        /// Whether the window takes cards issued abroad only, in several languages.
        use_international_card_only: bool, Flag => "useInternationalCardOnly",
        /// The language in which the window begins.
        language: WindowLanguage, Choice => "language",
        /// Whether the window for cards from abroad shows the amount in dollars, too.
        show_estimated_amount: bool, Flag => "showEstimatedAmount",
        /// The address with which a card company's app comes back to the merchant's app, such as
        /// `testapp://`.
        app_scheme: &'a str, Word => "appScheme",
        /// Whether the window on a phone has its header.
        show_mobile_app_header: bool, Flag => "showMobileAppHeader",
    }
    lists {
        /// Instalments whose interest the merchant pays.
        free_installment_plans: &'a [FreeInstallmentPlan<'a>], Many => "freeInstallmentPlans",
        /// What is held in escrow.
        escrow_products: &'a [EscrowProduct<'a>], Many => "escrowProducts",
        /// The kinds of card whose number can be typed in, in this order; the first is chosen at
        /// first (`keyin.selectableCardTypes`).
        keyin: &'a [KeyinCardType], Keyin => "keyin",
    }
}

impl<'a> Card<'a> {
    /// In how many months a credit card is paid off.
    #[must_use]
    pub fn installments(mut self, months: impl Into<Option<Installments>>) -> Self {
        self.0.object.remove(EXACTLY);
        self.0.object.remove(UP_TO);
        if let Some(months) = months.into() {
            self.0.set(EXACTLY, Some(Months(months)));
        }
        self
    }

    /// Until when the buyer can pay.
    #[must_use]
    pub fn deadline(mut self, until: impl Into<Option<Deadline<'a>>>) -> Self {
        deadline(&mut self.0, until.into());
        self
    }
}

impl Sealed for Card<'_> {}

impl<'a> PaymentMethod<'a> for Card<'a> {
    type Amount = Amount;

    fn block(mut self) -> Block<'a> {
        const CODE: &str = "discountCode";
        if self.0.object.has(CODE) && !self.0.object.says("flowMode", FlowMode::Direct.word()) {
            let refused = Problem::Format {
                expected: "a promotion of a card company's own window, with flowMode DIRECT",
            };
            self.0.put(CODE, Err(refused.of(CODE)));
        }
        Block {
            method: "CARD",
            name: "card",
            options: self.0,
        }
    }
}

impl<'a> PromiseMethod<'a> for Card<'a> {}
