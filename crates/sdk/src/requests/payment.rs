//! What every `requestPayment` has.

use std::marker::PhantomData;

use toss_checkout_contract::{Amount, OrderId, Problem, ValueError};

use super::{
    option::{Choice, Draft, Named, Setting, Short, Won, at_most},
    url::ReturnUrls,
};
use crate::{
    object::{Field, Object},
    window_target::WindowTarget,
};

pub(crate) mod sealed {
    /// Toss decides what can be asked for, so nobody else can add to it.
    pub trait Sealed {}
}
pub(crate) use sealed::Sealed;

const METADATA_MAX: usize = 5;
const METADATA_KEY_MAX: usize = 40;
const METADATA_VALUE_MAX: usize = 2000;

/// How the buyer pays: [`Card`](super::Card), [`Transfer`](super::Transfer),
/// [`VirtualAccount`](super::VirtualAccount), [`MobilePhone`](super::MobilePhone),
/// [`GiftCertificate`](super::GiftCertificate) or [`ForeignEasyPay`](super::ForeignEasyPay).
pub trait PaymentMethod<'a>: Sealed {
    /// What the amount is counted in: won, but for easy pay services abroad.
    type Amount: Price;

    /// What Toss calls it, and its own options.
    #[doc(hidden)]
    fn block(self) -> Block<'a>;
}

/// What a method adds to the request. Nothing when it has no options set.
#[derive(Debug)]
pub struct Block<'a> {
    pub(crate) method: &'static str,
    pub(crate) name: &'static str,
    pub(crate) options: Draft<'a>,
}

/// A method that also works without return addresses.
/// Source: the typings; all but [`ForeignEasyPay`](super::ForeignEasyPay).
pub trait PromiseMethod<'a>: PaymentMethod<'a> {}

/// A sum of money as the SDK takes it.
pub trait Price: Copy + Sealed {
    /// In units of the currency.
    fn value(self) -> f64;
    /// The ISO 4217 code.
    fn currency(self) -> &'static str;
}

impl Sealed for Amount {}

impl Price for Amount {
    fn value(self) -> f64 {
        self.decimal().as_f64()
    }

    fn currency(self) -> &'static str {
        Amount::currency(self).as_str()
    }
}

/// `requestPayment`. Borrows what it sends: it is made for one call.
#[derive(Debug, Clone, PartialEq)]
pub struct PaymentRequest<'a, M> {
    draft: Draft<'a>,
    // Decides whether an answer by promise can be asked for.
    method: PhantomData<M>,
}

impl<'a, M: PaymentMethod<'a>> PaymentRequest<'a, M> {
    /// A request with what is needed: what is to be paid, the merchant's order number, what is being
    /// bought (1 to 100 characters), and how the buyer pays.
    pub fn new(amount: M::Amount, order_id: &'a OrderId, order_name: &'a str, method: M) -> Self {
        let (value, currency) = (amount.value(), amount.currency());
        Self {
            draft: draft(value, currency, order_id, order_name, method.block()),
            method: PhantomData,
        }
    }

    /// The buyer's name, at most 100 characters.
    #[must_use]
    pub fn customer_name(mut self, name: impl Into<Option<&'a str>>) -> Self {
        self.draft.set("customerName", name.into().map(Short));
        self
    }

    /// Where Toss sends notices to, at most 100 characters.
    #[must_use]
    pub fn customer_email(mut self, email: impl Into<Option<&'a str>>) -> Self {
        self.draft.set("customerEmail", email.into().map(Short));
        self
    }

    /// Gets the account number by text message; 8 to 15 digits.
    #[must_use]
    pub fn customer_mobile_phone(mut self, phone: impl Into<Option<&'a str>>) -> Self {
        self.draft
            .set("customerMobilePhone", phone.into().map(Phone));
        self
    }

    /// The part of the amount that is free of tax. For merchants with such a contract only.
    #[must_use]
    pub fn tax_free_amount(mut self, amount: impl Into<Option<u64>>) -> Self {
        self.draft.set("taxFreeAmount", amount.into().map(Won));
        self
    }

    /// Where the window opens; by default Toss decides. See [`WindowTarget::choose`].
    #[must_use]
    pub fn window_target(mut self, target: impl Into<Option<WindowTarget>>) -> Self {
        self.draft.set("windowTarget", target.into().map(Choice));
        self
    }

    /// What the merchant wants to find in the payment again: at most 5 pairs, keys of at most 40
    /// characters without `[` and `]`, values of at most 2000.
    #[must_use]
    pub fn metadata(mut self, pairs: &'a [(&'a str, &'a str)]) -> Self {
        self.draft.set("metadata", Some(Metadata(pairs)));
        self
    }

    /// Checks Toss's limits, as the call does before Toss sees the request.
    ///
    /// # Errors
    /// Names the first value that was refused, and the limit.
    pub fn check(&self) -> Result<(), ValueError> {
        self.draft.check()
    }

    /// The request as the SDK gets it: with return addresses, or without for an answer by promise.
    pub fn object(self, urls: Option<&'a ReturnUrls>) -> Object<'a> {
        let mut object = self.draft.object;
        if let Some(urls) = urls {
            urls.put(&mut object);
        }
        object
    }
}

fn draft<'a>(
    value: f64,
    currency: &'static str,
    order_id: &'a OrderId,
    order_name: &'a str,
    Block {
        method,
        name,
        options,
    }: Block<'a>,
) -> Draft<'a> {
    let mut amount = Object::new();
    amount.set("value", Some(Field::Number(value)));
    amount.text("currency", Some(currency));

    let mut draft = Draft::default();
    draft.object.text("method", Some(method));
    draft.object.set("amount", Some(Field::Object(amount)));
    draft.object.text("orderId", Some(order_id.as_str()));
    draft.set("orderName", Some(Named(order_name)));
    let refused = options.check();
    if refused.is_err() || !options.object.is_empty() {
        draft.put(name, refused.map(|()| Field::Object(options.object)));
    }
    draft
}

/// 8 to 15 digits.
struct Phone<'a>(&'a str);

impl<'a> Setting<'a> for Phone<'a> {
    fn check(&self, name: &'static str) -> Result<(), ValueError> {
        if (8..=15).contains(&self.0.len()) && self.0.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(());
        }
        Err(Problem::Format {
            expected: "8 to 15 digits",
        }
        .of(name))
    }

    fn field(&self) -> Field<'a> {
        Field::Text(self.0)
    }
}

struct Metadata<'a>(&'a [(&'a str, &'a str)]);

impl<'a> Setting<'a> for Metadata<'a> {
    fn check(&self, name: &'static str) -> Result<(), ValueError> {
        let pairs = self.0;
        let count = pairs.len();
        if count > METADATA_MAX {
            let max = METADATA_MAX;
            return Err(Problem::TooMany { count, max }.of(name));
        }
        let format = |expected| Err(Problem::Format { expected }.of(name));
        for (index, (key, value)) in pairs.iter().enumerate() {
            if key.is_empty() || key.bytes().any(|byte| matches!(byte, b'[' | b']')) {
                return format("keys that are not empty and hold no [ or ]");
            }
            if pairs.iter().take(index).any(|(earlier, _)| earlier == key) {
                return format("keys that differ from each other");
            }
            at_most("metadata key", key, METADATA_KEY_MAX)?;
            at_most("metadata value", value, METADATA_VALUE_MAX)?;
        }
        Ok(())
    }

    fn field(&self) -> Field<'a> {
        let mut pairs = Object::new();
        for (key, value) in self.0 {
            pairs.text(key, Some(value));
        }
        Field::Object(pairs)
    }
}

#[cfg(test)]
mod tests;
