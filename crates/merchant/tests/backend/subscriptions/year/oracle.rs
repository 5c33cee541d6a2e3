//! What a year of a subscription has to come to: the same rules, told a second time, with the dates of
//! another calendar library and without anything of the engine.

use jiff::{
    ToSpan,
    civil::{Date, date},
};
use toss_merchant::domain::subscription::calendar::{Interval, Unit};

/// A card of the sandbox, by what comes of its charges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Card {
    Good,
    AnotherGood,
    Refused,
    RefusedByTheCompany,
    Stopped,
    RefusedOnce,
}

impl Card {
    pub(super) const ALL: [Self; 6] = [
        Self::Good,
        Self::AnotherGood,
        Self::Refused,
        Self::RefusedByTheCompany,
        Self::Stopped,
        Self::RefusedOnce,
    ];

    pub(super) fn number(self) -> &'static str {
        match self {
            Self::Good => "9410001234567890",
            Self::AnotherGood => "9410001234567891",
            Self::Refused => "9410000000000001",
            Self::RefusedByTheCompany => "9410000000000002",
            Self::Stopped => "9410000000000003",
            Self::RefusedOnce => "9410000000000006",
        }
    }

    /// What one charge does to it matters to the next.
    pub(super) fn is_ones_own(self) -> bool {
        matches!(self, Self::Stopped | Self::RefusedOnce)
    }

    fn code(self) -> &'static str {
        match self {
            Self::RefusedByTheCompany => "REJECT_CARD_COMPANY",
            Self::Stopped => "INVALID_STOPPED_CARD",
            _ => "REJECT_CARD_PAYMENT",
        }
    }

    /// On which days after a refusal it is tried again.
    fn tried_again(self) -> &'static [i64] {
        match self {
            Self::Refused => &[1, 3, 6, 13],
            Self::RefusedByTheCompany => &[3, 6],
            Self::RefusedOnce => &[1],
            Self::Good | Self::AnotherGood | Self::Stopped => &[],
        }
    }
}

/// What somebody does.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Act {
    Replace(Card),
    Pause { until: Date },
    ChangeLater(u64),
    ChangeNow(u64),
    Consent,
    CancelAtEnd,
    CancelNow,
}

/// How a year goes.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Story {
    Plain,
    /// A bad card, and a good one so many days after the refusal.
    Replaced(Card, i64),
    /// A bad card for good.
    GivenUp,
    Paused,
    Cheaper,
    Dearer,
    /// Nobody agrees.
    DearerUnasked,
    DearerNow,
    CanceledAtEnd,
    CanceledNow,
    /// Free until then, and whether the customer agrees to pay.
    Trial(bool),
}

const TRIAL_END: Date = date(2027, 3, 1);

#[derive(Debug, Clone)]
pub(super) struct Script {
    pub(super) n: usize,
    pub(super) anchor: Date,
    pub(super) interval: Interval,
    pub(super) price: u64,
    story: Story,
    /// The day on which somebody does something.
    act: Date,
}

fn interval(unit: Unit, count: u32) -> Interval {
    Interval { unit, count }
}

