//! What a customer is to be told before a charge: the text is finished, the merchant sends it.
//!
//! Source: 여신전문금융업법 감독규정 (18 November 2021): seven days before a free time turns into a paid
//! one, by text message or the like.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;
use toss_checkout_contract::CustomerKey;
use utoipa::ToSchema;

use super::{
    Subscription,
    calendar::{Day, Interval, Unit},
    consent::{ConsentKind, Needed},
    names,
    state::NoticeKind,
};
use crate::domain::{
    ids::{NoticeId, SubscriptionId},
    time::Millis,
};

/// How long before a charge it is told.
pub const BEFORE: Duration = Duration::from_hours(7 * 24);

/// The notice that has to precede a charge.
pub fn before(kind: ConsentKind) -> NoticeKind {
    match kind {
        ConsentKind::TrialConversion => NoticeKind::TrialEnding,
        ConsentKind::PriceIncrease => NoticeKind::PriceIncrease,
    }
}

/// A finished text in every language that a customer may read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = NoticeText)]
pub struct Texts {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

/// A notice that came due: what the merchant was asked to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The row.
    pub id: NoticeId,
    /// The subscription.
    pub subscription_id: SubscriptionId,
    /// Whom it is for.
    pub customer_key: CustomerKey,
    /// What it is about.
    pub kind: NoticeKind,
    /// The charge before which it is told.
    pub for_at: Millis,
    /// What was paid, in won; zero after a free time.
    pub price_before: u64,
    /// What will be, in won.
    pub price_after: u64,
    /// What the customer is to read.
    pub text: Texts,
    /// When it came due.
    pub due_at: Millis,
}

impl Notice {
    /// The notice about a charge. `subscription`: as the step leaves it that the notice comes due with.
    pub fn new(
        kind: NoticeKind,
        subscription: &Subscription,
        needed: &Needed,
        now: Millis,
    ) -> Self {
        Self {
            id: names::notice(&subscription.id, subscription.revision),
            subscription_id: subscription.id.clone(),
            customer_key: subscription.customer_key.clone(),
            kind,
            for_at: needed.effective_at,
            price_before: needed.before.price,
            price_after: needed.after.price,
            text: texts(kind, &subscription.order_name, needed),
            due_at: now,
        }
    }

    /// As it is told to others.
    pub fn data(&self) -> serde_json::Value {
        json!({
            "id": self.id,
            "kind": self.kind,
            "forAt": self.for_at.kst(),
            "priceBefore": {"value": self.price_before, "currency": "KRW"},
            "priceAfter": {"value": self.price_after, "currency": "KRW"},
            "text": self.text,
        })
    }
}

/// What a customer reads. `name`: what is sold.
fn texts(kind: NoticeKind, name: &str, needed: &Needed) -> Texts {
    Texts {
        ko: korean(kind, name, needed),
        en: english(kind, name, needed),
    }
}

fn korean(kind: NoticeKind, name: &str, needed: &Needed) -> String {
    let (before, after) = (won(needed.before.price), won(needed.after.price));
    let day = korean_day(needed.effective_at);
    let every = korean_interval(needed.after.interval);
    let what = match needed.kind {
        ConsentKind::TrialConversion => {
            format!("'{name}'의 무료 이용이 끝나고 {day}부터 {every} {after}원이 결제돼요.")
        }
        ConsentKind::PriceIncrease => {
            format!("'{name}'의 결제 금액이 {day}부터 {before}원에서 {every} {after}원으로 올라요.")
        }
    };
    match kind {
        NoticeKind::ConsentRequest => format!(
            "{what} 계속 이용하시려면 {day} 전까지 동의해 주세요. 동의하지 않으시면 결제되지 않아요."
        ),
        NoticeKind::TrialEnding | NoticeKind::PriceIncrease => {
            format!("{what} 원하지 않으시면 그 전에 언제든지 해지할 수 있어요.")
        }
    }
}

