//! One table: Toss's code -> why, in the buyer's words, and the one thing to do.
//! Source of the codes: <https://docs.tosspayments.com/reference/error-codes>.

use toss_checkout_contract::FailureCode;

macro_rules! reasons {
    ($($(#[$doc:meta])* $variant:ident / $field:ident => $action:ident,)*) => {
        /// Why it failed, as far as it matters to the buyer.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Reason {
            $($(#[$doc])* $variant,)*
        }

        /// One sentence per reason.
        #[derive(Debug)]
        pub struct Sentences {
            $($(#[$doc])* pub $field: &'static str,)*
        }

        impl Reason {
            /// Every reason, for tests.
            #[cfg(test)]
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The sentence in a language.
            pub fn sentence(self, sentences: &Sentences) -> &'static str {
                match self {
                    $(Self::$variant => sentences.$field,)*
                }
            }

            /// The sentence's first half: what happened, without what to do.
            pub fn cause(self, sentences: &Sentences) -> &'static str {
                let sentence = self.sentence(sentences);
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
        }
    };
}

reasons! {
    /// The card company said no and does not say why.
    CardDeclined / card_declined => OtherMethod,
    /// Limit or balance.
    NoFunds / no_funds => OtherMethod,
    /// Something was mistyped.
    CardDetails / card_details => TryAgain,
    /// Stopped, lost, stolen or expired.
    CardUnusable / card_unusable => OtherMethod,
    /// A kind of card that the shop does not take.
    CardUnsupported / card_unsupported => OtherMethod,
    /// The account cannot pay.
    AccountUnusable / account_unusable => OtherMethod,
    /// Too many tries.
    TooOften / too_often => OtherMethod,
    /// At night.
    BankClosed / bank_closed => OtherMethod,
    /// Below the minimum.
    AmountSmall / amount_small => Shop,
    /// Above the maximum.
    AmountLarge / amount_large => OtherMethod,
    /// Held back by fraud detection.
    Suspicious / suspicious => TryAgain,
    /// Too slow.
    WindowExpired / window_expired => TryAgain,
    /// Stopped on the way.
    Aborted / aborted => TryAgain,
    /// The shop has no contract for it.
    MethodUnsupported / method_unsupported => OtherMethod,
    /// Done before.
    AlreadyDone / already_done => Shop,
    /// Will pass.
    Temporary / temporary => TryAgain,
    /// A window is open.
    Busy / busy => TryAgain,
    /// Keys, parameters, contract: the merchant's to fix.
    ShopProblem / shop => Shop,
    /// A code that we do not know.
    Unknown / unknown => TryAgain,
}

/// The one thing to offer the buyer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// The same again.
    TryAgain,
    /// Something else may work.
    OtherMethod,
    /// Only the shop can help.
    Shop,
}

/// Why a code happened. A code that is not in the table gets [`Reason::Unknown`].
pub fn reason(code: &FailureCode) -> Reason {
    use FailureCode as C;
    match code {
        C::RejectCardCompany | C::InvalidRejectCard | C::CardProcessingError => {
            Reason::CardDeclined
        }
        C::RejectCardPayment
        | C::RejectAccountPayment
        | C::ExceedMaxOneDayAmount
        | C::ExceedMaxPaymentAmount
        | C::ExceedMaxMonthlyPaymentAmount
        | C::ExceedMaxOneDayWithdrawAmount
        | C::ExceedMaxOneTimeWithdrawAmount
        | C::ExceedMaxDailyPaymentCount => Reason::NoFunds,
        C::InvalidCardNumber
        | C::InvalidCardExpiration
        | C::InvalidCardPassword
        | C::InvalidCardIdentity
        | C::InvalidBirthDayFormat
        | C::InvalidPassword => Reason::CardDetails,
        C::InvalidStoppedCard | C::InvalidCardLostOrStolen | C::NotRegisteredCardCompany => {
            Reason::CardUnusable
        }
        C::NotSupportedCardType
        | C::NotSupportedInstallmentPlanCardOrMerchant
        | C::InvalidCardInstallmentPlan
        | C::NotSupportedMonthlyInstallmentPlan
        | C::NotSupportedMonthlyInstallmentPlanBelowAmount
        | C::ExceedMaxCardInstallmentPlan
        | C::NotAllowedPointUse => Reason::CardUnsupported,
        C::RestrictedTransferAccount
        | C::InvalidAccountInfoReRegister
        | C::RejectTosspayInvalidAccount => Reason::AccountUnusable,
        C::ExceedMaxAuthCount => Reason::TooOften,
        C::NotAvailableBank | C::NotAvailablePayment => Reason::BankClosed,
        C::BelowMinimumAmount | C::BelowZeroAmount => Reason::AmountSmall,
        C::ExceedMaxAmount | C::ExceedsTransferAmountMaximum => Reason::AmountLarge,
        C::FdsError => Reason::Suspicious,
        C::NotFoundPaymentSession
        | C::NotFoundPayment
        | C::ExpiredPayment
        | C::InvalidBillingAuth
        | C::NotFoundBilling => Reason::WindowExpired,
        C::PayProcessAborted => Reason::Aborted,
        C::NotSupportedMethod => Reason::MethodUnsupported,
        C::AlreadyProcessedPayment | C::AlreadyCompletedPayment | C::DuplicatedOrderId => {
            Reason::AlreadyDone
        }
        C::ProviderError
        | C::FailedInternalSystemProcessing
        | C::FailedPaymentInternalSystemProcessing
        | C::FailedCardCompanyResponse
        | C::FailedBillKeyAuthCreation
        | C::UnknownPaymentError
        | C::CommonError
        | C::NetworkError => Reason::Temporary,
        C::InvalidMethodTransaction => Reason::Busy,
        C::UnauthorizedKey
        | C::InvalidApiKey
        | C::InvalidClientKey
        | C::InvalidCustomerKey
        | C::InvalidParameters
        | C::InvalidRequest
        | C::ForbiddenRequest
        | C::IncorrectBasicAuthFormat
        | C::NotFoundTerminalId
        | C::InvalidUnregisteredSubmall
        | C::NotRegisteredBusiness => Reason::ShopProblem,
        _ => Reason::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use toss_checkout_contract::Locale;

    use super::*;
    use crate::text::Text;

    #[test]
    fn every_reason_has_its_own_sentence_in_both_languages() {
        for locale in [Locale::Ko, Locale::En] {
            let sentences = &Text::of(locale).reasons;
            let mut seen = Vec::new();
            for reason in Reason::ALL {
                let sentence = reason.sentence(sentences);
                assert!(sentence.len() > 10, "{reason:?}");
                assert!(!seen.contains(&sentence), "{reason:?} repeats {sentence}");
                let cause = reason.cause(sentences);
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
    fn an_unknown_code_gets_the_neutral_sentence() {
        assert_eq!(
            reason(&FailureCode::from("BRAND_NEW_CODE")),
            Reason::Unknown
        );
    }
}