impl Script {
    pub(super) fn of(n: usize) -> Self {
        let of_month = i8::try_from(n % 31 + 1).unwrap();
        let number = i64::try_from(n).unwrap();
        let months = |count| (interval(Unit::Month, count), date(2027, 1, of_month));
        let (interval, anchor) = match n / 31 % 10 * 10 + n % 10 {
            0 => (interval(Unit::Week, 1), date(2027, 1, of_month)),
            1 => (interval(Unit::Week, 2), date(2027, 1, of_month)),
            2 => (interval(Unit::Day, 10), date(2027, 1, of_month)),
            3..6 => (
                interval(Unit::Year, 1),
                date(2026, 8, 1).checked_add(number.days()).unwrap(),
            ),
            6..40 => months(6),
            40..60 => months(3),
            60..80 => months(2),
            _ => months(1),
        };
        let days = number % 12;
        let story = match (n / 10 + n) % 20 {
            // Something has to be paid by the day on which somebody does something.
            _ if interval.unit != Unit::Month || interval.count > 2 => Story::Plain,
            // A pause that ends before the period does is refused.
            11 if interval.count > 1 => Story::Plain,
            6 | 16 => Story::Replaced(Card::Refused, days),
            7 => Story::GivenUp,
            8 => Story::Replaced(Card::RefusedOnce, 0),
            9 => Story::Replaced(Card::Stopped, days),
            10 => Story::Replaced(Card::RefusedByTheCompany, 10),
            11 => Story::Paused,
            12 => Story::Cheaper,
            13 => Story::Dearer,
            14 => Story::DearerUnasked,
            15 => Story::DearerNow,
            17 => Story::CanceledAtEnd,
            18 => Story::CanceledNow,
            19 => Story::Trial(n.is_multiple_of(2)),
            _ => Story::Plain,
        };
        let trial = matches!(story, Story::Trial(_));
        Self {
            n,
            anchor: if trial {
                TRIAL_END.tomorrow().unwrap()
            } else {
                anchor
            },
            interval,
            price: 5_000 + 10 * u64::try_from(n).unwrap(),
            story,
            act: date(2027, 4, 10).checked_add((number % 60).days()).unwrap(),
        }
    }

    pub(super) fn trial_end(&self) -> Option<Date> {
        matches!(self.story, Story::Trial(_)).then_some(TRIAL_END)
    }

    pub(super) fn uses(&self, card: Card) -> bool {
        matches!(self.story, Story::Replaced(bad, _) if bad == card)
    }

    /// The first day of a period, counted from 0.
    fn start(&self, index: u32) -> Date {
        let n = i64::from(index * self.interval.count);
        let span = match self.interval.unit {
            Unit::Day => n.days(),
            Unit::Week => n.weeks(),
            Unit::Month => n.months(),
            Unit::Year => n.years(),
        };
        self.anchor.checked_add(span).unwrap()
    }

    /// The first period that begins after a day.
    fn after(&self, day: Date) -> u32 {
        (0..1_000).find(|index| self.start(*index) > day).unwrap()
    }

    fn new_price(&self) -> u64 {
        match self.story {
            Story::Cheaper => self.price - 1_000,
            Story::Dearer | Story::DearerUnasked => self.price + 1_000,
            _ => self.price + 30_000,
        }
    }

    /// What somebody does, and when.
    pub(super) fn acts(&self, end: Date) -> Vec<(Date, Act)> {
        let day = self.act;
        let next = self.start(self.after(day));
        let acts = match self.story {
            Story::Plain | Story::Trial(false) => Vec::new(),
            Story::Replaced(card @ Card::RefusedOnce, _) => vec![(day, Act::Replace(card))],
            Story::Replaced(card, days) => vec![
                (day, Act::Replace(card)),
                (
                    next.checked_add(days.days()).unwrap(),
                    Act::Replace(Card::AnotherGood),
                ),
            ],
            Story::GivenUp => vec![(day, Act::Replace(Card::Refused))],
            Story::Paused => vec![(
                day,
                Act::Pause {
                    until: self.resumed(),
                },
            )],
            Story::Cheaper | Story::DearerUnasked => {
                vec![(day, Act::ChangeLater(self.new_price()))]
            }
            Story::Dearer => vec![
                (day, Act::ChangeLater(self.new_price())),
                (day.max(next.checked_sub(5.days()).unwrap()), Act::Consent),
            ],
            Story::DearerNow => vec![(day, Act::ChangeNow(self.new_price()))],
            Story::CanceledAtEnd => vec![(day, Act::CancelAtEnd)],
            Story::CanceledNow => vec![(day, Act::CancelNow)],
            Story::Trial(true) => vec![(date(2027, 2, 20), Act::Consent)],
        };
        acts.into_iter().filter(|(on, _)| *on <= end).collect()
    }

    fn resumed(&self) -> Date {
        self.act.checked_add(75.days()).unwrap()
    }

