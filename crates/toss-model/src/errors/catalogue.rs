//! Every documented code: status, Korean and English text.
//!
//! Source: <https://docs.tosspayments.com/reference/error-codes>. `-` where no English text is
//! published; such a code is answered in Korean. "Unregsitered" is Toss's spelling.

/// What the catalogue says about a code.
pub(super) struct Row {
    pub(super) code: &'static str,
    pub(super) status: u16,
    pub(super) korean: &'static str,
    pub(super) english: Option<&'static str>,
}

macro_rules! catalogue {
    ($($variant:ident $code:literal $status:literal $korean:literal $english:tt;)*) => {
        /// A code that Toss documents.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $(
                #[doc = concat!("`", $code, "`, HTTP ", $status, ": `", $korean, "`")]
                $variant,
            )*
        }

        impl ErrorCode {
            /// The whole catalogue.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            pub(super) const fn row(self) -> Row {
                match self {
                    $(Self::$variant => Row {
                        code: $code,
                        status: $status,
                        korean: $korean,
                        english: catalogue!(@english $english),
                    },)*
                }
            }
        }
    };
    (@english -) => { None };
    (@english $english:literal) => { Some($english) };
}

catalogue! {
    AlreadyProcessedPayment "ALREADY_PROCESSED_PAYMENT" 400 "이미 처리된 결제 입니다." "This is a payment that has already been processed.";
    ProviderError "PROVIDER_ERROR" 400 "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해주세요." "This is temporary error. Please try again in a few minutes.";
    ExceedMaxCardInstallmentPlan "EXCEED_MAX_CARD_INSTALLMENT_PLAN" 400 "설정 가능한 최대 할부 개월 수를 초과했습니다." "You have exceeded the maximum number of installment months that can be set.";
    InvalidRequest "INVALID_REQUEST" 400 "잘못된 요청입니다." "The bad request.";
    NotAllowedPointUse "NOT_ALLOWED_POINT_USE" 400 "포인트 사용이 불가한 카드로 카드 포인트 결제에 실패했습니다." "Card point payment failed because the card cannot be used points.";
    InvalidApiKey "INVALID_API_KEY" 400 "잘못된 시크릿키 연동 정보 입니다." "Incorrect secret key.";
    InvalidRejectCard "INVALID_REJECT_CARD" 400 "카드 사용이 거절되었습니다. 카드사 문의가 필요합니다." "Refer to card issuer/decline.";
    BelowMinimumAmount "BELOW_MINIMUM_AMOUNT" 400 "신용카드는 결제금액이 100원 이상, 계좌는 200원이상부터 결제가 가능합니다." "Payment can be made from 100 won or more by credit card, and 200 won or more for account.";
    InvalidCardExpiration "INVALID_CARD_EXPIRATION" 400 "카드 정보를 다시 확인해주세요. (유효기간)" "Please check the card expiration date information again.";
    InvalidStoppedCard "INVALID_STOPPED_CARD" 400 "정지된 카드 입니다." "This is a suspended card.";
    ExceedMaxDailyPaymentCount "EXCEED_MAX_DAILY_PAYMENT_COUNT" 400 "하루 결제 가능 횟수를 초과했습니다." "You have exceeded the number of daily payments.";
    NotSupportedInstallmentPlanCardOrMerchant "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT" 400 "할부가 지원되지 않는 카드 또는 가맹점 입니다." "This card or merchant does not support installment.";
    InvalidCardInstallmentPlan "INVALID_CARD_INSTALLMENT_PLAN" 400 "할부 개월 정보가 잘못되었습니다." "The installment month information is incorrect.";
    NotSupportedMonthlyInstallmentPlan "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN" 400 "할부가 지원되지 않는 카드입니다." "This card does not support installment.";
    ExceedMaxPaymentAmount "EXCEED_MAX_PAYMENT_AMOUNT" 400 "하루 결제 가능 금액을 초과했습니다." "You have exceeded the amount you can pay per day.";
    NotFoundTerminalId "NOT_FOUND_TERMINAL_ID" 400 "단말기번호(Terminal Id)가 없습니다. 토스페이먼츠로 문의 바랍니다." "There is no Terminal Id. Please contact Toss Payments.";
    InvalidAuthorizeAuth "INVALID_AUTHORIZE_AUTH" 400 "유효하지 않은 인증 방식입니다." "Incorrect authentication.";
    InvalidCardLostOrStolen "INVALID_CARD_LOST_OR_STOLEN" 400 "분실 혹은 도난 카드입니다." "This is a lost or stolen card";
    RestrictedTransferAccount "RESTRICTED_TRANSFER_ACCOUNT" 400 "계좌는 등록 후 12시간 뒤부터 결제할 수 있습니다. 관련 정책은 해당 은행으로 문의해주세요." "You can withdraw from this bank account after 12 hours from initial register.";
    InvalidCardNumber "INVALID_CARD_NUMBER" 400 "카드번호를 다시 확인해주세요." "Please check your card number again.";
    InvalidUnregisteredSubmall "INVALID_UNREGISTERED_SUBMALL" 400 "등록되지 않은 서브몰입니다." "The PG sub-merchant is not registered yet";
    NotRegisteredBusiness "NOT_REGISTERED_BUSINESS" 400 "등록되지 않은 사업자 번호입니다." "Unregsitered business registration number";
    ExceedMaxOneDayWithdrawAmount "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT" 400 "1일 출금 한도를 초과했습니다." "You have exceeded the one-day withdrawal limit.";
    ExceedMaxOneTimeWithdrawAmount "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT" 400 "1회 출금 한도를 초과했습니다." "You have exceeded the one-time withdrawal limit.";
    CardProcessingError "CARD_PROCESSING_ERROR" 400 "카드사에서 오류가 발생했습니다." -;
    ExceedMaxAmount "EXCEED_MAX_AMOUNT" 400 "거래금액 한도를 초과했습니다." "The transaction amount limit has been exceeded.";
    InvalidAccountInfoReRegister "INVALID_ACCOUNT_INFO_RE_REGISTER" 400 "유효하지 않은 계좌입니다. 계좌 재등록 후 시도해주세요." -;
    NotAvailablePayment "NOT_AVAILABLE_PAYMENT" 400 "결제가 불가능한 시간대입니다" -;
    UnapprovedOrderId "UNAPPROVED_ORDER_ID" 400 "아직 승인되지 않은 주문번호입니다." -;
    ExceedMaxMonthlyPaymentAmount "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT" 400 "당월 결제 가능금액인 1,000,000원을 초과 하셨습니다." -;
    UnauthorizedKey "UNAUTHORIZED_KEY" 401 "인증되지 않은 시크릿 키 혹은 클라이언트 키 입니다." "Unauthorized secretKey or clientKey.";
    RejectAccountPayment "REJECT_ACCOUNT_PAYMENT" 403 "잔액부족으로 결제에 실패했습니다." "Payment declined due to insufficient balance.";
    RejectCardPayment "REJECT_CARD_PAYMENT" 403 "한도초과 혹은 잔액부족으로 결제에 실패했습니다." "Payment failed due to limit exceeded or insufficient balance.";
    RejectCardCompany "REJECT_CARD_COMPANY" 403 "결제 승인이 거절되었습니다." "Payment confirm is rejected";
    ForbiddenRequest "FORBIDDEN_REQUEST" 403 "허용되지 않은 요청입니다." "This request is not allowed.";
    RejectTosspayInvalidAccount "REJECT_TOSSPAY_INVALID_ACCOUNT" 403 "선택하신 출금 계좌가 출금이체 등록이 되어 있지 않아요. 계좌를 다시 등록해 주세요." -;
    ExceedMaxAuthCount "EXCEED_MAX_AUTH_COUNT" 403 "최대 인증 횟수를 초과했습니다. 카드사로 문의해주세요." "The maximum number of authentications has been exceeded.";
    ExceedMaxOneDayAmount "EXCEED_MAX_ONE_DAY_AMOUNT" 403 "일일 한도를 초과했습니다." -;
    NotAvailableBank "NOT_AVAILABLE_BANK" 403 "은행 서비스 시간이 아닙니다." "Not bank service time.";
    InvalidPassword "INVALID_PASSWORD" 403 "결제 비밀번호가 일치하지 않습니다." "Payment password does not match.";
    IncorrectBasicAuthFormat "INCORRECT_BASIC_AUTH_FORMAT" 403 "잘못된 요청입니다. ':' 를 포함해 인코딩해주세요." "Invalid request. Please encode including the ':' character.";
    FdsError "FDS_ERROR" 403 "[토스페이먼츠] 위험거래가 감지되어 결제가 제한됩니다. 발송된 문자에 포함된 링크를 통해 본인인증 후 결제가 가능합니다. (고객센터: 1644-8051)" -;
    NotFoundPayment "NOT_FOUND_PAYMENT" 404 "존재하지 않는 결제 정보 입니다." "Not found payment";
    NotFoundPaymentSession "NOT_FOUND_PAYMENT_SESSION" 404 "결제 시간이 만료되어 결제 진행 데이터가 존재하지 않습니다." "Payment session does not exist because the session time has expired.";
    FailedPaymentInternalSystemProcessing "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING" 500 "결제가 완료되지 않았어요. 다시 시도해주세요." "Payment has not been completed. please try again.";
    FailedInternalSystemProcessing "FAILED_INTERNAL_SYSTEM_PROCESSING" 500 "내부 시스템 처리 작업이 실패했습니다. 잠시 후 다시 시도해주세요." "Internal system processing operation has failed. Please try again in a few minutes.";
    UnknownPaymentError "UNKNOWN_PAYMENT_ERROR" 500 "결제에 실패했어요. 같은 문제가 반복된다면 은행이나 카드사로 문의해주세요." "Payment failed. If the same problem occurs, please contact your bank or credit card company.";
    NotSupportedCardType "NOT_SUPPORTED_CARD_TYPE" 400 "지원되지 않는 카드 종류입니다." "This card type is not supported.";
    InvalidCardPassword "INVALID_CARD_PASSWORD" 400 "카드 정보를 다시 확인해주세요. (비밀번호)" "Please check the card information again.";
    InvalidCardIdentity "INVALID_CARD_IDENTITY" 400 "입력하신 주민번호/사업자번호가 카드 소유주 정보와 일치하지 않습니다." "The entered resident registration number/business number does not match the cardholder information.";
    InvalidBirthDayFormat "INVALID_BIRTH_DAY_FORMAT" 400 "생년월일 정보는 6자리의 `yyMMdd` 형식이어야 합니다. 사업자등록번호는 10자리의 숫자여야 합니다." "Birth dates must be 6 digits long and in a `yyMMdd` format. Business number must be a 10 digit number.";
    NotRegisteredCardCompany "NOT_REGISTERED_CARD_COMPANY" 400 "카드를 사용 등록 후 이용해주세요." "Please register the credit card before using it.";
    InvalidEmail "INVALID_EMAIL" 400 "유효하지 않은 이메일 주소 형식입니다." "Invalid email format";
    NotSupportedMethod "NOT_SUPPORTED_METHOD" 400 "지원되지 않는 결제 수단입니다." "This payment method is not supported.";
    CommonError "COMMON_ERROR" 500 "일시적인 오류가 발생했습니다. 잠시 후 다시 시도해주세요." "This is temporary error. Please try again in a few minutes.";
    InvalidBillKeyRequest "INVALID_BILL_KEY_REQUEST" 400 "빌링키 인증이 완료되지 않았거나 유효하지 않은 빌링 거래 건입니다." "Unauthorized billingKey or invalid billing transaction";
    NotMatchesCustomerKey "NOT_MATCHES_CUSTOMER_KEY" 400 "빌링 인증 고객키와 결제 요청 고객키가 일치하지 않습니다." "`customerKey` between billing auth request and payment request is not matching.";
    DuplicatedOrderId "DUPLICATED_ORDER_ID" 400 "이미 승인 및 취소가 진행된 중복된 주문번호 입니다. 다른 주문번호로 진행해주세요." "This is a duplicate order id that has already been approved or canceled. Please proceed with a different order id.";
    AlreadyRemovedBillingKey "ALREADY_REMOVED_BILLING_KEY" 400 "이미 삭제된 빌링키입니다." -;
    FailedDbProcessing "FAILED_DB_PROCESSING" 500 "잘못된 요청 값으로 처리 중 DB 에러가 발생했습니다." "A DB error occurred while processing with an invalid request value.";
    FailedCardCompanyResponse "FAILED_CARD_COMPANY_RESPONSE" 500 "카드사에서 에러가 발생했습니다. 잠시 후 다시 시도해 주세요." "An error occurred at the card company. Please try again in a few minutes.";
    AlreadyCanceledPayment "ALREADY_CANCELED_PAYMENT" 400 "이미 취소된 결제 입니다." "The payment has already been canceled.";
    InvalidRefundAccountInfo "INVALID_REFUND_ACCOUNT_INFO" 400 "환불 계좌번호와 예금주명이 일치하지 않습니다." "Refund account number and account holder name do not match.";
    ExceedCancelAmountDiscountAmount "EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT" 400 "즉시할인금액보다 적은 금액은 부분취소가 불가능합니다." -;
    InvalidRefundAccountNumber "INVALID_REFUND_ACCOUNT_NUMBER" 400 "잘못된 환불 계좌번호입니다." "Incorrect refund account number.";
    InvalidBank "INVALID_BANK" 400 "유효하지 않은 은행입니다." "It is an Invalid bank.";
    NotMatchesRefundableAmount "NOT_MATCHES_REFUNDABLE_AMOUNT" 400 "잔액 결과가 일치하지 않습니다." "Balance results do not match.";
    RefundRejected "REFUND_REJECTED" 400 "환불이 거절됐습니다. 결제사에 문의 부탁드립니다." "The refund has been rejected. Please contact the respective payment provider.";
    AlreadyRefundPayment "ALREADY_REFUND_PAYMENT" 400 "이미 환불된 결제입니다." "The payment has already been refunded.";
    ForbiddenBankRefundRequest "FORBIDDEN_BANK_REFUND_REQUEST" 400 "고객 계좌가 입금이 되지 않는 상태입니다." -;
    NotCancelableAmount "NOT_CANCELABLE_AMOUNT" 403 "취소 할 수 없는 금액 입니다." "This is a non-cancelable amount.";
    ForbiddenConsecutiveRequest "FORBIDDEN_CONSECUTIVE_REQUEST" 403 "반복적인 요청은 허용되지 않습니다. 잠시 후 다시 시도해주세요." "Repetitive requests are not allowed. Please try again in a few minutes.";
    NotCancelablePayment "NOT_CANCELABLE_PAYMENT" 403 "취소 할 수 없는 결제 입니다." "This is a non-cancelable payment.";
    ExceedMaxRefundDue "EXCEED_MAX_REFUND_DUE" 403 "환불 가능한 기간이 지났습니다." "The refundable period has been exceeded.";
    NotAllowedPartialRefundWaitingDeposit "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT" 403 "입금 대기중인 결제는 부분 환불이 불가합니다." "Partial refunds are not available while pending deposit.";
    NotAllowedPartialRefund "NOT_ALLOWED_PARTIAL_REFUND" 403 "에스크로 주문, 현금 카드 결제일 때는 부분 환불이 불가합니다. 이외 다른 결제 수단에서 부분 취소가 되지 않을 때는 토스페이먼츠에 문의해 주세요." "Partial refunds are not available for reasons such as escrow or cash payment.";
    NotCancelablePaymentForDormantUser "NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER" 403 "휴면 처리된 회원의 결제는 취소할 수 없습니다." -;
    ExceedCancelLimit "EXCEED_CANCEL_LIMIT" 403 "취소 한도 금액을 초과 하였습니다." -;
    FailedRefundProcess "FAILED_REFUND_PROCESS" 500 "은행 응답시간 지연이나 일시적인 오류로 환불요청에 실패했습니다." "The refund request failed due to a delay in the bank response time or a temporary error.";
    FailedMethodHandlingCancel "FAILED_METHOD_HANDLING_CANCEL" 500 "취소 중 결제 시 사용한 결제 수단 처리과정에서 일시적인 오류가 발생했습니다." "A temporary error occurred while processing cancellation.";
    FailedPartialRefund "FAILED_PARTIAL_REFUND" 500 "은행 점검, 해약 계좌 등의 사유로 부분 환불이 실패했습니다." -;
    InvalidOrderId "INVALID_ORDER_ID" 400 "`orderId`는 영문 대소문자, 숫자, 특수문자(-, _) 만 허용합니다. 6자 이상 64자 이하여야 합니다." -;
    InvalidOrderName "INVALID_ORDER_NAME" 400 "주문 이름은 100자 이하여야 합니다." -;
    InvalidCustomerKey "INVALID_CUSTOMER_KEY" 400 "`customerKey`는 영문 대소문자, 숫자, 특수문자 -, *, =, ., @로 2자 이상 255자 이하여야 합니다." -;
    InvalidPaymentKey "INVALID_PAYMENT_KEY" 400 "잘못된 결제 키 입니다." -;
    InvalidRequiredParam "INVALID_REQUIRED_PARAM" 400 "필수 파라미터가 누락되었습니다." -;
    RequiredAmount "REQUIRED_AMOUNT" 400 "금액 값이 필수입니다." -;
    BelowZeroAmount "BELOW_ZERO_AMOUNT" 400 "금액은 0보다 커야 합니다." -;
    InvalidClientKey "INVALID_CLIENT_KEY" 400 "잘못된 클라이언트 연동 정보 입니다." -;
    InvalidCurrency "INVALID_CURRENCY" 400 "잘못된 통화 값입니다." -;
    InvalidSuccessUrl "INVALID_SUCCESS_URL" 400 "successUrl 값은 필수 값입니다." -;
    AlreadyCompletedPayment "ALREADY_COMPLETED_PAYMENT" 400 "이미 완료된 결제 입니다." -;
    DuplicatedRequest "DUPLICATED_REQUEST" 400 "중복된 요청입니다." -;
    ApiVersionUpdateNeeded "API_VERSION_UPDATE_NEEDED" 400 "이 API를 사용하려면 [VERSION] 이상의 버전을 사용해야 합니다." -;
    ExceedsTransferAmountMaximum "EXCEEDS_TRANSFER_AMOUNT_MAXIMUM" 400 "계좌이체는 한 번에 1,000만 원 이하로만 결제하실 수 있어요. 금액을 낮춰 다시 시도해 주세요." -;
    NotFoundHttpMethod "NOT_FOUND_HTTP_METHOD" 404 "존재하지 않는 HTTP 메소드 접근입니다." -;
    NotFoundMerchant "NOT_FOUND_MERCHANT" 404 "존재하지 않는 상점 정보 입니다." -;
    UnknownError "UNKNOWN_ERROR" 500 "확인되지 않은 오류입니다. 잠시 후 다시 시도해주세요." -;
    NotSupportedMonthlyInstallmentPlanBelowAmount "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT" 400 "5만원 이하의 결제는 할부가 불가능해서 결제에 실패했습니다." -;
    NotFound "NOT_FOUND" 404 "존재하지 않는 정보 입니다." -;
    InvalidBillingAuth "INVALID_BILLING_AUTH" 400 "유효하지 않은 빌링 인증입니다." "Invalid billing authentication.";
    NotFoundBilling "NOT_FOUND_BILLING" 404 "존재하지 않는 빌링 결제 인증 정보 입니다." -;
    FailedBillKeyAuthCreation "FAILED_BILL_KEY_AUTH_CREATION" 500 "빌링 결제 인증 중 키 생성에 실패했습니다. 잠시 후 다시 시도해주세요." -;
    FailedBillingAutoCancel "FAILED_BILLING_AUTO_CANCEL" 500 "빌링 자동결제 취소에 일시적인 오류가 발생했습니다." -;
    InvalidRegistrationNumberType "INVALID_REGISTRATION_NUMBER_TYPE" 400 "유효하지 않은 등록 번호 타입입니다." -;
    InvalidDate "INVALID_DATE" 400 "날짜 데이터가 잘못 되었습니다." -;
    ExceedMaxDueDate "EXCEED_MAX_DUE_DATE" 400 "가상 계좌의 최대 유효만료 기간을 초과했습니다." -;
    ExceedMaxValidHours "EXCEED_MAX_VALID_HOURS" 400 "가상 계좌의 최대 유효시간을 초과했습니다." -;
    InvalidValidHoursWithDueDateAndSingle "INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE" 400 "validHours와 dueDate는 같이 사용할 수 없습니다." -;
    RequiredAccountKey "REQUIRED_ACCOUNT_KEY" 400 "고정계좌는 발급용 고객키값이 필수입니다." -;
    IdempotentRequestProcessing "IDEMPOTENT_REQUEST_PROCESSING" 409 "이전 멱등 요청이 처리중입니다." -;
    InvalidIdempotencyKey "INVALID_IDEMPOTENCY_KEY" 400 "멱등키는 300자 이하여야 합니다." -;
    InvalidVirtualAccountType "INVALID_VIRTUAL_ACCOUNT_TYPE" 400 "유효하지 않은 가상계좌 타입입니다." -;
    InvalidTransactionKey "INVALID_TRANSACTION_KEY" 400 "잘못된 페이징 키 입니다." -;
    InvalidTestCode "INVALID_TEST_CODE" 400 "유효하지 않은 테스트 코드입니다." -;
}
