// What stands in for the network, Toss's SDK and server-sent events while a browser test runs.
// Everything that arrives is written down; `restore` puts the page back as it was.
let log;
let real;

const EVENTS = [
  ..."ready change submit redirect pending success cancel fail error".split(" ").map((name) => `toss-checkout:${name}`),
  ..."canceled uncanceled paid agreed error".split(" ").map((name) => `toss-subscription:${name}`),
];
const hear = ({ type, detail }) => log.events.push({ type, detail });

export function install() {
  // A test that panicked did not put things back.
  if (real) restore();
  const page = `${location.origin}/checkout/`;
  log = {
    requests: [],
    calls: [],
    scripts: 0,
    streams: [],
    events: [],
    drawn: [],
    options: {
      "form-url": page,
      "success-url": `${page}success`,
      "fail-url": `${page}fail`,
    },
  };
  real = {
    fetch: window.fetch,
    EventSource: window.EventSource,
    setTimeout: window.setTimeout,
    href: location.href,
    appendChild: HTMLHeadElement.prototype.appendChild,
    append: HTMLHeadElement.prototype.append,
  };
  window.fetch = async (...all) => {
    const drawn = document.getElementById("checkout")?.childElementCount > 0;
    const request = new Request(...all);
    const body = request.method === "POST" ? await request.text() : null;
    const path = new URL(request.url).pathname;
    const authorization = request.headers.get("authorization");
    log.requests.push({ method: request.method, path, body, drawn, authorization });
    const key = `${request.method} ${path.split("/").pop().replace(/^cs_.*/, "session")}`;
    const queue = log.answers?.[key] ?? [];
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    if (!answer || answer.status === 0) throw new TypeError("Failed to fetch");
    // A status without a body must have none.
    return new Response(answer.status === 204 ? null : answer.body, { status: answer.status });
  };
  window.EventSource = class extends EventTarget {
    constructor(url) {
      super();
      this.url = url;
      log.streams.push(this);
    }
    close() {
      this.closed = true;
    }
  };
  // No script is ever fetched: `script` decides what becomes of it.
  const add = function (node) {
    if (node.tagName !== "SCRIPT") return real.appendChild.call(this, node);
    log.scripts += 1;
    setTimeout(() => {
      if (log.script !== "blocked") window.TossPayments = sdk;
      node.dispatchEvent(new Event(log.script === "blocked" ? "error" : "load"));
    });
    return node;
  };
  HTMLHeadElement.prototype.appendChild = add;
  HTMLHeadElement.prototype.append = add;
  for (const name of EVENTS) document.addEventListener(name, hear);
  const checkout = document.createElement("div");
  checkout.id = "checkout";
  document.body.append(checkout);
  const draw = () => log.drawn.push(checkout.querySelector("h1")?.textContent ?? "");
  new MutationObserver(draw).observe(checkout, { childList: true });
}

export function restore() {
  window.fetch = real.fetch;
  window.EventSource = real.EventSource;
  window.setTimeout = real.setTimeout;
  delete navigator.onLine;
  delete document.hidden;
  delete navigator.userAgent;
  HTMLHeadElement.prototype.appendChild = real.appendChild;
  HTMLHeadElement.prototype.append = real.append;
  delete window.TossPayments;
  history.replaceState(null, "", real.href);
  sessionStorage.clear();
  localStorage.clear();
  for (const name of EVENTS) document.removeEventListener(name, hear);
  document.getElementById("checkout").remove();
  real = undefined;
}

const sdk = (clientKey) => {
  // A page closes its window a moment after it was taken away, when the next test may have begun.
  const own = log;
  log.calls.push({ name: "TossPayments", argument: clientKey });
  if (log.sdk === "throw") {
    throw Object.assign(new Error("ClientKey"), { code: "INVALID_CLIENT_KEY" });
  }
  const request = (name) => (argument) => {
    const keys = Object.keys(argument);
    const undefinedKeys = keys.filter((key) => argument[key] === undefined);
    const plain = Object.getPrototypeOf(argument) === Object.prototype;
    log.calls.push({ name, argument, undefinedKeys, plain });
    return new Promise((_, reject) => (log.reject = reject));
  };
  return {
    payment: (argument) => {
      log.calls.push({ name: "payment", argument });
      return {
        requestBillingAuth: request("requestBillingAuth"),
        requestPayment: request("requestPayment"),
        destroy: async () => {
          own.calls.push({ name: "destroy" });
        },
      };
    },
  };
};

export function answers(json) {
  log.answers = JSON.parse(json);
}

export function script(behaviour) {
  log.script = behaviour;
}

/** What the browser says about its network from now on. */
export function network(online) {
  Object.defineProperty(navigator, "onLine", { value: online, configurable: true });
  dispatchEvent(new Event(online ? "online" : "offline"));
}

/** Waits of a minute and more are over at once. */
export function hurry() {
  const { setTimeout } = real;
  window.setTimeout = (run, ms = 0, ...rest) =>
    setTimeout(run, ms < 60_000 ? ms : 0, ...rest);
}

export function user_agent(words) {
  Object.defineProperty(navigator, "userAgent", { value: words, configurable: true });
}

export function sdk_behaviour(behaviour) {
  log.sdk = behaviour;
}

/** Rejects the open request; without a code, with a bare string. False while none is open. */
export function reject_now(code) {
  if (!log.reject) return false;
  log.reject(code ? Object.assign(new Error("message"), { code }) : "just text");
  log.reject = undefined;
  return true;
}

export function stream(json) {
  for (const one of log.streams) one.dispatchEvent(new MessageEvent("session", { data: json }));
}

export function open_streams() {
  return log.streams.filter((one) => !one.closed).length;
}

export function written() {
  const { requests, calls, scripts, events, drawn } = log;
  return JSON.stringify({ requests, calls, scripts, events, drawn });
}

export function option(name, content) {
  log.options[name] = content;
}

export function options() {
  return log.options;
}

/**
 * The page's modules are given as text. Were they imported, there would be several to fetch at once, and
 * wasm-bindgen's server forgets one now and then when a browser opens more than four connections
 * (`TaskPool::spawn` of tiny_http 0.12).
 */
const addresses = new Map();
const address = (module) => {
  let text = module;
  for (const [name, part] of parts) text = text.replace(`"./${name}"`, `"${part}"`);
  if (!addresses.has(text)) {
    addresses.set(text, URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  }
  return addresses.get(text);
};

/** What other modules import by this name. */
const parts = new Map();
export function part(name, module) {
  parts.set(name, address(module));
}

export async function call_in(module, name, ...values) {
  return (await import(address(module)))[name](...values);
}

/** The options as the loader hands them to the program, without what it begins already. */
export async function arrive(redirect) {
  const options = { ...log.options };
  await call_in(redirect, "arrive", options, true);
  return options;
}

/** The same, with what it begins already, and whose answers have come when this ends. */
export async function prepare(module) {
  const options = { ...log.options };
  // Direct mode has been prepared before.
  const directMode = async () => ({ direct() {} });
  await call_in(module, "prepare", options, { isOwn: true, directMode });
  // Read after what was read before.
  await new Response("").text();
  return options;
}

/** Whether the buyer sees another tab, from now on. */
export function hide(hidden) {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  come_back();
}

export function come_back() {
  document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
}

export function storage_text() {
  return JSON.stringify({ ...sessionStorage });
}
