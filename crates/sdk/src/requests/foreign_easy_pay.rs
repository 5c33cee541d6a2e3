//! `requestPayment({ method: "FOREIGN_EASY_PAY" })`.

use toss_checkout_contract::{MAX_AMOUNT, Problem, ValueError};

use super::{
    option::{
        Choice, Count, Draft, Many, Named, One, Part, Setting, Vocabulary, Word, options, within,
    },
    payment::{Block, PaymentMethod, Price, Sealed},
};
use crate::object::{Field, Object};

/// A sum of money abroad, never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForeignAmount {
    minor: u64,
    currency: ForeignCurrency,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ForeignCurrency {
    Usd,
    Jpy,
}

impl ForeignAmount {
    /// US dollars, counted in cents. PayPal takes dollars only.
    ///
    /// # Errors
    /// Zero, or more than 2^53 - 1 cents.
    pub fn usd_cents(cents: u64) -> Result<Self, ValueError> {
        Self::checked(cents, ForeignCurrency::Usd)
    }

    /// Japanese yen, which have no smaller unit.
    ///
    /// # Errors
    /// Zero, or more than 2^53 - 1 yen.
    pub fn yen(yen: u64) -> Result<Self, ValueError> {
        Self::checked(yen, ForeignCurrency::Jpy)
    }

    fn checked(minor: u64, currency: ForeignCurrency) -> Result<Self, ValueError> {
        within("amount", minor, 1, MAX_AMOUNT)?;
        Ok(Self { minor, currency })
    }
}

impl Sealed for ForeignAmount {}

impl Price for ForeignAmount {
    fn value(self) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "checked to be below 2^53, which f64 holds exactly"
        )]
        let minor = self.minor as f64;
        match self.currency {
            ForeignCurrency::Usd => minor / 100.0,
            ForeignCurrency::Jpy => minor,
        }
    }

    fn currency(self) -> &'static str {
        match self.currency {
            ForeignCurrency::Usd => "USD",
            ForeignCurrency::Jpy => "JPY",
        }
    }
}

/// An easy pay service abroad. Toss supports PayPal and PayPay today; the others are in its typings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the services' own")]
pub enum ForeignProvider {
    PayPal,
    GCash,
    TouchNGo,
    Boost,
    Bpi,
    BillEase,
    Dana,
    AlipayHk,
    TrueMoney,
    RabbitLinePay,
    Alipay,
    PayPay,
}

impl ForeignProvider {
    /// Every service.
    pub const ALL: [Self; 12] = [
        Self::PayPal,
        Self::GCash,
        Self::TouchNGo,
        Self::Boost,
        Self::Bpi,
        Self::BillEase,
        Self::Dana,
        Self::AlipayHk,
        Self::TrueMoney,
        Self::RabbitLinePay,
        Self::Alipay,
        Self::PayPay,
    ];
}

impl Vocabulary for ForeignProvider {
    fn word(self) -> &'static str {
        match self {
            Self::PayPal => "PAYPAL",
            Self::GCash => "GCASH",
            Self::TouchNGo => "TOUCHNGO",
            Self::Boost => "BOOST",
            Self::Bpi => "BPI",
            Self::BillEase => "BILLEASE",
            Self::Dana => "DANA",
            Self::AlipayHk => "ALIPAYHK",
            Self::TrueMoney => "TRUEMONEY",
            Self::RabbitLinePay => "RABBIT_LINE_PAY",
            Self::Alipay => "ALIPAY",
            Self::PayPay => "PAYPAY",
        }
    }
}

/// A product, for PayPal's seller protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForeignProduct<'a> {
    /// At most 100 characters.
    pub name: &'a str,
    /// At least 1.
    pub quantity: u32,
    /// What one piece costs.
    pub unit_amount: ForeignAmount,
    /// In words.
    pub description: &'a str,
}

impl<'a> Part<'a> for ForeignProduct<'a> {
    fn draft(&self) -> Draft<'a> {
        let mut draft = Draft::default();
        draft.set("name", Some(Named(self.name)));
        draft.set("quantity", Some(Count(self.quantity)));
        let Draft { object, .. } = &mut draft;
        object.set("unitAmount", Some(Field::Number(self.unit_amount.value())));
        object.text("currency", Some(self.unit_amount.currency()));
        object.text("description", Some(self.description));
        draft
    }
}

/// A country's code by ISO 3166, two capital letters.
struct Country<'a>(&'a str);

