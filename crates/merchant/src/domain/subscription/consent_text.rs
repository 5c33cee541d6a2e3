//! The sentence to which a customer agrees on their page.
//!
//! Source: 전자상거래법 시행령 제20조의2 (14 February 2025): the date, the price before and after, the means of
//! payment, what follows without a consent, and how to cancel.

use toss_checkout_contract::{Consent, ConsentText, ConsentVersion};

use super::{
    Subscription,
    calendar::Day,
    consent::{ConsentKind, Needed},
    notice::{english_interval, korean_day, korean_interval, won},
    rules::OnMissingConsent,
};

/// Changes with every change of the sentences below.
const VERSION: &str = "2026-11-28";

/// The sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentTexts {
    /// In Korean.
    pub ko: Consent,
    /// In English.
    pub en: Consent,
}

/// What is charged, as its owner knows it: with its masked number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means<'a> {
    /// A card.
    Card(&'a str),
    /// An account.
    Account(&'a str),
    /// What was registered, whatever it is.
    Registered,
}

impl Means<'_> {
    fn korean(self) -> String {
        match self {
            Self::Card(number) => format!("카드 {number}"),
            Self::Account(number) => format!("계좌 {number}"),
            Self::Registered => "등록한 결제수단".to_owned(),
        }
    }

    fn english(self) -> String {
        match self {
            Self::Card(number) => format!("card {number}"),
            Self::Account(number) => format!("account {number}"),
            Self::Registered => "the registered payment method".to_owned(),
        }
    }
}

/// What is agreed to. `None`: a name in it cannot be shown, which a subscription does not have.
pub fn consent_texts(
    subscription: &Subscription,
    needed: &Needed,
    means: Means<'_>,
    without: OnMissingConsent,
) -> Option<ConsentTexts> {
    let consent = |language: &str, text: String| {
        Some(Consent {
            version: ConsentVersion::new(format!("{language}-{VERSION}")).ok()?,
            text: ConsentText::new(text).ok()?,
        })
    };
    // After a free time there is no old price to keep.
    let keeps =
        needed.kind == ConsentKind::PriceIncrease && without == OnMissingConsent::KeepOldPrice;
    Some(ConsentTexts {
        ko: consent("ko", korean(subscription, needed, means, keeps))?,
        en: consent("en", english(subscription, needed, means, keeps))?,
    })
}

fn korean(subscription: &Subscription, needed: &Needed, means: Means<'_>, keeps: bool) -> String {
    let method = means.korean();
    let name = &subscription.order_name;
    let day = korean_day(needed.effective_at);
    let every = |terms: super::price::Terms| {
        format!("{} {}원", korean_interval(terms.interval), won(terms.price))
    };
    let after = every(needed.after);
    let before = match needed.kind {
        ConsentKind::TrialConversion => "무료 이용이 끝나고".to_owned(),
        ConsentKind::PriceIncrease => format!("금액이 {}에서", every(needed.before)),
    };
    let change = match needed.kind {
        ConsentKind::TrialConversion => format!("{after}이 {method}로 결제되는 것에 동의해요."),
        ConsentKind::PriceIncrease => {
            format!("{after}으로 바뀌어 {method}로 결제되는 것에 동의해요.")
        }
    };
    let without = if keeps {
        "동의하지 않으면 지금 금액이 그대로 유지돼요."
    } else {
        "동의하지 않으면 결제되지 않고 구독이 끝나요."
    };
    format!(
        "{day}부터 '{name}'의 {before} {change} {without} 동의한 뒤에도 이 화면에서 언제든지 해지할 수 있어요."
    )
}

fn english(subscription: &Subscription, needed: &Needed, means: Means<'_>, keeps: bool) -> String {
    let method = means.english();
    let name = &subscription.order_name;
    let day = Day::of(needed.effective_at);
    let every = |terms: super::price::Terms| {
        format!("₩{} {}", won(terms.price), english_interval(terms.interval))
    };
    let after = every(needed.after);
    let change = match needed.kind {
        ConsentKind::TrialConversion => {
            format!("the free time of “{name}” ends on {day}, and {after} is charged to {method}.")
        }
        ConsentKind::PriceIncrease => format!(
            "from {day} on, “{name}” costs {after} instead of {}, charged to {method}.",
            every(needed.before)
        ),
    };
    let without = if keeps {
        "Without my consent the price stays as it is."
    } else {
        "Without my consent nothing is charged and the subscription ends."
    };
    format!(
        "I agree that {change} {without} I can cancel on this page at any time, also afterwards."
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::subscription::{
        calendar::{Interval, Unit},
        engine::tests::subscription,
        price::Terms,
    };

    #[test]
    fn the_sentence_tells_date_prices_method_and_what_follows() {
        let interval = Interval {
            unit: Unit::Month,
            count: 1,
        };
        let terms = |price| Terms { price, interval };
        let from: Day = "2026-12-05".parse().unwrap();
        let mut needed = Needed {
            kind: ConsentKind::PriceIncrease,
            before: terms(9_900),
            after: terms(14_900),
            from,
            effective_at: from.at(Duration::from_hours(9)),
        };
        let subscription = subscription();
        let texts = |needed: &Needed, without| {
            consent_texts(&subscription, needed, Means::Card("4330****123*"), without).unwrap()
        };
        let told = texts(&needed, OnMissingConsent::End);
        assert_eq!(
            told.ko.text.as_str(),
            "2026년 12월 5일부터 '토스 프라임 구독'의 금액이 매월 9,900원에서 매월 14,900원으로 바뀌어 카드 4330****123*로 결제되는 것에 동의해요. 동의하지 않으면 결제되지 않고 구독이 끝나요. 동의한 뒤에도 이 화면에서 언제든지 해지할 수 있어요."
        );
        assert!(told.en.text.as_str().starts_with(
            "I agree that from 2026-12-05 on, “토스 프라임 구독” costs ₩14,900 every month instead of ₩9,900 every month, charged to card 4330****123*."
        ));
        let kept = texts(&needed, OnMissingConsent::KeepOldPrice);
        assert!(kept.ko.text.as_str().contains("그대로 유지"));
        needed.kind = ConsentKind::TrialConversion;
        needed.before = terms(0);
        let after_trial = texts(&needed, OnMissingConsent::KeepOldPrice);
        assert!(
            after_trial
                .ko
                .text
                .as_str()
                .contains("무료 이용이 끝나고 매월 14,900원이")
        );
        assert!(after_trial.ko.text.as_str().contains("구독이 끝나요"));
    }
}
