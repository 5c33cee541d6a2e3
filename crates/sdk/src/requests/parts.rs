//! What more than one request can hold.

use toss_checkout_contract::{CashReceiptType, Problem, ValueError};

use super::option::{Count, Draft, Part, Setting, Vocabulary, Won, Word, options, within};
use crate::object::{Field, Object};

/// 90 days.
const VALID_HOURS_MAX: u64 = 2160;

/// Until when the buyer can pay. Toss takes one of the two, never both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deadline<'a> {
    /// Hours from the request, 1 to 2160.
    ValidHours(u16),
    /// `yyyy-MM-dd'T'HH:mm:ss` in Korean time; the moment itself is too late.
    DueDate(&'a str),
}

/// Writes a [`Deadline`] under the name of its kind.
struct Until<'a>(Deadline<'a>);

impl<'a> Setting<'a> for Until<'a> {
    fn check(&self, name: &'static str) -> Result<(), ValueError> {
        match self.0 {
            Deadline::ValidHours(hours) => within(name, hours.into(), 1, VALID_HOURS_MAX),
            Deadline::DueDate(date) if is_local_time(date) => Ok(()),
            Deadline::DueDate(_) => Err(Problem::Format {
                expected: "2026-11-21T23:59:59",
            }
            .of(name)),
        }
    }

    fn field(&self) -> Field<'a> {
        match self.0 {
            Deadline::ValidHours(hours) => Field::Number(hours.into()),
            Deadline::DueDate(date) => Field::Text(date),
        }
    }

    fn name(&self, _: &'static str) -> &'static str {
        match self.0 {
            Deadline::ValidHours(_) => VALID_HOURS,
            Deadline::DueDate(_) => DUE_DATE,
        }
    }
}

const VALID_HOURS: &str = "validHours";
const DUE_DATE: &str = "dueDate";

/// Sets one of the two names, and takes the other one back.
pub(crate) fn deadline<'a>(draft: &mut Draft<'a>, deadline: Option<Deadline<'a>>) {
    draft.object.remove(VALID_HOURS);
    draft.object.remove(DUE_DATE);
    if deadline.is_some() {
        draft.set(VALID_HOURS, deadline.map(Until));
    }
}

fn is_local_time(text: &str) -> bool {
    let shape = b"0000-00-00T00:00:00";
    text.len() == shape.len()
        && text.bytes().zip(shape).all(|(byte, want)| match want {
            b'0' => byte.is_ascii_digit(),
            other => byte == *other,
        })
}

/// `cashReceipt: { type }`.
pub(crate) struct Receipt(pub(crate) CashReceiptType);

impl<'a> Setting<'a> for Receipt {
    fn field(&self) -> Field<'a> {
        let mut receipt = Object::new();
        receipt.text("type", Some(self.0.as_str()));
        Field::Object(receipt)
    }
}

options! {
    /// A product whose money is held in escrow: one per kind of product in the order.
    pub struct EscrowProduct<'a> {
        /// What tells the products of the order apart.
        id: &'a str, Word => "id",
        /// What it is called.
        name: &'a str, Word => "name",
        /// The merchant's own code for it.
        code: &'a str, Word => "code",
        /// What one piece costs, in won.
        unit_price: u64, Won => "unitPrice",
        /// How many pieces, at least 1.
        quantity: u32, Count => "quantity",
    }
}

impl<'a> Part<'a> for EscrowProduct<'a> {
    fn draft(&self) -> Draft<'a> {
        self.0.clone()
    }
}

/// What kind of card the window offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardType {
    /// 개인카드: a person's.
    Personal,
    /// 법인카드: a company's.
    Corporate,
}

impl Vocabulary for CardType {
    fn word(self) -> &'static str {
        match self {
            Self::Personal => "PERSONAL",
            Self::Corporate => "CORPORATE",
        }
    }
}
