//! What a refusal of Toss's means for the next step: one table over every code that has a name.
//!
//! Sources: the error tables of <https://docs.tosspayments.com/reference/error-codes>. The HTTP status
//! says nothing by itself: `PROVIDER_ERROR` is temporary and a 400, `FAILED_DB_PROCESSING` is about bad
//! values and a 500.

use toss_checkout_contract::FailureCode;

use super::words::words;

words! {
    /// What a refusal means.
    pub enum DeclineClass as "class of a decline" {
        /// Limits and balances: the same card may work another day.
        Soft = "soft",
        /// The limit of this month is used up.
        SoftNextMonth = "soft_next_month",
        /// Closed now, or not yet allowed: later, and not counted as a try.
        SoftNotBefore = "soft_not_before",
        /// Many reasons, most of them lasting: few tries.
        SoftFew = "soft_few",
        /// A fault at Toss or the issuer. Nothing was charged once a look-up has said so.
        Transient = "transient",
        /// This card or account will not be charged again: the customer registers another.
        HardNewMethod = "hard_new_method",
        /// The customer has to do something at the issuer.
        HardCustomerActs = "hard_customer_acts",
        /// The merchant's settings or our request are wrong. Never the customer's fault.
        Configuration = "configuration",
        /// The same was done before: the order's payment is looked up and tells the outcome.
        DoneBefore = "done_before",
        /// No outcome: the same request, later.
        Unknown = "unknown",
        /// The buyer or their time is gone: a new visit to the window is needed.
        Visit = "visit",
    }
}

/// A cancel that failed at a bank or a card company, with status 500.
/// Source: <https://docs.tosspayments.com/reference/error-codes> (결제 취소).
const FAULTS_OF_CANCELS: [&str; 3] = [
    "FAILED_REFUND_PROCESS",
    "FAILED_METHOD_HANDLING_CANCEL",
    "FAILED_PARTIAL_REFUND",
];
/// An operator has seen at Toss that a request was not carried out.
pub const NOT_CARRIED_OUT: &str = "CHECKOUT_NOT_CARRIED_OUT";
/// A cancel of what was cancelled in full before.
const ALREADY_CANCELED: &str = "ALREADY_CANCELED_PAYMENT";
/// A cancel of what was refunded before.
const ALREADY_REFUNDED: &str = "ALREADY_REFUND_PAYMENT";

/// The class of a code that was refused; `None` for a code that has no name here.
#[expect(
    clippy::too_many_lines,
    reason = "one line per code, as in Toss's tables"
)]
pub fn class_of(code: &FailureCode) -> Option<DeclineClass> {
    use DeclineClass as D;
    use FailureCode as F;
    Some(match code {
        F::RejectCardPayment
        | F::RejectAccountPayment
        | F::ExceedMaxDailyPaymentCount
        | F::ExceedMaxPaymentAmount
        | F::ExceedMaxOneDayAmount
        | F::ExceedMaxOneDayWithdrawAmount => D::Soft,
        F::ExceedMaxMonthlyPaymentAmount => D::SoftNextMonth,
        F::RestrictedTransferAccount | F::NotAvailableBank | F::NotAvailablePayment => {
            D::SoftNotBefore
        }
        F::RejectCardCompany => D::SoftFew,
        F::ProviderError
        | F::CardProcessingError
        | F::FailedCardCompanyResponse
        | F::FailedInternalSystemProcessing
        | F::FailedPaymentInternalSystemProcessing
        | F::UnknownPaymentError
        | F::CommonError
        | F::UnknownError
        | F::FailedBillKeyAuthCreation
        | F::FailedBillingAutoCancel => D::Transient,
        F::InvalidStoppedCard
        | F::InvalidCardLostOrStolen
        | F::InvalidCardExpiration
        | F::InvalidCardNumber
        | F::NotSupportedCardType
        | F::AlreadyRemovedBillingKey
        | F::InvalidBillKeyRequest
        | F::NotFoundBilling
        | F::InvalidAccountInfoReRegister
        | F::RejectTosspayInvalidAccount
        | F::ExceedMaxOneTimeWithdrawAmount
        | F::ExceedMaxAmount
        | F::ExceedsTransferAmountMaximum
        | F::InvalidCardPassword
        | F::InvalidCardIdentity
        | F::InvalidBirthDayFormat => D::HardNewMethod,
        F::InvalidRejectCard
        | F::NotRegisteredCardCompany
        | F::ExceedMaxAuthCount
        | F::FdsError
        | F::InvalidPassword
        | F::InvalidAuthorizeAuth => D::HardCustomerActs,
        F::UnauthorizedKey
        | F::InvalidApiKey
        | F::IncorrectBasicAuthFormat
        | F::InvalidClientKey
        | F::InsecureKeyUsage
        | F::NotSupportedWidgetKey
        | F::ForbiddenRequest
        | F::NotMatchesCustomerKey
        | F::InvalidRequest
        | F::InvalidParameters
        | F::InvalidMetadata
        | F::BelowMinimumAmount
        | F::BelowZeroAmount
        | F::InvalidAmountValue
        | F::InvalidAmountCurrency
        | F::RequiredAmount
        | F::InvalidRequiredParam
        | F::InvalidOrderId
        | F::InvalidOrderName
        | F::InvalidPaymentKey
        | F::InvalidCustomerKey
        | F::InvalidEmail
        | F::InvalidCurrency
        | F::InvalidSuccessUrl
        | F::IncorrectSuccessUrlFormat
        | F::IncorrectFailUrlFormat
        | F::NotFoundTerminalId
        | F::InvalidUnregisteredSubmall
        | F::NotRegisteredBusiness
        | F::NotFoundMerchant
        | F::NotSupportedMethod
        | F::InvalidMethodTransaction
        | F::V1MethodNotSupported
        | F::NotSupportedPromise
        | F::ExceedMaxCardInstallmentPlan
        | F::NotSupportedInstallmentPlanCardOrMerchant
        | F::InvalidCardInstallmentPlan
        | F::NotSupportedMonthlyInstallmentPlan
        | F::NotSupportedMonthlyInstallmentPlanBelowAmount
        | F::NotAllowedPointUse
        | F::FailedDbProcessing
        | F::ApiVersionUpdateNeeded
        | F::InvalidTestCode
        | F::InvalidIdempotencyKey
        | F::NotFoundHttpMethod
        | F::ExceedMaxDueDate
        | F::InvalidBank
        | F::InvalidDate
        | F::UnapprovedOrderId => D::Configuration,
        F::DuplicatedOrderId
        | F::AlreadyProcessedPayment
        | F::AlreadyCompletedPayment
        | F::DuplicatedRequest => D::DoneBefore,
        // Ours: nobody but our machines is at fault.
        F::Other(code) if code == NOT_CARRIED_OUT => D::Transient,
        // Of a cancel; they have no name in the contract, since no buyer ever meets them.
        F::Other(code) if matches!(code.as_str(), ALREADY_CANCELED | ALREADY_REFUNDED) => {
            D::DoneBefore
        }
        F::Other(code) if FAULTS_OF_CANCELS.contains(&code.as_str()) => D::Transient,
        F::IdempotentRequestProcessing | F::ForbiddenConsecutiveRequest => D::Unknown,
        F::UserCancel
        | F::PayProcessCanceled
        | F::PayProcessAborted
        | F::PaymentRequestAborted
        | F::NoActivePaymentRequest
        | F::NetworkError
        | F::Unknown
        | F::NotFoundPayment
        | F::NotFoundPaymentSession
        | F::NotFound
        | F::ExpiredPayment
        | F::InvalidBillingAuth => D::Visit,
        _ => return None,
    })
}

