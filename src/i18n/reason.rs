//! Why it failed: in the buyer's words, how bad it is, and the one thing to do.

use super::Messages;

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident / $field:ident => $action:ident, $severity:ident,)*) => {
        /// Why it failed, as far as it matters to the buyer.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Reason {
            $($(#[$doc])* $variant,)*
        }

        impl Reason {
            /// Every reason, for tests.
            #[cfg(test)]
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// What happened and what to do with the same method. Of others, which not every session has,
            /// [`Reason::advice`] speaks.
            pub fn sentence(self, messages: &Messages) -> &'static str {
                match self {
                    $(Self::$variant => messages.$field,)*
                }
            }

            /// The first half of its sentence: what happened, without what to do.
            pub fn cause(self, messages: &Messages) -> &'static str {
                let sentence = self.sentence(messages);
                // Every sentence says what happened up to its first full stop.
                let end = sentence.bytes().position(|byte| byte == b'.');
                end.and_then(|end| sentence.get(..=end)).unwrap_or(sentence)
            }

            /// What to offer the buyer.
            pub fn action(self) -> Action {
                match self {
                    $(Self::$variant => Action::$action,)*
                }
            }

            /// How bad it is.
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$variant => Severity::$severity,)*
                }
            }
        }
    };
}

reasons! {
    /// The card company said no and does not say why.
    CardDeclined / card_declined => CardCompany, Trouble,
    /// The card company wants to be asked.
    CardRefused / card_refused => CardCompany, Trouble,
    /// Limit or balance.
    NoFunds / no_funds => OtherMethod, Trouble,
    /// What can be spent in a day, a month, or at once is used up.
    LimitReached / limit_reached => OtherMethod, Trouble,
    /// Something was mistyped.
    CardDetails / card_details => TryAgain, Hint,
    /// Stopped, lost, stolen or expired.
    CardUnusable / card_unusable => OtherCard, Trouble,
    /// A kind of card that the shop does not take.
    CardUnsupported / card_unsupported => OtherCard, Trouble,
    /// The account cannot pay.
    AccountUnusable / account_unusable => OtherMethod, Trouble,
    /// An account can pay twelve hours after it was registered.
    AccountTooNew / account_too_new => Wait, Hint,
    /// Too many tries.
    TooOften / too_often => CardCompany, Trouble,
    /// At night.
    BankClosed / bank_closed => Wait, Hint,
    /// Below the minimum.
    AmountSmall / amount_small => Shop, Trouble,
    /// Above the maximum.
    AmountLarge / amount_large => OtherMethod, Trouble,
    /// Held back by fraud detection.
    Suspicious / suspicious => TryAgain, Trouble,
    /// Too slow.
    WindowExpired / window_expired => StartAgain, Hint,
    /// Stopped on the way.
    Aborted / aborted => TryAgain, Hint,
    /// The shop has no contract for it.
    MethodUnsupported / method_unsupported => OtherMethod, Trouble,
    /// Done before.
    AlreadyDone / already_done => Shop, Hint,
    /// Will pass.
    Temporary / temporary => Wait, Hint,
    /// A window is open.
    Busy / busy => TryAgain, Hint,
    /// Keys, parameters, contract: the merchant's to fix.
    ShopProblem / shop => Shop, Trouble,
    /// A code that we do not know, or one that says nothing.
    Unknown / unknown => TryAgain, Trouble,
}

/// The one thing to offer the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The same again.
    TryAgain,
    /// From the beginning.
    StartAgain,
    /// The same again, later.
    Wait,
    /// Another method may work, and the same one with another card, account or balance.
    OtherMethod,
    /// Another card may work, or another method.
    OtherCard,
    /// The card company can say why; something else may work meanwhile.
    CardCompany,
    /// Only the shop can help.
    Shop,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// The buyer can mend it at once, or it passes.
    Hint,
    /// It will not work like this.
    Trouble,
}

impl Reason {
    /// What is said of other methods where there are any.
    pub fn advice(self, messages: &Messages) -> Option<&'static str> {
        match self.action() {
            Action::OtherMethod => Some(messages.choose_other),
            _ => match self {
                Self::TooOften | Self::BankClosed | Self::Unknown => Some(messages.or_choose_other),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{EN, KO};

    #[test]
    fn every_reason_has_its_own_sentence_in_both_languages() {
        for text in [&KO, &EN] {
            let mut seen = Vec::new();
            for reason in Reason::ALL {
                let sentence = reason.sentence(text);
                assert!(sentence.len() > 10, "{reason:?}");
                assert!(!seen.contains(&sentence), "{reason:?} repeats {sentence}");
                let cause = reason.cause(text);
                assert!(
                    cause.ends_with('.') && sentence.starts_with(cause),
                    "{reason:?} begins with {cause}"
                );
                assert!(
                    !cause.contains("주세요") && !cause.contains("Please"),
                    "{cause}"
                );
                seen.push(sentence);
            }
        }
    }

    #[test]
    fn what_the_sentence_advises_is_what_is_offered() {
        for reason in Reason::ALL {
            let sentence = reason.sentence(&KO);
            let advice = match reason.action() {
                Action::CardCompany => "카드사",
                Action::OtherCard => "다른 카드",
                Action::StartAgain => "처음부터",
                Action::TryAgain => "다시",
                Action::Wait => "시간",
                Action::OtherMethod | Action::Shop => "",
            };
            let later = sentence.contains("뒤에") || sentence.contains("후");
            let fits = sentence.contains(advice) || (advice == "시간" && later);
            assert!(fits, "{reason:?}: {sentence}");
        }
    }

    /// Where there is one method, "choose another" cannot be done.
    #[test]
    fn other_methods_are_spoken_of_in_the_advice_alone() {
        for reason in Reason::ALL {
            let (korean, english) = (reason.sentence(&KO), reason.sentence(&EN));
            assert!(!korean.contains("다른 방법"), "{korean}");
            assert!(!english.contains("another method"), "{english}");
        }
        assert!(KO.choose_other.contains("다른 방법") && KO.or_choose_other.contains("다른 방법"));
    }
}
