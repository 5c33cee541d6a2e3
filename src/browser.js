// Chores of the browser. Plain JavaScript, because each of them costs many times the bytes when
// WebAssembly has to ask for it piece by piece. `browser.rs` says what they are for.

// One for each page: everything that is asked of the browser with it ends when it does.
export const scope = () => new AbortController();
export const end = (scope) => scope.abort();

// Pairs as they were meant; what naive appending leaves behind is another `&`.
const pairs = (query) => [...new URLSearchParams(query.replaceAll("?", "&"))].map(String);
const spot = ({ origin, pathname }) => origin + pathname.replace(/\/+$/, "");
export const isAt = (address) => {
  try {
    const there = new URL(address);
    const here = pairs(location.search);
    return spot(there) === spot(location) && pairs(there.search).every((pair) => here.includes(pair));
  } catch {
    return false;
  }
};
const OURS = ["session", "toss-checkout"];
const TOSS =
  "authKey customerKey paymentKey orderId amount paymentType code message".split(" ");
export const ownAddress = (returned) => {
  const own = location.search.split(/[?&]/).filter((part) => {
    const [name] = part.split("=");
    return name && !OURS.includes(name) && !(returned && TOSS.includes(name));
  });
  return location.origin + location.pathname + (own.length ? `?${own.join("&")}` : "");
};
export const query = () => location.search;
// What the merchant's own router keeps there stays. Throws for an address of another origin only,
// and ours never is.
export const replaceAddress = (address) =>
  history.replaceState(history.state, "", address + location.hash);
export const sentences = async (options, ...which) => options.sentences(...which);
export const userAgent = () => navigator.userAgent;
export const width = () => innerWidth;
export const hasCoarsePointer = () => matchMedia("(pointer: coarse)").matches;
export const isFramed = () => self !== top;
export const encoded = encodeURIComponent;
// Safari has no idle callback.
export const develop = (options, host, isTest, { signal }) => {
  const isOwn = location.protocol !== "https:" || /\.(local|test)$/.test(location.hostname);
  if (!isTest && !isOwn) return;
  (self.requestIdleCallback ?? setTimeout)(async () => {
    // Nobody misses it where it does not arrive.
    const module = signal.aborted ? undefined : await options.develop?.().catch(() => {});
    module?.develop(host, isTest);
  });
};

// A browser may refuse its storage, even to look at it.
export const keep = (name, value) => {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
};
export const kept = (name) => {
  try {
    return JSON.parse(sessionStorage.getItem(name));
  } catch {}
};
export const forget = (name) => {
  try {
    sessionStorage.removeItem(name);
  } catch {}
};

export const request = (url, body, timeout, scope) => {
  const controller = new AbortController();
  // No reason is given: a reason that is no Error makes gloo-net panic.
  const stop = () => {
    clearTimeout(timer);
    controller.abort();
  };
  const timer = setTimeout(stop, timeout);
  scope.signal.addEventListener("abort", stop, controller);
  return new Request(url, {
    cache: "no-store",
    credentials: "omit",
    signal: controller.signal,
    ...(body && {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    }),
  });
};

// Direct mode answers by itself, see `direct.js`; otherwise there may be the answer to a request that
// `prepare.mjs` has sent already. Undefined where there is neither.
export const answer = async (options, request, timeout) => {
  if (options.answer) return options.answer(request);
  const sent = options.early;
  delete options.early;
  return sent?.url === request.url ? Promise.race([sent.answer, sleep(timeout)]) : undefined;
};

// Answers undefined for what is no JSON.
export const parse = (text) => {
  try {
    return JSON.parse(text);
  } catch {}
};

const typed = (type) => (of, name) => {
  const value = of?.[name];
  return typeof value === type ? value : undefined;
};
export const text = typed("string");
export const flag = typed("boolean");
export const field = (of, name) => of?.[name];
export const words = (of, name) => {
  const value = of?.[name];
  return Array.isArray(value) ? value.join() : undefined;
};
export const whole = (of, name) => {
  const value = of?.[name];
  return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
};

export const sleep = (ms) => new Promise((resume) => setTimeout(resume, ms));

export const follow = (options, address, news, ask, scope) => {
  // In direct mode there is nothing to follow.
  if (options.answer) return;
  let poll;
  let source;
  const stop = () => {
    clearInterval(poll);
    poll = undefined;
  };
  const start = () => {
    poll ??= setInterval(ask, 4000);
  };
  try {
    source = new EventSource(address);
    source.addEventListener("session", (event) => news(parse(event.data)));
    source.onopen = stop;
    source.onerror = start;
  } catch {
    start();
  }
  scope.signal.addEventListener("abort", () => {
    stop();
    source?.close();
  });
};

export const isOffline = () => navigator.onLine === false;

// A scope stands for its signal where listeners are added.
export const onReturn = (returned, scope) => {
  addEventListener("pageshow", (event) => event.persisted && returned(true), scope);
  addEventListener("visibilitychange", () => document.hidden || returned(false), scope);
  addEventListener("online", () => returned(), scope);
};

export const create = (tag, className) => {
  const element = document.createElement(tag);
  // What our style sheet names, a merchant's can reach as `::part()`.
  if (className) element.className = element.part = className;
  return element;
};
export const append = (parent, child) => parent.append(child);
export const replace = (old, element) => old.replaceWith(element);
export const setAttribute = (element, name, value) => element.setAttribute(name, value);
export const setText = (element, words) => {
  // A live region must not be told again what it has said.
  if (element.textContent !== words) element.textContent = words;
};
export const assign = (element, name, value) => {
  element[name] = value;
};
export const listen = (element, event, handler, scope) =>
  element.addEventListener(
    event,
    (happened) => {
      happened.preventDefault();
      handler();
    },
    scope,
  );
export const clear = (element) => element.replaceChildren();

// A browser may refuse its storage; then once is once for each page.
const isNew = (name) => {
  try {
    const told = localStorage.getItem(name);
    localStorage.setItem(name, 1);
    return !told;
  } catch {
    return true;
  }
};
export const tell = (host, name, detail, once) => {
  if (once && !isNew(once)) return;
  const event = new CustomEvent(`toss-checkout:${name}`, { detail, bubbles: true, composed: true });
  host.dispatchEvent(event);
};

// A document of its own speaks the page's language; a shop's document keeps its own.
const isOwn = (host) => host.getRootNode() === document;
export const speak = (host, lang) => {
  host.lang = lang;
  if (isOwn(host)) document.documentElement.lang = lang;
};
// On a shop's page the checkout is not what the page is about.
export const place = (host, screen) => screen.setAttribute("role", isOwn(host) ? "main" : "group");
export const focus = (host, what) =>
  requestAnimationFrame(() => host.querySelector(what)?.focus());

export const announce = (host, words) => setText(host.querySelector("[role=status]"), words);

export const everySecond = (element, tick, scope) => {
  const stop = () => clearInterval(timer);
  const timer = setInterval(() => (element.isConnected ? tick() : stop()), 1000);
  scope.signal.addEventListener("abort", stop);
};

export const copy = async (text) => navigator.clipboard.writeText(text);

export const print = () => globalThis.print?.();

export const digits = (number, lang) => number.toLocaleString(lang);
export const koreanTime = (moment, lang) =>
  new Date(moment).toLocaleString(lang, {
    timeZone: "Asia/Seoul",
    month: "long",
    day: "numeric",
    weekday: "short",
    hour: "numeric",
    minute: "2-digit",
  });
export const msUntil = (moment) => Date.parse(moment) - Date.now();
