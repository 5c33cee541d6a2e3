// @ts-check
// What the typings cannot say: rules between fields, and where the window may open.

/** @typedef {import("./official").Purchase} Purchase */
/** @typedef {import("./official").RedirectPurchase} RedirectPurchase */
/** @typedef {import("./official").Registration} Registration */

/**
 * @template {string} M
 * @param {unknown} request
 * @param {Record<M, unknown>} shapes
 * @returns {M}
 */
function methodOf(request, shapes) {
  if (!isObject(request)) return wrong("request", "object");
  const { method } = request;
  if (typeof method !== "string") return wrong("method", Object.keys(shapes).join(" | "));
  if (!Object.hasOwn(shapes, method)) {
    throw failure("NOT_SUPPORTED_METHOD", `method: ${Object.keys(shapes).join(" | ")}`);
  }
  return /** @type {M} */ (method);
}

/** @param {Registration} request */
function checkBilling(request) {
  checkObject(request, BILLING_REQUESTS[methodOf(request, BILLING_REQUESTS)], "");
  if (request.method !== "CARD") return;
  const direct = request.flowMode === "DIRECT";
  if (direct && isAbsent(request.easyPay)) wrong("easyPay", "flowMode DIRECT에 필수");
  if (direct) return;
  if (!isAbsent(request.easyPay)) wrong("easyPay", "flowMode DIRECT에서만");
  if (!isAbsent(request.cardCompany)) wrong("cardCompany", "flowMode DIRECT에서만");
}

/**
 * KRW and JPY have no decimals, USD has two.
 * https://docs.tosspayments.com/sdk/v2/js#paymentrequestpayment
 * @param {Purchase} request
 */
function checkCurrency(request) {
  const { value, currency } = request.amount;
  let taken = ["KRW"];
  if (request.method === "CARD" && request.card?.useInternationalCardOnly) taken = ["KRW", "USD", "JPY"];
  if (request.method === "FOREIGN_EASY_PAY") {
    const { provider } = request.foreignEasyPay;
    if (provider === "PAYPAL") taken = ["USD"];
    else if (provider === "PAYPAY") taken = ["JPY"];
    else throw failure("NOT_SUPPORTED_METHOD", "provider: PAYPAL | PAYPAY");
  }
  if (!taken.includes(currency)) {
    throw failure("INVALID_AMOUNT_CURRENCY", `${request.method}: ${taken.join(" | ")}`);
  }
  const cents = currency === "USD" ? value * 100 : value;
  // 0.29 * 100 is not 29.
  if (Math.abs(cents - Math.round(cents)) > 1e-6 || !Number.isSafeInteger(Math.round(cents))) {
    throw failure("INVALID_AMOUNT_VALUE", `${currency}: ${value}`);
  }
}

/** @param {Purchase} request */
function checkPayment(request) {
  checkObject(request, PAYMENT_REQUESTS[methodOf(request, PAYMENT_REQUESTS)], "");
  checkCurrency(request);
  if (isAbsent(addressOf(request, "successUrl")) !== isAbsent(addressOf(request, "failUrl"))) {
    wrong("successUrl, failUrl", "둘 다 넣거나 둘 다 빼기");
  }
  if (request.method !== "CARD" || !request.card) return;
  const { card } = request;
  if (!isAbsent(card.cardInstallmentPlan) && !isAbsent(card.maxCardInstallmentPlan)) {
    wrong("card.cardInstallmentPlan", "maxCardInstallmentPlan과 함께 쓸 수 없음");
  }
  if (card.flowMode === "DIRECT" && isAbsent(card.cardCompany) && isAbsent(card.easyPay)) {
    wrong("card.cardCompany, card.easyPay", "flowMode DIRECT에는 하나가 필수");
  }
  if (card.flowMode !== "DIRECT" && !isAbsent(card.discountCode)) {
    wrong("card.discountCode", "flowMode DIRECT에서만");
  }
}

/**
 * @param {Purchase} request
 * @param {"successUrl" | "failUrl"} name
 */
function addressOf(request, name) {
  return /** @type {RedirectPurchase} */ (request)[name];
}

function isMobile() {
  if (/Android|iPhone|iPad|iPod|Mobile/i.test(navigator.userAgent)) return true;
  return matchMedia("(pointer: coarse) and (max-width: 768px)").matches;
}

/**
 * Without addresses the outcome arrives by promise, which only a page that stays can receive.
 * @param {Registration | Purchase} request
 * @param {boolean} byPromise
 * @returns {"iframe" | "self"}
 */
function chooseTarget(request, byPromise) {
  const mobile = isMobile();
  if (byPromise && (mobile || request.windowTarget === "self" || request.method === "FOREIGN_EASY_PAY")) {
    throw failure("NOT_SUPPORTED_PROMISE");
  }
  if (mobile && request.windowTarget === "iframe") {
    wrong("windowTarget", "모바일에서는 iframe을 사용할 수 없습니다");
  }
  return request.windowTarget ?? (mobile ? "self" : "iframe");
}
