//! Every sentence that the page says: [`Texts`], one value per language. A language that lacks a sentence
//! does not compile.

mod en;
mod ko;

use toss_checkout_contract::{Interval, Locale, Price};

pub use self::{en::EN, ko::KO};
use crate::i18n::{self, fill};

macro_rules! texts {
    ($($name:ident),* $(,)?) => {
        /// The sentences of one language. The name and the text in `ko.rs` and `en.rs` say what each is
        /// for; merchants replace them by the same names.
        #[derive(Debug, Clone, Copy)]
        #[expect(missing_docs, reason = "the texts in ko.rs and en.rs say it")]
        pub struct Texts {
            /// The language.
            pub locale: Locale,
            $(pub $name: &'static str,)*
        }

        impl Texts {
            /// The names of all sentences.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name),)*];

            /// All sentences, in the order of their names.
            fn sentences(&mut self) -> [&mut &'static str; Self::NAMES.len()] {
                [$(&mut self.$name,)*]
            }
        }
    };
}

texts! {
    mine, loading, test_mode, every_day, every_week, every_month, every_year, days, weeks, months,
    years, free, next_charge, next_amount, method, card, account, unusable, change_method, opening,
    overdue, overdue_hint, overdue_method, overdue_held, retry, no_access, incomplete, pay, paying,
    under_way, under_way_hint, trial, trial_hint, ends, ends_hint, ended, paused, pauses, resumes,
    awaiting, awaiting_hint, consent, consent_hint, before, after, from, agree, agreeing, uncancel,
    uncanceling, cancel, cancel_title, cancel_when, cancel_later, cancel_later_hint, cancel_now,
    cancel_refund, cancel_nothing, cancel_owed, canceling, keep, history, history_loading,
    history_empty, history_failed, more, paid, open, void, uncollectible, refunded, receipt,
    receipt_of, done_canceled, done_refunded, done_scheduled, done_uncanceled, done_paid,
    done_refused, done_agreed, changed, failed, unanswered, all, none, none_hint, link_ended,
    link_ended_hint, no_link, no_link_hint, unreachable, unreachable_hint, offline, offline_hint,
    misconfigured, misconfigured_hint, try_again, back, back_to_shop, crashed, crashed_hint, reload,
}

impl Texts {
    /// Ours of a language.
    pub fn of(locale: Locale) -> &'static Self {
        match locale {
            Locale::Ko => &KO,
            Locale::En => &EN,
        }
    }

    /// Ours of a language by its tag; Korean for one that we do not speak.
    pub(crate) fn of_lang(lang: &str) -> &'static Self {
        let mut all = Locale::ALL.into_iter();
        let locale = all.find(|locale| locale.as_str() == lang);
        Self::of(locale.unwrap_or(Locale::Ko))
    }

    /// The same with the merchant's own sentences in the place of those of the same name, for as long as
    /// the document. Names that we do not have change nothing.
    pub fn with_overrides(locale: Locale, overrides: &[(String, String)]) -> &'static Self {
        if overrides.is_empty() {
            return Self::of(locale);
        }
        let mut texts = *Self::of(locale);
        for (name, sentence) in Self::NAMES.iter().zip(texts.sentences()) {
            if let Some((_, theirs)) = overrides.iter().find(|(named, _)| named == name) {
                *sentence = Box::leak(theirs.clone().into_boxed_str());
            }
        }
        Box::leak(Box::new(texts))
    }

    /// The tag of the language, for `lang` attributes.
    pub fn lang(&self) -> &'static str {
        self.locale.as_str()
    }

    /// How often a price is charged: `매월`, `3개월마다`.
    pub fn interval(&self, price: &Price) -> String {
        let (one, many) = match price.unit {
            Interval::Day => (self.every_day, self.days),
            Interval::Week => (self.every_week, self.weeks),
            Interval::Month => (self.every_month, self.months),
            Interval::Year => (self.every_year, self.years),
        };
        match price.count {
            1 => one.to_owned(),
            count => fill(many, &[("count", &count.to_string())]),
        }
    }

    /// The name of a card company by Toss's code; `None` when it is new to us.
    pub fn card_company(&self, code: &str) -> Option<&'static str> {
        i18n::card_company(self.locale, code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_values_in_their_sentences() {
        let places = |texts: &Texts| -> Vec<Vec<String>> {
            let mut texts = *texts;
            let sentences = texts.sentences().map(|sentence| *sentence);
            let names = sentences.iter().map(|sentence| {
                let parts = sentence.split('{').skip(1);
                let mut names: Vec<String> = parts
                    .filter_map(|part| Some(part.split_once('}')?.0.to_owned()))
                    .collect();
                names.sort();
                names
            });
            names.collect()
        };
        for (at, (ko, en)) in places(&KO).into_iter().zip(places(&EN)).enumerate() {
            assert_eq!(ko, en, "{}", Texts::NAMES[at]);
        }
    }

    #[test]
    fn an_interval_of_several_is_counted() {
        let price = |unit, count| Price {
            amount: None,
            unit,
            count,
        };
        assert_eq!(KO.interval(&price(Interval::Month, 1)), "매월");
        assert_eq!(KO.interval(&price(Interval::Month, 3)), "3개월마다");
        assert_eq!(EN.interval(&price(Interval::Year, 2)), "every 2 years");
    }

    #[test]
    fn the_merchants_sentence_takes_the_place_of_ours() {
        let theirs = vec![("mine".to_owned(), "My plan".to_owned())];
        let texts = Texts::with_overrides(Locale::En, &theirs);
        assert_eq!((texts.mine, texts.pay), ("My plan", EN.pay));
        assert!(std::ptr::eq(
            Texts::with_overrides(Locale::Ko, &[]),
            &raw const KO
        ));
    }
}
