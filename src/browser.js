// Chores of the browser. Plain JavaScript, because each of them costs many times the bytes when
// WebAssembly has to ask for it piece by piece. `browser.rs` says what they are for.

export const option = (name) =>
  document.querySelector(`meta[name='toss-checkout:${name}']`)?.getAttribute("content");

export const address = () => location.origin + location.pathname;
export const folder = () => address().replace(/[^/]*$/, "");
export const query = () => location.search;
// Throws for an address of another origin only, and ours never is.
export const replaceAddress = (address) => history.replaceState(null, "", address);
export const languages = () => navigator.languages.join();
export const userAgent = () => navigator.userAgent;
export const width = () => innerWidth;
export const hasCoarsePointer = () => matchMedia("(pointer: coarse)").matches;
export const isFramed = () => self !== top;

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

export const request = (url, body, timeout) => {
  const controller = new AbortController();
  // No reason is given: a reason that is no Error makes gloo-net panic.
  setTimeout(() => controller.abort(), timeout);
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

// The answer to a request that `boot.mjs` has sent already; undefined where there is none.
export const early = async (url, timeout) => {
  const sent = globalThis.tossCheckoutEarly;
  delete globalThis.tossCheckoutEarly;
  return sent?.url === url ? Promise.race([sent.answer, sleep(timeout)]) : undefined;
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

export const follow = (address, news, ask) => {
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
  return () => {
    stop();
    source?.close();
  };
};

export const onReturn = (returned) => {
  const controller = new AbortController();
  const { signal } = controller;
  addEventListener("pageshow", (event) => event.persisted && returned(true), { signal });
  addEventListener("visibilitychange", () => document.hidden || returned(false), { signal });
  return () => controller.abort();
};

export const create = (tag, className) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
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
export const listen = (element, event, handler) =>
  element.addEventListener(event, (happened) => {
    happened.preventDefault();
    handler();
  });

export const speak = (lang) => {
  document.documentElement.lang = lang;
};
export const focusHeading = () =>
  requestAnimationFrame(() => document.querySelector("#checkout h1")?.focus());

export const everySecond = (element, tick) => {
  const timer = setInterval(() => (element.isConnected ? tick() : clearInterval(timer)), 1000);
};

export const copy = async (text) => navigator.clipboard.writeText(text);

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
