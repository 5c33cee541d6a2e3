// @ts-check
// The public face: what `window.TossPayments` is.

/** @typedef {import("./official").PromiseResult} PromiseResult */

const script = document.currentScript;
if (!(script instanceof HTMLScriptElement) || script.src === "") {
  throw new Error("[toss-sandbox] load this file with <script src>: it learns its server's address from it");
}
const server = new URL(script.src).origin;

/**
 * @typedef {object} Active
 * @property {(error: TossPaymentsError) => void} reject
 * @property {() => void} close removes what is on the screen; may be called again
 */

/** @type {Active | null} One request at a time. */
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
 * @param {Registration | Purchase} request
 * @param {boolean} byPromise
 * @returns {Promise<any>}
 */
async function openWindow(kind, who, request, byPromise) {
  const target = chooseTarget(request, byPromise);
  if (active) throw failure("INVALID_METHOD_TRANSACTION");

  return new Promise((resolve, reject) => {
    /** @type {Active} */
    const mine = { reject, close: () => {} };
    active = mine;
    /** @template T @param {(value: T) => void} settle */
    const once = (settle) => (/** @type {T} */ value) => {
      if (active !== mine) return;
      mine.close();
      active = null;
      settle(value);
    };
    mine.reject = once(reject);
    const done = once(resolve);

    createWindow({ ...who, kind, target, opener: location.origin, request }).then(({ id, url }) => {
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
    }, mine.reject);
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

/** @param {string} clientKey @param {import("./official").PaymentParameters} params */
function checkCustomer(clientKey, params) {
  if (clientKey.startsWith("test_gck_")) throw failure("NOT_SUPPORTED_WIDGET_KEY");
  const customerKey = isObject(params) ? params.customerKey : undefined;
  if (typeof customerKey !== "string") throw failure("INVALID_CUSTOMER_KEY");
  if (/^(test|live)_(g?sk|ak)_/.test(customerKey)) throw failure("INSECURE_KEY_USAGE");
  if (!/^[A-Za-z0-9\-_=.@]{2,50}$/.test(customerKey)) throw failure("INVALID_CUSTOMER_KEY");
  return customerKey;
}

/** @param {string} product @returns {() => never} */
const absent = (product) => () => {
  throw failure("NOT_SUPPORTED_METHOD", `${product}: 샌드박스는 payment()만 흉내 냅니다`);
};

/**
 * What v1 called directly on `TossPayments(clientKey)`. A page that was not moved to v2 reads why.
 * https://docs.tosspayments.com/sdk/v2/error-codes
 * @param {string} name
 * @returns {() => Promise<never>}
 */
const ofVersion1 = (name) => async () => {
  throw failure("V1_METHOD_NOT_SUPPORTED", `${name}(): v2에서는 payment({ customerKey }).${name}()을 부릅니다`);
};

/**
 * @param {string} clientKey
 * @returns {import("./official").Sdk}
 */
function TossPayments(clientKey) {
  if (typeof clientKey !== "string" || !/^(test|live)_g?ck_\S+$/.test(clientKey)) {
    throw failure("INVALID_CLIENT_KEY");
  }
  if (clientKey.startsWith("live_")) {
    throw failure("INVALID_CLIENT_KEY", "샌드박스는 라이브 키를 받지 않습니다");
  }
  /** @type {import("./official").Sdk} */
  const sdk = {
    payment(params) {
      const who = { clientKey, customerKey: checkCustomer(clientKey, params) };

      /**
       * @overload
       * @param {RedirectPurchase} request
       * @returns {Promise<void>}
       */
      /**
       * @overload
       * @param {Purchase} request
       * @returns {Promise<PromiseResult>}
       */
      /**
       * https://docs.tosspayments.com/sdk/v2/js#paymentrequestpayment
       * @param {Purchase} request
       * @returns {Promise<any>}
       */
      async function requestPayment(request) {
        checkPayment(request);
        return openWindow("payment", who, request, isAbsent(addressOf(request, "successUrl")));
      }

      return {
        requestPayment,
        /** https://docs.tosspayments.com/sdk/v2/js#paymentrequestbillingauth */
        async requestBillingAuth(request) {
          checkBilling(request);
          return openWindow("billing", who, request, false);
        },
        /** Closes the window; its promise rejects. Safe when nothing is open. */
        async destroy() {
          active?.reject(failure("PAYMENT_REQUEST_ABORTED"));
        },
      };
    },
    widgets: absent("widgets()"),
    brandpay: absent("brandpay()"),
  };
  return Object.assign(sdk, {
    requestPayment: ofVersion1("requestPayment"),
    requestBillingAuth: ofVersion1("requestBillingAuth"),
  });
}
/** @type {import("./official").Anonymous} the marker of a guest */
TossPayments.ANONYMOUS = "@@ANONYMOUS";

Object.assign(window, { TossPayments });