impl<'a> Setting<'a> for Country<'a> {
    fn check(&self, name: &'static str) -> Result<(), ValueError> {
        let two = self.0.len() == 2 && self.0.bytes().all(|byte| byte.is_ascii_uppercase());
        if two {
            return Ok(());
        }
        Err(Problem::Format {
            expected: "two capital letters by ISO 3166, such as KR",
        }
        .of(name))
    }

    fn field(&self) -> Field<'a> {
        Field::Text(self.0)
    }
}

options! {
    /// Where a parcel goes, but for the country and the city.
    pub struct AddressLines<'a> {
        /// Street, building, number.
        line1: &'a str, Word => "line1",
        /// Floor, room.
        line2: &'a str, Word => "line2",
        /// State, province or region. Not every country has them.
        area1: &'a str, Word => "area1",
        /// Needed in some countries, such as Japan, France and Germany.
        postal_code: &'a str, Word => "postalCode",
    }
}

/// Where a parcel goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Address<'a>(Draft<'a>);

impl<'a> Address<'a> {
    /// The country's code by ISO 3166 (two capital letters), the city, and the rest.
    pub fn new(country: &'a str, city: &'a str, lines: AddressLines<'a>) -> Self {
        let mut draft = lines.0;
        draft.set("country", Some(Country(country)));
        draft.set("area2", Some(Word(city)));
        Self(draft)
    }
}

impl<'a> Part<'a> for Address<'a> {
    fn draft(&self) -> Draft<'a> {
        self.0.clone()
    }
}

options! {
    /// To whom and where it is sent.
    pub struct Shipping<'a> {
        /// Who receives it.
        full_name: &'a str, Word => "fullName",
        /// Where it goes.
        address: Address<'a>, One => "address",
    }
}

impl<'a> Part<'a> for Shipping<'a> {
    fn draft(&self) -> Draft<'a> {
        self.0.clone()
    }
}

/// `paymentMethodOptions: { paypal: { setTransactionContext } }`.
struct PayPalContext<'a>(&'a [(&'a str, &'a str)]);

impl<'a> Setting<'a> for PayPalContext<'a> {
    fn check(&self, _: &'static str) -> Result<(), ValueError> {
        if self.0.iter().any(|(name, _)| name.is_empty()) {
            return Err(Problem::Empty.of("setTransactionContext"));
        }
        Ok(())
    }

    fn field(&self) -> Field<'a> {
        let mut context = Object::new();
        for (name, value) in self.0 {
            context.text(name, Some(value));
        }
        let mut paypal = Object::new();
        paypal.set("setTransactionContext", Some(Field::Object(context)));
        let mut options = Object::new();
        options.set("paypal", Some(Field::Object(paypal)));
        Field::Object(options)
    }
}

options! {
    /// What an easy pay service abroad may want to know.
    pub struct ForeignOptions<'a> {
        /// To whom and where it is sent.
        shipping: Shipping<'a>, One => "shipping",
    }
    lists {
        /// What is being bought, one entry per kind of product.
        products: &'a [ForeignProduct<'a>], Many => "products",
        /// What PayPal wants to know of the buyer, by the names of its "Set Transaction Context".
        /// Source: <https://static.tosspayments.com/public/STC.pdf>.
        paypal_context: &'a [(&'a str, &'a str)], PayPalContext => "paymentMethodOptions",
    }
}

/// 해외 간편결제: an easy pay service abroad. With return addresses only.
/// Source: <https://docs.tosspayments.com/sdk/v2/js>.
#[derive(Debug, Clone, PartialEq)]
pub struct ForeignEasyPay<'a>(Draft<'a>);

impl<'a> ForeignEasyPay<'a> {
    /// A service, the country in which the buyer is by ISO 3166 (two capital letters), and what the
    /// service may want to know besides.
    pub fn new(provider: ForeignProvider, country: &'a str, options: ForeignOptions<'a>) -> Self {
        let mut draft = options.0;
        draft.set("provider", Some(Choice(provider)));
        draft.set("country", Some(Country(country)));
        Self(draft)
    }
}

impl Sealed for ForeignEasyPay<'_> {}

impl<'a> PaymentMethod<'a> for ForeignEasyPay<'a> {
    type Amount = ForeignAmount;

    fn block(self) -> Block<'a> {
        Block {
            method: "FOREIGN_EASY_PAY",
            name: "foreignEasyPay",
            options: self.0,
        }
    }
}
