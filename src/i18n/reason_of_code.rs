//! One table: Toss's code -> why.
//! Source of the codes: <https://docs.tosspayments.com/reference/error-codes>.

use toss_checkout_contract::FailureCode;

use super::Reason;

/// Why a code happened. A code that we do not know gets [`Reason::Unknown`].
pub fn reason(code: &FailureCode) -> Reason {
    listed(code).unwrap_or(Reason::Unknown)
}

/// The table. A test holds it against every code that has a name.
#[expect(clippy::too_many_lines, reason = "one table, to be read in one piece")]
fn listed(code: &FailureCode) -> Option<Reason> {
    use FailureCode as C;
    Some(match code {
        C::RejectCardCompany | C::CardProcessingError => Reason::CardDeclined,
        C::InvalidRejectCard => Reason::CardRefused,
        C::RejectCardPayment | C::RejectAccountPayment => Reason::NoFunds,
        C::ExceedMaxOneDayAmount
        | C::ExceedMaxPaymentAmount
        | C::ExceedMaxMonthlyPaymentAmount
        | C::ExceedMaxOneDayWithdrawAmount
        | C::ExceedMaxOneTimeWithdrawAmount
        | C::ExceedMaxDailyPaymentCount => Reason::LimitReached,
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
        C::InvalidAccountInfoReRegister | C::RejectTosspayInvalidAccount | C::InvalidBank => {
            Reason::AccountUnusable
        }
        C::RestrictedTransferAccount => Reason::AccountTooNew,
        C::ExceedMaxAuthCount => Reason::TooOften,
        C::NotAvailableBank | C::NotAvailablePayment => Reason::BankClosed,
        C::BelowMinimumAmount | C::BelowZeroAmount => Reason::AmountSmall,
        C::ExceedMaxAmount | C::ExceedsTransferAmountMaximum => Reason::AmountLarge,
        C::FdsError => Reason::Suspicious,
        C::NotFoundPaymentSession
        | C::NotFoundPayment
        | C::NotFound
        | C::ExpiredPayment
        | C::InvalidBillingAuth
        | C::InvalidAuthorizeAuth
        | C::InvalidPaymentKey
        | C::UnapprovedOrderId
        | C::NotFoundBilling => Reason::WindowExpired,
        // The first two lead back to the form, with a quiet notice; here for a page that missed it.
        C::UserCancel
        | C::PayProcessCanceled
        | C::PayProcessAborted
        | C::PaymentRequestAborted
        | C::NoActivePaymentRequest => Reason::Aborted,
        C::NotSupportedMethod => Reason::MethodUnsupported,
        C::AlreadyProcessedPayment
        | C::AlreadyCompletedPayment
        | C::DuplicatedOrderId
        | C::DuplicatedRequest => Reason::AlreadyDone,
        C::ProviderError
        | C::FailedInternalSystemProcessing
        | C::FailedPaymentInternalSystemProcessing
        | C::FailedCardCompanyResponse
        | C::FailedBillKeyAuthCreation
        | C::FailedBillingAutoCancel
        | C::FailedDbProcessing
        | C::ForbiddenConsecutiveRequest
        | C::IdempotentRequestProcessing
        | C::UnknownPaymentError
        | C::CommonError
        | C::NetworkError => Reason::Temporary,
        C::InvalidMethodTransaction => Reason::Busy,
        C::UnauthorizedKey
        | C::InvalidApiKey
        | C::InvalidClientKey
        | C::InvalidCustomerKey
        | C::InsecureKeyUsage
        | C::NotSupportedWidgetKey
        | C::NotSupportedPromise
        | C::V1MethodNotSupported
        | C::InvalidParameters
        | C::InvalidMetadata
        | C::InvalidAmountValue
        | C::InvalidAmountCurrency
        | C::IncorrectSuccessUrlFormat
        | C::IncorrectFailUrlFormat
        | C::InvalidSuccessUrl
        | C::InvalidRequest
        | C::InvalidRequiredParam
        | C::RequiredAmount
        | C::InvalidCurrency
        | C::InvalidOrderId
        | C::InvalidOrderName
        | C::InvalidEmail
        | C::InvalidDate
        | C::ExceedMaxDueDate
        | C::InvalidIdempotencyKey
        | C::InvalidBillKeyRequest
        | C::NotMatchesCustomerKey
        | C::AlreadyRemovedBillingKey
        | C::ApiVersionUpdateNeeded
        | C::ForbiddenRequest
        | C::IncorrectBasicAuthFormat
        | C::NotFoundTerminalId
        | C::NotFoundMerchant
        | C::InvalidUnregisteredSubmall
        | C::InvalidTestCode
        | C::NotFoundHttpMethod
        | C::NotRegisteredBusiness => Reason::ShopProblem,
        C::Unknown | C::UnknownError => Reason::Unknown,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_that_has_a_name_has_its_place_in_the_table() {
        for code in FailureCode::KNOWN {
            assert!(listed(code).is_some(), "{code}");
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