/// Whether a charge that was refused with this code was certainly not made. Faults may be answered although
/// the charge goes through, and of a code without a name nothing is known.
pub fn is_certain(code: &FailureCode) -> bool {
    use DeclineClass as D;
    matches!(
        class_of(code),
        Some(
            D::Soft
                | D::SoftNextMonth
                | D::SoftNotBefore
                | D::SoftFew
                | D::HardNewMethod
                | D::HardCustomerActs
                | D::Configuration
        )
    )
}

/// Whether a payment may be there all the same although this code was answered, so that Toss is asked once
/// more when it knows. Where the buyer or their time was gone, nothing was asked for.
pub fn may_go_through(code: &FailureCode) -> bool {
    !is_certain(code) && class_of(code) != Some(DeclineClass::Visit)
}

/// Whether a code says that Toss does not accept the shop's own key: the operator's mistake, about which
/// the buyer can do nothing.
pub fn is_about_the_shops_key(code: &FailureCode) -> bool {
    matches!(
        code,
        FailureCode::UnauthorizedKey
            | FailureCode::InvalidApiKey
            | FailureCode::IncorrectBasicAuthFormat
    )
}

/// Whether a registered card or account is of no use any more after this refusal. Limits on one amount
/// say nothing about smaller ones.
pub fn ends_the_method(code: &FailureCode) -> bool {
    class_of(code) == Some(DeclineClass::HardNewMethod)
        && !matches!(
            code,
            FailureCode::ExceedMaxOneTimeWithdrawAmount
                | FailureCode::ExceedMaxAmount
                | FailureCode::ExceedsTransferAmountMaximum
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_with_a_name_has_a_class() {
        let missing: Vec<_> = FailureCode::KNOWN
            .iter()
            .filter(|code| class_of(code).is_none())
            .collect();
        assert!(missing.is_empty(), "without a class: {missing:?}");
        assert_eq!(class_of(&FailureCode::from("ADDED_IN_2027")), None);
    }

    #[test]
    fn a_fault_does_not_say_that_nothing_was_charged() {
        for (code, certain) in [
            ("REJECT_CARD_PAYMENT", true),
            ("INVALID_STOPPED_CARD", true),
            ("NOT_MATCHES_CUSTOMER_KEY", true),
            ("NOT_AVAILABLE_BANK", true),
            ("PROVIDER_ERROR", false),
            ("FAILED_INTERNAL_SYSTEM_PROCESSING", false),
            ("DUPLICATED_ORDER_ID", false),
            (NOT_CARRIED_OUT, false),
            ("ADDED_IN_2027", false),
        ] {
            assert_eq!(is_certain(&code.into()), certain, "{code}");
            assert_eq!(may_go_through(&code.into()), !certain, "{code}");
        }
        assert!(!may_go_through(&"EXPIRED_PAYMENT".into()));
    }

    #[test]
    fn a_limit_ends_no_card_and_a_lost_card_does() {
        for (code, ends) in [
            ("INVALID_CARD_LOST_OR_STOLEN", true),
            ("ALREADY_REMOVED_BILLING_KEY", true),
            ("EXCEED_MAX_AMOUNT", false),
            ("REJECT_CARD_PAYMENT", false),
            ("UNAUTHORIZED_KEY", false),
        ] {
            assert_eq!(ends_the_method(&code.into()), ends, "{code}");
        }
    }
}