fn english(kind: NoticeKind, name: &str, needed: &Needed) -> String {
    let (before, after) = (won(needed.before.price), won(needed.after.price));
    let day = Day::of(needed.effective_at);
    let every = english_interval(needed.after.interval);
    let what = match needed.kind {
        ConsentKind::TrialConversion => {
            format!("The free time of “{name}” ends: from {day} on, ₩{after} is charged {every}.")
        }
        ConsentKind::PriceIncrease => {
            format!("From {day} on, “{name}” costs ₩{after} {every} instead of ₩{before}.")
        }
    };
    match kind {
        NoticeKind::ConsentRequest => {
            format!("{what} To go on, agree before {day}. Without your consent nothing is charged.")
        }
        NoticeKind::TrialEnding | NoticeKind::PriceIncrease => {
            format!("{what} You can cancel at any time before.")
        }
    }
}

pub(super) fn won(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub(super) fn korean_day(moment: Millis) -> String {
    let day = Day::of(moment).to_string();
    let mut parts = day
        .split('-')
        .map(|part| part.trim_start_matches('0').to_owned());
    let mut part = || parts.next().unwrap_or_default();
    format!("{}년 {}월 {}일", part(), part(), part())
}

pub(super) fn korean_interval(interval: Interval) -> String {
    match (interval.unit, interval.count) {
        (Unit::Day, 1) => "매일".to_owned(),
        (Unit::Week, 1) => "매주".to_owned(),
        (Unit::Month, 1) => "매월".to_owned(),
        (Unit::Year, 1) => "매년".to_owned(),
        (Unit::Day, count) => format!("{count}일마다"),
        (Unit::Week, count) => format!("{count}주마다"),
        (Unit::Month, count) => format!("{count}개월마다"),
        (Unit::Year, count) => format!("{count}년마다"),
    }
}

pub(super) fn english_interval(interval: Interval) -> String {
    match interval.count {
        1 => format!("every {}", interval.unit),
        count => format!("every {count} {}s", interval.unit),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::subscription::price::Terms;

    #[test]
    fn the_text_is_finished_in_both_languages() {
        let interval = Interval {
            unit: Unit::Month,
            count: 1,
        };
        let terms = |price| Terms { price, interval };
        let from: Day = "2026-12-05".parse().unwrap();
        let mut needed = Needed {
            kind: ConsentKind::TrialConversion,
            before: terms(0),
            after: terms(14_900),
            from,
            effective_at: from.at(Duration::from_hours(9)),
        };
        let told = texts(NoticeKind::TrialEnding, "토스 프라임 구독", &needed);
        assert_eq!(
            told.ko,
            "'토스 프라임 구독'의 무료 이용이 끝나고 2026년 12월 5일부터 매월 14,900원이 결제돼요. 원하지 않으시면 그 전에 언제든지 해지할 수 있어요."
        );
        needed.kind = ConsentKind::PriceIncrease;
        needed.before = terms(9_900);
        let told = texts(NoticeKind::ConsentRequest, "토스 프라임 구독", &needed);
        assert_eq!(
            told.en,
            "From 2026-12-05 on, “토스 프라임 구독” costs ₩14,900 every month instead of ₩9,900. To go on, agree before 2026-12-05. Without your consent nothing is charged."
        );
        let data = notice(1).data();
        assert_eq!(data["forAt"], "1970-01-12T22:46:40+09:00");
        assert_eq!(data["priceAfter"]["value"], 102);
        assert_eq!(won(1_234_567), "1,234,567");
        assert_eq!(won(100), "100");
    }

    pub(in crate::domain::subscription) fn notice(n: u64) -> Notice {
        Notice {
            id: NoticeId::new(format!("ntc_{n}")),
            subscription_id: SubscriptionId::new("sub_1"),
            customer_key: CustomerKey::new("3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11").unwrap(),
            kind: NoticeKind::PriceIncrease,
            for_at: Millis(1_000_000_000),
            price_before: 100 + n,
            price_after: 101 + n,
            text: Texts {
                ko: "올라요".to_owned(),
                en: "rises".to_owned(),
            },
            due_at: Millis(900_000_000),
        }
    }
}
