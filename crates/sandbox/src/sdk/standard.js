// @ts-check
// The sandbox's stand-in for https://js.tosspayments.com/v2/standard.
// Plain script, no build step. Works under a strict CSP: no eval, no inline handler, styles by CSSOM only.

(() => {
  "use strict";

  const ANONYMOUS = "@@ANONYMOUS";
  const script = document.currentScript;
  if (!(script instanceof HTMLScriptElement) || script.src === "") {
    throw new Error("[toss-sandbox] load this file with <script src>: it learns its server's address from it");
  }
  const server = new URL(script.src).origin;

  // ---------------------------------------------------------------- errors

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
    PAYMENT_REQUEST_ABORTED: "결제 요청이 중단되었습니다.",
    NETWORK_ERROR: "네트워크 오류가 발생했습니다.",
    UNKNOWN: "알 수 없는 에러가 발생했습니다.",
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
   * @param {string} [detail] what a developer needs to find the mistake; Toss does not say it
   */
  function failure(code, detail) {
    return new TossPaymentsError(code, detail ? `${MESSAGES[code]} (${detail})` : MESSAGES[code]);
  }

  // ---------------------------------------------------------------- checks

  /** @typedef {(value: any, name: string) => void} Check throws when the value cannot be */
  /** @typedef {{ check: Check, required?: boolean }} Field */
  /** @typedef {Record<string, Field>} Shape */

  /** @param {string} name @param {string} wants @returns {never} */
  function wrong(name, wants) {
    throw failure("INVALID_PARAMETERS", `${name}: ${wants}`);
  }

  /** @param {unknown} value @returns {value is Record<string, unknown>} */
  const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

  /**
   * Toss refuses fields that it does not know, fields that hold undefined, and required ones that are
   * missing or null. Null is the same as absent for the others.
   * @param {unknown} value
   * @param {Shape} shape
   * @param {string} name
   */
  function checkObject(value, shape, name) {
    if (!isObject(value)) return wrong(name, "object");
    for (const key of Object.keys(value)) {
      const field = Object.hasOwn(shape, key) ? shape[key] : undefined;
      const path = name === "" ? key : `${name}.${key}`;
      if (!field) return wrong(path, "정의되지 않은 파라미터");
      if (value[key] === undefined) return wrong(path, "undefined");
      if (value[key] === null) {
        if (field.required) return wrong(path, "null");
        continue;
      }
      field.check(value[key], path);
    }
    for (const [key, field] of Object.entries(shape)) {
      if (field.required && !Object.hasOwn(value, key)) {
        return wrong(name === "" ? key : `${name}.${key}`, "필수");
      }
    }
  }

  /** @param {Check} check @returns {Field} */
  const optional = (check) => ({ check });
  /** @param {Check} check @returns {Field} */
  const required = (check) => ({ check, required: true });

  /** @param {number} max @param {number} [min] @returns {Check} */
  const text = (max, min = 0) => (value, name) => {
    if (typeof value !== "string" || [...value].length > max || value.length < min) {
      wrong(name, `${min}~${max}자 문자열`);
    }
  };
  /** @param {RegExp} pattern @returns {Check} */
  const matching = (pattern) => (value, name) => {
    if (typeof value !== "string" || !pattern.test(value)) wrong(name, String(pattern));
  };
  /** @param {...string} values @returns {Check} */
  const oneOf = (...values) => (value, name) => {
    if (!values.includes(value)) wrong(name, values.join(" | "));
  };
  /** @type {Check} */
  const flag = (value, name) => {
    if (typeof value !== "boolean") wrong(name, "boolean");
  };
  /** @type {Check} */
  const won = (value, name) => {
    if (!Number.isSafeInteger(value) || value < 0) wrong(name, "0 이상의 정수");
  };
  /** @param {Shape} shape @returns {Check} */
  const object = (shape) => (value, name) => checkObject(value, shape, name);
  /** @param {Check} check @returns {Check} */
  const list = (check) => (value, name) => {
    if (!Array.isArray(value)) return wrong(name, "array");
    value.forEach((item, index) => check(item, `${name}[${index}]`));
  };

  /** @param {"INCORRECT_SUCCESS_URL_FORMAT" | "INCORRECT_FAIL_URL_FORMAT"} code @returns {Check} */
  const address = (code) => (value) => {
    try {
      if (typeof value === "string" && /^https?:$/.test(new URL(value).protocol)) return;
    } catch {
      // No absolute URL.
    }
    throw failure(code);
  };

  /** @type {Check} KRW only, which is all that a virtual account takes. */
  const amount = (value, name) => {
    if (!isObject(value)) return wrong(name, "object");
    for (const key of Object.keys(value)) {
      if (key !== "value" && key !== "currency") wrong(`${name}.${key}`, "정의되지 않은 파라미터");
    }
    if (value.currency !== "KRW") throw failure("INVALID_AMOUNT_CURRENCY");
    if (typeof value.value !== "number" || !Number.isFinite(value.value)) {
      throw failure("INVALID_AMOUNT_VALUE");
    }
    if (value.value <= 0) throw failure("BELOW_ZERO_AMOUNT");
    if (!Number.isSafeInteger(value.value)) throw failure("INVALID_AMOUNT_VALUE");
  };

  /** @type {Check} */
  const metadata = (value) => {
    const bad =
      !isObject(value) ||
      Object.keys(value).length > 5 ||
      Object.entries(value).some(
        ([key, item]) =>
          key.length > 40 || /[[\]]/.test(key) || typeof item !== "string" || item.length > 2000,
      );
    if (bad) throw failure("INVALID_METADATA");
  };

  /** @type {Shape} */
  const COMMON = {
    customerName: optional(text(100)),
    customerEmail: optional(text(100)),
    windowTarget: optional(oneOf("iframe", "self")),
  };

  /** @type {Shape} */
  const BILLING = {
    ...COMMON,
    method: required(oneOf("CARD", "TRANSFER")),
    successUrl: required(address("INCORRECT_SUCCESS_URL_FORMAT")),
    failUrl: required(address("INCORRECT_FAIL_URL_FORMAT")),
  };

  /** @type {Record<string, Shape>} what each billing method adds */
  const BILLING_METHODS = {
    CARD: {
      selectableCardTypes: optional(list(oneOf("PERSONAL", "CORPORATE"))),
      flowMode: optional(oneOf("DEFAULT", "DIRECT")),
      easyPay: optional(oneOf("토스페이", "TOSSPAY", "네이버페이", "NAVERPAY")),
      cardCompany: optional(text(40)),
    },
    TRANSFER: {
      transfer: optional(object({ encryptedCustomerCi: optional(text(1000)) })),
    },
  };

  /** @type {Shape} */
  const VIRTUAL_ACCOUNT = {
    taxExemptionAmount: optional(won),
    cashReceipt: optional(object({ type: required(oneOf("소득공제", "지출증빙", "미발행")) })),
    useEscrow: optional(flag),
    escrowProducts: optional(
      list(
        object({
          id: optional(text(100)),
          name: optional(text(100)),
          code: optional(text(100)),
          unitPrice: optional(won),
          quantity: optional(won),
        }),
      ),
    ),
    validHours: optional(won),
    dueDate: optional(text(40)),
    isCulturalExpenses: optional(flag),
    showCustomerMobilePhone: optional(flag),
    refundReceiveAccount: optional(
      object({
        bankCode: required(text(20, 1)),
        accountNumber: required(text(20, 1)),
        holderName: required(text(60, 1)),
      }),
    ),
  };

  /** @type {Shape} */
  const PAYMENT = {
    ...COMMON,
    method: required(oneOf("VIRTUAL_ACCOUNT")),
    amount: required(amount),
    orderId: required(matching(/^[A-Za-z0-9_=-]{6,64}$/)),
    orderName: required(text(100, 1)),
    customerMobilePhone: optional(matching(/^[0-9]{8,15}$/)),
    taxFreeAmount: optional(won),
    metadata: optional(metadata),
    virtualAccount: optional(object(VIRTUAL_ACCOUNT)),
    successUrl: optional(address("INCORRECT_SUCCESS_URL_FORMAT")),
    failUrl: optional(address("INCORRECT_FAIL_URL_FORMAT")),
    pendingUrl: optional(text(2000)),
    orderProductCode: optional(text(100)),
    sandbox: optional(object({ paymentResult: required(oneOf("SUCCESS", "FAIL")) })),
    subOrders: optional(list(() => {})),
  };

  const PAYMENT_METHODS = [
    "CARD",
    "TRANSFER",
    "VIRTUAL_ACCOUNT",
    "MOBILE_PHONE",
    "CULTURE_GIFT_CERTIFICATE",
    "BOOK_GIFT_CERTIFICATE",
    "GAME_GIFT_CERTIFICATE",
    "FOREIGN_EASY_PAY",
  ];

  /**
   * @param {any} request
   * @param {string[]} documented
   * @param {string[]} supported
   */
  function checkMethod(request, documented, supported) {
    if (!isObject(request)) wrong("request", "object");
    if (request.method === undefined || request.method === null) wrong("method", "필수");
    if (typeof request.method !== "string") wrong("method", documented.join(" | "));
    if (supported.includes(request.method)) return;
    const documentedOnly = documented.includes(request.method);
    throw failure(
      "NOT_SUPPORTED_METHOD",
      documentedOnly ? `샌드박스는 아직 ${request.method} 결제창을 흉내 내지 않습니다` : undefined,
    );
  }

  /** @param {any} request */
  function checkBilling(request) {
    checkMethod(request, ["CARD", "TRANSFER"], ["CARD", "TRANSFER"]);
    checkObject(request, { ...BILLING, ...BILLING_METHODS[request.method] }, "");
    const direct = request.flowMode === "DIRECT";
    if (direct || request.easyPay || request.cardCompany) {
      throw failure("NOT_SUPPORTED_METHOD", "샌드박스는 flowMode DIRECT를 흉내 내지 않습니다");
    }
  }

  /** @param {any} request */
  function checkPayment(request) {
    checkMethod(request, PAYMENT_METHODS, ["VIRTUAL_ACCOUNT"]);
    checkObject(request, PAYMENT, "");
    if ((request.successUrl ?? null) === null && (request.failUrl ?? null) !== null) {
      wrong("successUrl", "failUrl과 함께 필수");
    }
    if ((request.failUrl ?? null) === null && (request.successUrl ?? null) !== null) {
      wrong("failUrl", "successUrl과 함께 필수");
    }
  }

  // ---------------------------------------------------------------- where the window opens

  function isMobile() {
    const agent = navigator.userAgent;
    if (/Android|iPhone|iPad|iPod|Mobile/i.test(agent)) return true;
    return matchMedia("(pointer: coarse) and (max-width: 768px)").matches;
  }

  /**
   * @param {{ windowTarget?: "iframe" | "self" | null }} request
   * @param {boolean} promiseMode
   * @returns {"iframe" | "self"}
   */
  function chooseTarget(request, promiseMode) {
    const mobile = isMobile();
    if (mobile && request.windowTarget === "iframe") {
      wrong("windowTarget", "모바일에서는 iframe을 사용할 수 없습니다");
    }
    const target = request.windowTarget ?? (mobile ? "self" : "iframe");
    if (promiseMode && target === "self") throw failure("NOT_SUPPORTED_PROMISE");
    return target;
  }

  // ---------------------------------------------------------------- one request at a time

  /**
   * @typedef {object} Active
   * @property {(error: TossPaymentsError) => void} reject
   * @property {() => void} close removes what is on the screen; may be called again
   */

  /** @type {Active | null} */
  let active = null;

  // A page that comes back by "Back" is thawed with everything that it had: the request is over.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      active?.close();
      active = null;
    }
  });

  /**
   * @param {"billing" | "payment"} kind
   * @param {{ clientKey: string, customerKey: string }} who
   * @param {any} request
   * @returns {Promise<any>}
   */
  async function openWindow(kind, who, request) {
    const promiseMode = kind === "payment" && (request.successUrl ?? null) === null;
    const target = chooseTarget(request, promiseMode);
    if (active) throw failure("INVALID_METHOD_TRANSACTION");

    return new Promise((resolve, reject) => {
      /** @type {Active} */
      const mine = { reject, close: () => {} };
      active = mine;
      /** @param {(value: any) => void} settle */
      const settled = (settle) => (/** @type {any} */ value) => {
        if (active !== mine) return;
        mine.close();
        active = null;
        settle(value);
      };
      mine.reject = settled(reject);
      const done = settled(resolve);

      createWindow({ ...who, kind, target, opener: location.origin, request }).then(
        ({ id, url }) => {
          if (active !== mine) return;
          if (target === "self") {
            location.assign(url);
            return;
          }
          mine.close = showOverlay(id, url, {
            // The promise of redirect mode stays open: the page is about to go.
            navigate: (address) => {
              mine.close();
              location.assign(address);
            },
            resolve: done,
            reject: mine.reject,
          });
        },
        mine.reject,
      );
    });
  }

  /**
   * @param {object} body
   * @returns {Promise<{ id: string, url: string }>}
   */
  async function createWindow(body) {
    let response;
    let answer;
    try {
      response = await fetch(`${server}/sandbox/window`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        credentials: "omit",
      });
      answer = await response.json();
    } catch {
      throw failure("NETWORK_ERROR");
    }
    if (response.ok) return { id: answer.id, url: new URL(answer.url, server).href };
    if (typeof answer?.code !== "string") throw failure("UNKNOWN");
    throw new TossPaymentsError(answer.code, String(answer.message));
  }

  // ---------------------------------------------------------------- the overlay

  /**
   * @param {HTMLElement} element
   * @param {Record<string, string>} properties
   */
  function dress(element, properties) {
    for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
  }

  /**
   * @typedef {object} Outcome
   * @property {(address: string) => void} navigate
   * @property {(result: any) => void} resolve
   * @property {(error: TossPaymentsError) => void} reject
   */

  /**
   * @param {string} id
   * @param {string} url
   * @param {Outcome} outcome
   * @returns {() => void} takes the overlay away
   */
  function showOverlay(id, url, outcome) {
    const overlay = document.createElement("div");
    overlay.setAttribute("role", "dialog");
    overlay.setAttribute("aria-modal", "true");
    overlay.setAttribute("aria-label", "토스페이먼츠 결제창 (테스트)");
    overlay.tabIndex = -1;
    dress(overlay, {
      all: "initial",
      position: "fixed",
      inset: "0",
      "z-index": "2147483647",
      display: "grid",
      "place-items": "center",
      padding: "16px",
      "box-sizing": "border-box",
      background: "rgb(0 0 0 / 55%)",
    });

    const frame = document.createElement("iframe");
    frame.title = "토스페이먼츠 결제창 (테스트)";
    frame.src = url;
    dress(frame, {
      width: "min(560px, 100%)",
      height: "min(760px, 100%)",
      border: "0",
      "border-radius": "16px",
      background: "#ffffff",
      "color-scheme": "light",
      "box-shadow": "0 16px 48px rgb(0 0 0 / 30%)",
    });

    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "✕";
    close.setAttribute("aria-label", "결제창 닫기");
    dress(close, {
      all: "initial",
      position: "fixed",
      top: "16px",
      right: "16px",
      width: "44px",
      height: "44px",
      "border-radius": "22px",
      "text-align": "center",
      font: "20px/44px system-ui, sans-serif",
      color: "#ffffff",
      background: "rgb(0 0 0 / 60%)",
      cursor: "pointer",
    });
    const outline = () => {
      close.style.setProperty("outline", close.matches(":focus-visible") ? "3px solid #ffffff" : "none");
    };
    close.addEventListener("focus", outline);
    close.addEventListener("blur", outline);

    overlay.append(frame, close);

    const before = document.activeElement;
    const scroll = document.documentElement.style.getPropertyValue("overflow");
    const others = [...document.body.children].filter(
      (element) => element instanceof HTMLElement && !element.inert,
    );
    const cancel = () => outcome.reject(failure("USER_CANCEL"));

    /** @param {KeyboardEvent} event */
    const onKey = (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        cancel();
      }
    };
    /** @param {MessageEvent} event */
    const onMessage = (event) => {
      if (event.origin !== server || event.source !== frame.contentWindow) return;
      const message = event.data;
      if (message?.source !== "toss-sandbox" || message.window !== id) return;
      if (message.type === "navigate") outcome.navigate(message.url);
      if (message.type === "resolve") outcome.resolve(message.result);
      if (message.type === "reject") {
        outcome.reject(new TossPaymentsError(message.code, message.message));
      }
    };

    close.addEventListener("click", cancel);
    addEventListener("keydown", onKey, true);
    addEventListener("message", onMessage);
    document.body.append(overlay);
    // The page behind can neither be reached by Tab nor read while the window is open.
    for (const element of others) /** @type {HTMLElement} */ (element).inert = true;
    document.documentElement.style.setProperty("overflow", "hidden");
    // Until its script listens, the frame would swallow Escape; so the overlay holds the focus first.
    overlay.focus();
    frame.addEventListener("load", () => {
      if (document.activeElement === overlay) frame.focus();
    });

    return () => {
      if (!overlay.isConnected) return;
      removeEventListener("keydown", onKey, true);
      removeEventListener("message", onMessage);
      for (const element of others) /** @type {HTMLElement} */ (element).inert = false;
      document.documentElement.style.setProperty("overflow", scroll);
      overlay.remove();
      if (before instanceof HTMLElement) before.focus();
    };
  }

  // ---------------------------------------------------------------- the public face

  /**
   * @param {string} clientKey
   */
  function TossPayments(clientKey) {
    if (typeof clientKey !== "string" || !/^(test|live)_g?ck_\S+$/.test(clientKey)) {
      throw failure("INVALID_CLIENT_KEY");
    }
    if (clientKey.startsWith("live_")) {
      throw failure("INVALID_CLIENT_KEY", "샌드박스는 라이브 키를 받지 않습니다");
    }
    const widgetKey = clientKey.startsWith("test_gck_");

    return {
      /** @param {{ customerKey: string }} params */
      payment(params) {
        if (widgetKey) throw failure("NOT_SUPPORTED_WIDGET_KEY");
        if (!isObject(params)) throw failure("INVALID_CUSTOMER_KEY");
        const { customerKey } = params;
        if (typeof customerKey !== "string") throw failure("INVALID_CUSTOMER_KEY");
        if (/^(test|live)_(g?sk|ak)_/.test(customerKey)) throw failure("INSECURE_KEY_USAGE");
        if (!/^[A-Za-z0-9\-_=.@]{2,50}$/.test(customerKey)) throw failure("INVALID_CUSTOMER_KEY");
        const who = { clientKey, customerKey };

        return {
          /** @param {any} request https://docs.tosspayments.com/sdk/v2/js#paymentrequestbillingauth */
          async requestBillingAuth(request) {
            checkBilling(request);
            return openWindow("billing", who, request);
          },
          /** @param {any} request https://docs.tosspayments.com/sdk/v2/js#paymentrequestpayment */
          async requestPayment(request) {
            checkPayment(request);
            return openWindow("payment", who, request);
          },
          /** Closes the window; its promise rejects. Safe when nothing is open. */
          async destroy() {
            active?.reject(failure("PAYMENT_REQUEST_ABORTED"));
          },
        };
      },
    };
  }
  TossPayments.ANONYMOUS = ANONYMOUS;

  /** @type {any} */ (window).TossPayments = TossPayments;
})();
