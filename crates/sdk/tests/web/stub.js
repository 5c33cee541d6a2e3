// Toss's script, as a stub that writes down what really arrives and does as it is told.

let log;

const seen = (name, args) => {
  const [argument] = args;
  const isObject = typeof argument === "object" && argument !== null;
  const kinds = (value) =>
    value === null || typeof value !== "object"
      ? value === null ? "null" : typeof value
      : Array.isArray(value)
        ? value.map(kinds)
        : Object.fromEntries(Reflect.ownKeys(value).map((key) => [String(key), kinds(value[key])]));
  // A `Map` or a class of ours would have another prototype somewhere.
  const isPlain = (value) =>
    value === null ||
    typeof value !== "object" ||
    ([Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value)) &&
      Object.values(value).every(isPlain));
  log.calls.push({
    name,
    count: args.length,
    argument,
    kinds: isObject ? kinds(argument) : typeof argument,
    plain: isPlain(argument),
  });
};

const act = (name, fallback) => {
  const behaviour = log.behaviour[name] ?? fallback;
  if (behaviour === undefined) return undefined;
  const [what, detail] = behaviour;
  switch (what) {
    case "throw":
      throw thrown(detail);
    case "reject":
      return Promise.reject(thrown(detail));
    case "resolve":
      return Promise.resolve(detail);
    case "hang":
      return new Promise((_, reject) => log.pending.push(reject));
    default:
      throw new Error(`no behaviour ${what}`);
  }
};

// What a script may throw, in all its kinds.
const thrown = (detail) => {
  if (detail?.kind === "error") return Object.assign(new Error(detail.message), { code: detail.code });
  if (detail?.kind === "plain error") return new TypeError(detail.message);
  if (detail?.kind === "undefined") return undefined;
  if (detail?.kind === "trap") {
    return Object.defineProperty({}, "code", {
      get() {
        throw new Error("no code for you");
      },
    });
  }
  return detail;
};

const namespace = (...args) => {
  seen("TossPayments", args);
  act("TossPayments");
  return {
    payment(...args) {
      seen("payment", args);
      act("payment");
      const payment = {
        requestBillingAuth(...args) {
          seen("requestBillingAuth", args);
          return act("requestBillingAuth", ["hang"]);
        },
        requestPayment(...args) {
          seen("requestPayment", args);
          return act("requestPayment", ["hang"]);
        },
      };
      if (log.behaviour.destroy !== "missing") {
        payment.destroy = async (...args) => {
          seen("destroy", args);
          for (const reject of log.pending.splice(0)) {
            reject(thrown({ kind: "error", code: "PAYMENT_REQUEST_ABORTED", message: "closed" }));
          }
          await act("destroy", ["resolve"]);
        };
      }
      return payment;
    },
  };
};
namespace.ANONYMOUS = "@@guest";

/** Puts the stub in the place of Toss's script. `behaviour` maps functions to what they do. */
export function install(behaviour) {
  log = { calls: [], pending: [], behaviour: JSON.parse(behaviour) };
  globalThis.TossPayments = namespace;
}

export const calls = () => JSON.stringify(log.calls);

// Below: for the loader, which needs scripts that are really fetched.

let scripts = 0;

/** The address of a script that does this. Each call answers another address. */
export function script(code) {
  scripts += 1;
  return `data:text/javascript,${encodeURIComponent(code)}//${scripts}`;
}

/** A script that defines the namespace and counts how often it has run. */
export const good = () =>
  script("globalThis.ran=(globalThis.ran??0)+1;globalThis.TossPayments=function(){};\n");

/** A script that runs and defines nothing. */
export const empty = () => script("globalThis.ran=(globalThis.ran??0)+1;\n");

export const ran = () => globalThis.ran ?? 0;

/** How many script elements with an address that begins like this are in the document. */
export const elements = (src) =>
  [...document.scripts].filter((script) => script.getAttribute("src")?.startsWith(src)).length;

/** Adds a script element as the page that we are embedded in would. */
export function host_adds(src) {
  const script = document.createElement("script");
  script.src = src;
  script.className = "of-the-host";
  script.onerror = () => {
    globalThis.hostFailures = (globalThis.hostFailures ?? 0) + 1;
  };
  document.head.append(script);
}

export const host_failures = () => globalThis.hostFailures ?? 0;
/** Whether the browser tells that it has fetched this, well or not. */
export const was_fetched = (src) => performance.getEntriesByName(src).length > 0;

/** The attributes of the script element with this address. */
export function attributes(src) {
  const script = [...document.scripts].find((script) => script.getAttribute("src") === src);
  return JSON.stringify({ integrity: script.integrity, nonce: script.nonce, crossOrigin: script.crossOrigin });
}

let append;

/** Keeps script elements from being fetched: `ms` later, or never, an event of that kind comes. */
export function intercept(kind, ms) {
  append ??= Element.prototype.append;
  HTMLHeadElement.prototype.append = function (node) {
    if (node.tagName !== "SCRIPT") return append.call(this, node);
    globalThis.asked = [...(globalThis.asked ?? []), node.src];
    // Outside of the document a script does nothing.
    append.call(document.createElement("div"), node);
    if (ms >= 0) {
      setTimeout(() => {
        if (kind === "load") globalThis.TossPayments = function () {};
        node.dispatchEvent(new Event(kind));
      }, ms);
    }
  };
}

/** The addresses that were asked for since. */
export const asked = () => JSON.stringify(globalThis.asked ?? []);

export function offline(is) {
  if (is) Object.defineProperty(navigator, "onLine", { configurable: true, get: () => false });
  else delete navigator.onLine;
  if (!is) dispatchEvent(new Event("online"));
}

/** Puts everything back. */
export function restore() {
  if (append) delete HTMLHeadElement.prototype.append;
  delete navigator.onLine;
  delete globalThis.TossPayments;
  delete globalThis.ran;
  delete globalThis.asked;
  delete globalThis.hostFailures;
  for (const script of document.querySelectorAll("script.of-the-host")) script.remove();
}

/** What a URL API writes. */
export function written(base, pairs) {
  const url = new URL(base);
  for (const [name, value] of JSON.parse(pairs)) url.searchParams.append(name, value);
  return url.href;
}
