// @ts-check

/** Toss's messages by code. https://docs.tosspayments.com/sdk/v2/error-codes */
const MESSAGES = {
  USER_CANCEL: "취소되었습니다.",
  BELOW_ZERO_AMOUNT: "금액은 0보다 커야 합니다.",
  INVALID_AMOUNT_VALUE: "결제금액이 올바르지 않습니다.",
  INVALID_AMOUNT_CURRENCY: "잘못된 통화 값입니다.",
  INCORRECT_SUCCESS_URL_FORMAT: "잘못된 successUrl 입니다.",
  INCORRECT_FAIL_URL_FORMAT: "잘못된 failUrl 입니다.",
  INVALID_CLIENT_KEY: "ClientKey 형태가 올바르지 않습니다.",
  INVALID_CUSTOMER_KEY:
    "고객키는 영문 대소문자, 숫자, 특수문자 -, _, =, ., @로 2자 이상 50자 이하여야 합니다.",
  INSECURE_KEY_USAGE:
    "test_gsk, live_gsk로 시작하는 시크릿 키는 클라이언트 코드에 노출되면 안 됩니다. 구매자를 식별하는 customerKey 값을 사용해주세요.",
  NOT_SUPPORTED_WIDGET_KEY:
    "API 개별 연동 키의 클라이언트 키로 SDK를 연동해주세요. 결제위젯 연동 키는 지원하지 않습니다.",
  INVALID_METHOD_TRANSACTION: "이미 다른 요청을 수행하고 있어요.",
  INVALID_PARAMETERS:
    "필수 파라미터를 누락하거나, 정의되지 않은 파라미터를 추가하거나, 파라미터의 타입이 올바르지 않을 때 발생합니다.",
  INVALID_METADATA: "올바르지 않은 metadata 형식입니다.",
  NOT_SUPPORTED_METHOD: "지원되지 않는 결제수단입니다.",
  NOT_SUPPORTED_PROMISE: "Promise 방식을 지원하지 않습니다. successUrl, failUrl을 사용해주세요.",
  V1_METHOD_NOT_SUPPORTED: "해당 API 는 v1 에서만 제공됩니다.",
  UNKNOWN: "알 수 없는 에러가 발생했습니다.",
  // The codes were seen, the texts were not: these are the sandbox's own.
  PAYMENT_REQUEST_ABORTED: "결제 요청이 중단되었습니다.",
  NETWORK_ERROR: "네트워크 오류가 발생했습니다.",
};

class TossPaymentsError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = "TossPaymentsError";
    this.code = code;
  }
}

/**
 * @param {keyof typeof MESSAGES} code
 * @param {string} [detail] what a developer needs to find the mistake; Toss does not say it, so it goes to the console
 */
function failure(code, detail) {
  if (detail) console.warn(`[toss-sandbox] ${code}: ${detail}`);
  return new TossPaymentsError(code, MESSAGES[code]);
}

/**
 * @param {string} name
 * @param {string} wants
 * @returns {never}
 */
function wrong(name, wants) {
  throw failure("INVALID_PARAMETERS", `${name}: ${wants}`);
}