    /// Every invoice until the end of a day, oldest first, and the status then.
    pub(super) fn ledger(&self, begin: Date, end: Date) -> (Vec<String>, &'static str) {
        let mut ledger = Vec::new();
        let first = (0..1_000)
            .find(|index| self.start(*index) >= begin)
            .unwrap();
        let next = self.after(self.act);
        let mut index = first;
        let mut price = self.price;
        if self.story == Story::Trial(false) {
            return (ledger, "canceled");
        }
        while self.start(index) <= end {
            let day = self.start(index);
            let at = index == next;
            // Subscribed at noon, when the hours of charging are over.
            let first_hour = if day == begin {
                day.tomorrow().unwrap()
            } else {
                day
            };
            let mut charges = vec![charge("schedule", None, &first_hour.to_string())];
            let mut status = "paid";
            let mut refund = 0;
            let mut amount = price;
            match self.story {
                Story::Replaced(card, days) if at => {
                    charges = refusals(card, day, days);
                    let (trigger, on) = match card {
                        Card::RefusedOnce => ("retry", day.tomorrow().unwrap()),
                        _ => ("method_changed", day.checked_add(days.days()).unwrap()),
                    };
                    charges.push(charge(trigger, None, &on.to_string()));
                }
                Story::GivenUp if at => {
                    charges = refusals(Card::Refused, day, 30);
                    status = "uncollectible";
                }
                Story::Paused if at => {
                    let on = self.resumed();
                    index = self.after(on) - 1;
                    charges = vec![charge("schedule", None, &on.to_string())];
                    let (left, of) = self.left(index, on);
                    amount = price * left / of;
                }
                Story::Cheaper | Story::Dearer if at => {
                    price = self.new_price();
                    amount = price;
                }
                Story::DearerUnasked | Story::CanceledAtEnd | Story::CanceledNow if at => break,
                Story::CanceledNow if index + 1 == next => {
                    let (left, of) = self.left(index, self.act);
                    refund = (price * left).div_ceil(of);
                }
                _ => {}
            }
            let mut add = |kind, price, charges: &[String], status, refund| {
                ledger.push(row(
                    kind,
                    index + 1,
                    &self.start(index).to_string(),
                    &self.start(index + 1).to_string(),
                    price,
                    status,
                    charges,
                    refund,
                ));
            };
            add("period", amount, &charges, status, refund);
            if self.story == Story::DearerNow && index + 1 == next {
                let (left, of) = self.left(index, self.act);
                let difference = (self.new_price() - price) * left / of;
                let charges = [charge("customer", None, &self.act.to_string())];
                add("proration", difference, &charges, "paid", 0);
                price = self.new_price();
            }
            if status == "uncollectible" {
                break;
            }
            index += 1;
        }
        let over = matches!(
            self.story,
            Story::GivenUp | Story::DearerUnasked | Story::CanceledAtEnd | Story::CanceledNow
        );
        (ledger, if over { "canceled" } else { "active" })
    }

    /// The days of a period that are left on a day, and all of them.
    fn left(&self, index: u32, on: Date) -> (u64, u64) {
        let days = |from: Date, to: Date| {
            let span = from.until(to).unwrap();
            u64::try_from(span.get_days()).unwrap()
        };
        let (start, end) = (self.start(index), self.start(index + 1));
        (days(on, end), days(start, end))
    }
}

/// The charges of a bad card until it is replaced, so many days after the first.
fn refusals(card: Card, day: Date, until: i64) -> Vec<String> {
    let mut charges = vec![charge("schedule", Some(card.code()), &day.to_string())];
    if card == Card::RefusedOnce {
        return charges;
    }
    for days in card.tried_again().iter().filter(|days| **days <= until) {
        let on = day.checked_add(days.days()).unwrap();
        charges.push(charge("retry", Some(card.code()), &on.to_string()));
    }
    charges
}

/// A charge: why, what came of it, when.
pub(super) fn charge(trigger: &str, code: Option<&str>, day: &str) -> String {
    format!("{trigger} {} {day}", code.unwrap_or("paid"))
}

#[expect(clippy::too_many_arguments, reason = "one per column")]
pub(super) fn row(
    kind: &str,
    no: u32,
    start: &str,
    end: &str,
    amount: u64,
    status: &str,
    charges: &[String],
    refund: u64,
) -> String {
    format!("{kind} {no} {start}..{end} {amount} {status} {charges:?} back {refund}")
}
