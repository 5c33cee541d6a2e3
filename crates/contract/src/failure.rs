//! Toss's error codes.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! failure_codes {
    ($(#[$doc:meta])* $($variant:ident = $text:literal,)*) => {
        $(#[$doc])*
        #[derive(Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum FailureCode {
            $(#[doc = concat!("`", $text, "`")] $variant,)*
            /// A code that this version does not know. Toss adds codes without notice.
            Other(String),
        }

        /// The variants' places in `TEXTS`. Through them a conversion compiles to arithmetic
        /// instead of a hundred branches, which the browser would have to download.
        enum Place {
            $($variant,)*
        }

        /// In one piece, since a hundred slices would each have to be described.
        const TEXTS: &str = concat!($($text, " ",)*);

        impl FailureCode {
            /// Every code that has a name here.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            fn at(place: usize) -> Option<Self> {
                match place {
                    $(place if place == Place::$variant as usize => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

failure_codes! {
    /// Why Toss said no, as the SDK, `failUrl` or the REST API puts it. Reading one never fails.
    // The JS SDK, <https://docs.tosspayments.com/sdk/v2/error-codes>
    UserCancel = "USER_CANCEL",
    BelowZeroAmount = "BELOW_ZERO_AMOUNT",
    InvalidAmountValue = "INVALID_AMOUNT_VALUE",
    InvalidAmountCurrency = "INVALID_AMOUNT_CURRENCY",
    IncorrectSuccessUrlFormat = "INCORRECT_SUCCESS_URL_FORMAT",
    IncorrectFailUrlFormat = "INCORRECT_FAIL_URL_FORMAT",
    InvalidClientKey = "INVALID_CLIENT_KEY",
    InvalidCustomerKey = "INVALID_CUSTOMER_KEY",
    InsecureKeyUsage = "INSECURE_KEY_USAGE",
    NotSupportedWidgetKey = "NOT_SUPPORTED_WIDGET_KEY",
    InvalidMethodTransaction = "INVALID_METHOD_TRANSACTION",
    InvalidParameters = "INVALID_PARAMETERS",
    InvalidMetadata = "INVALID_METADATA",
    NotSupportedMethod = "NOT_SUPPORTED_METHOD",
    NotSupportedPromise = "NOT_SUPPORTED_PROMISE",
    V1MethodNotSupported = "V1_METHOD_NOT_SUPPORTED",
    Unknown = "UNKNOWN",
    PaymentRequestAborted = "PAYMENT_REQUEST_ABORTED",
    NoActivePaymentRequest = "NO_ACTIVE_PAYMENT_REQUEST",
    NetworkError = "NETWORK_ERROR",
    // `failUrl`
    PayProcessCanceled = "PAY_PROCESS_CANCELED",
    PayProcessAborted = "PAY_PROCESS_ABORTED",
    RejectCardCompany = "REJECT_CARD_COMPANY",
    // The REST API, <https://docs.tosspayments.com/reference/error-codes>
    AlreadyProcessedPayment = "ALREADY_PROCESSED_PAYMENT",
    ProviderError = "PROVIDER_ERROR",
    ExceedMaxCardInstallmentPlan = "EXCEED_MAX_CARD_INSTALLMENT_PLAN",
    InvalidRequest = "INVALID_REQUEST",
    NotAllowedPointUse = "NOT_ALLOWED_POINT_USE",
    InvalidApiKey = "INVALID_API_KEY",
    InvalidRejectCard = "INVALID_REJECT_CARD",
    BelowMinimumAmount = "BELOW_MINIMUM_AMOUNT",
    InvalidCardExpiration = "INVALID_CARD_EXPIRATION",
    InvalidStoppedCard = "INVALID_STOPPED_CARD",
    ExceedMaxDailyPaymentCount = "EXCEED_MAX_DAILY_PAYMENT_COUNT",
    NotSupportedInstallmentPlanCardOrMerchant = "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT",
    InvalidCardInstallmentPlan = "INVALID_CARD_INSTALLMENT_PLAN",
    NotSupportedMonthlyInstallmentPlan = "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN",
    ExceedMaxPaymentAmount = "EXCEED_MAX_PAYMENT_AMOUNT",
    NotFoundTerminalId = "NOT_FOUND_TERMINAL_ID",
    InvalidAuthorizeAuth = "INVALID_AUTHORIZE_AUTH",
    InvalidCardLostOrStolen = "INVALID_CARD_LOST_OR_STOLEN",
    RestrictedTransferAccount = "RESTRICTED_TRANSFER_ACCOUNT",
    InvalidCardNumber = "INVALID_CARD_NUMBER",
    InvalidUnregisteredSubmall = "INVALID_UNREGISTERED_SUBMALL",
    NotRegisteredBusiness = "NOT_REGISTERED_BUSINESS",
    ExceedMaxOneDayWithdrawAmount = "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT",
    ExceedMaxOneTimeWithdrawAmount = "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT",
    CardProcessingError = "CARD_PROCESSING_ERROR",
    ExceedMaxAmount = "EXCEED_MAX_AMOUNT",
    InvalidAccountInfoReRegister = "INVALID_ACCOUNT_INFO_RE_REGISTER",
    NotAvailablePayment = "NOT_AVAILABLE_PAYMENT",
    UnapprovedOrderId = "UNAPPROVED_ORDER_ID",
    ExceedMaxMonthlyPaymentAmount = "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT",
    UnauthorizedKey = "UNAUTHORIZED_KEY",
    RejectAccountPayment = "REJECT_ACCOUNT_PAYMENT",
    RejectCardPayment = "REJECT_CARD_PAYMENT",
    ForbiddenRequest = "FORBIDDEN_REQUEST",
    RejectTosspayInvalidAccount = "REJECT_TOSSPAY_INVALID_ACCOUNT",
    ExceedMaxAuthCount = "EXCEED_MAX_AUTH_COUNT",
    ExceedMaxOneDayAmount = "EXCEED_MAX_ONE_DAY_AMOUNT",
    NotAvailableBank = "NOT_AVAILABLE_BANK",
    InvalidPassword = "INVALID_PASSWORD",
    IncorrectBasicAuthFormat = "INCORRECT_BASIC_AUTH_FORMAT",
    FdsError = "FDS_ERROR",
    NotFoundPayment = "NOT_FOUND_PAYMENT",
    NotFoundPaymentSession = "NOT_FOUND_PAYMENT_SESSION",
    FailedPaymentInternalSystemProcessing = "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING",
    FailedInternalSystemProcessing = "FAILED_INTERNAL_SYSTEM_PROCESSING",
    UnknownPaymentError = "UNKNOWN_PAYMENT_ERROR",
    NotSupportedCardType = "NOT_SUPPORTED_CARD_TYPE",
    InvalidCardPassword = "INVALID_CARD_PASSWORD",
    InvalidCardIdentity = "INVALID_CARD_IDENTITY",
    InvalidBirthDayFormat = "INVALID_BIRTH_DAY_FORMAT",
    NotRegisteredCardCompany = "NOT_REGISTERED_CARD_COMPANY",
    InvalidEmail = "INVALID_EMAIL",
    CommonError = "COMMON_ERROR",
    InvalidBillingAuth = "INVALID_BILLING_AUTH",
    NotFoundBilling = "NOT_FOUND_BILLING",
    FailedBillKeyAuthCreation = "FAILED_BILL_KEY_AUTH_CREATION",
    FailedBillingAutoCancel = "FAILED_BILLING_AUTO_CANCEL",
    InvalidBillKeyRequest = "INVALID_BILL_KEY_REQUEST",
    NotMatchesCustomerKey = "NOT_MATCHES_CUSTOMER_KEY",
    DuplicatedOrderId = "DUPLICATED_ORDER_ID",
    AlreadyRemovedBillingKey = "ALREADY_REMOVED_BILLING_KEY",
    FailedDbProcessing = "FAILED_DB_PROCESSING",
    FailedCardCompanyResponse = "FAILED_CARD_COMPANY_RESPONSE",
    ForbiddenConsecutiveRequest = "FORBIDDEN_CONSECUTIVE_REQUEST",
    NotFound = "NOT_FOUND",
    NotSupportedMonthlyInstallmentPlanBelowAmount = "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT",
    ExpiredPayment = "EXPIRED_PAYMENT",
    IdempotentRequestProcessing = "IDEMPOTENT_REQUEST_PROCESSING",
    InvalidIdempotencyKey = "INVALID_IDEMPOTENCY_KEY",
    InvalidOrderId = "INVALID_ORDER_ID",
    InvalidOrderName = "INVALID_ORDER_NAME",
    InvalidPaymentKey = "INVALID_PAYMENT_KEY",
    AlreadyCompletedPayment = "ALREADY_COMPLETED_PAYMENT",
    DuplicatedRequest = "DUPLICATED_REQUEST",
    ExceedMaxDueDate = "EXCEED_MAX_DUE_DATE",
    InvalidBank = "INVALID_BANK",
    InvalidDate = "INVALID_DATE",
    ExceedsTransferAmountMaximum = "EXCEEDS_TRANSFER_AMOUNT_MAXIMUM",
    UnknownError = "UNKNOWN_ERROR",
    ApiVersionUpdateNeeded = "API_VERSION_UPDATE_NEEDED",
    NotFoundMerchant = "NOT_FOUND_MERCHANT",
    InvalidCurrency = "INVALID_CURRENCY",
    InvalidSuccessUrl = "INVALID_SUCCESS_URL",
    RequiredAmount = "REQUIRED_AMOUNT",
    InvalidRequiredParam = "INVALID_REQUIRED_PARAM",
    NotFoundHttpMethod = "NOT_FOUND_HTTP_METHOD",
    InvalidTestCode = "INVALID_TEST_CODE",
}

impl FailureCode {
    /// How much of an unknown code is kept: a URL can carry anything.
    pub const MAX: usize = 64;

    /// Toss's text of the code.
    pub fn as_str(&self) -> &str {
        if let Self::Other(text) = self {
            return text;
        }
        let place = self.place();
        place
            .and_then(|place| TEXTS.split(' ').nth(place))
            .unwrap_or_default()
    }

    /// Where a known code stands in [`Self::KNOWN`] and in `TEXTS`.
    fn place(&self) -> Option<usize> {
        Self::KNOWN.iter().position(|known| known == self)
    }

    fn known(text: &str) -> Option<Self> {
        TEXTS
            .split(' ')
            .position(|known| known == text)
            .and_then(Self::at)
    }

    /// The buyer changed their mind: not a failure.
    pub fn is_cancel(&self) -> bool {
        matches!(
            self,
            Self::UserCancel | Self::PayProcessCanceled | Self::PaymentRequestAborted
        )
    }
}

impl Clone for FailureCode {
    fn clone(&self) -> Self {
        if let Self::Other(text) = self {
            return Self::Other(text.clone());
        }
        // Every code but `Other` is among the known ones.
        self.place().and_then(Self::at).unwrap_or(Self::Unknown)
    }
}

impl From<&str> for FailureCode {
    /// Keeps of an unknown code what a code can consist of: letters, digits and `_`, at most
    /// [`FailureCode::MAX`] of them.
    fn from(text: &str) -> Self {
        Self::known(text).unwrap_or_else(|| {
            Self::Other(
                text.chars()
                    .filter(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .take(Self::MAX)
                    .collect(),
            )
        })
    }
}

impl fmt::Display for FailureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for FailureCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for FailureCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_code_reads_back_as_itself() {
        for code in FailureCode::KNOWN {
            assert_eq!(&FailureCode::from(code.as_str()), code);
        }
    }

    #[test]
    fn an_unknown_code_is_kept_but_cannot_carry_text() {
        let code = FailureCode::from("SOMETHING_NEW_2027");
        assert_eq!(code, FailureCode::Other("SOMETHING_NEW_2027".into()));
        let hostile = FailureCode::from("<b>송금하세요 http://evil</b>");
        assert_eq!(hostile.as_str(), "bhttpevilb");
        assert_eq!(
            FailureCode::from("X".repeat(500).as_str()).as_str().len(),
            FailureCode::MAX
        );
    }

    #[test]
    fn cancelling_is_not_failing() {
        assert!(FailureCode::from("USER_CANCEL").is_cancel());
        assert!(FailureCode::from("PAY_PROCESS_CANCELED").is_cancel());
        assert!(!FailureCode::from("PAY_PROCESS_ABORTED").is_cancel());
    }
}
