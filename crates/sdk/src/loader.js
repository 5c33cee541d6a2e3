// Brings a script into the page. Plain JavaScript: waiting for a script and a clock together costs
// many times the bytes in WebAssembly. The numbers are read by `loader.rs`.
const LOADED = 0;
const FAILED = 1;
const NO_NAMESPACE = 2;
const TIMEOUT = 3;
const NO_DOCUMENT = 4;
const OFFLINE = 5;

// Loads that are under way, by source: two callers share one script.
const underWay = new Map();
// The script elements that are ours, for `clear`.
const ours = new Set();

const isThere = (name) => typeof globalThis[name] === "function";
const sleep = (ms) => new Promise((resume) => setTimeout(resume, ms));

// True once there is a network, false when there is none within `ms`.
const online = (ms) =>
  navigator.onLine !== false ||
  new Promise((settle) => {
    const end = (outcome) => {
      clearTimeout(timer);
      removeEventListener("online", back);
      settle(outcome);
    };
    const back = () => end(true);
    const timer = setTimeout(end, ms, false);
    addEventListener("online", back);
  });

const arrival = (script, name, timeout) =>
  new Promise((settle) => {
    const end = (outcome) => {
      clearTimeout(timer);
      settle(outcome);
    };
    const timer = setTimeout(end, timeout, TIMEOUT);
    script.addEventListener("load", () => end(isThere(name) ? LOADED : NO_NAMESPACE));
    script.addEventListener("error", () => end(FAILED));
  });

// A script that somebody else has put into the page. One that has been fetched already has told so,
// or will at once: it is not waited for any longer. Should it bring nothing, ours may.
const adopted = (src, name, timeout) => {
  const { href } = new URL(src, document.baseURI);
  const script = [...document.scripts].find((script) => script.src === href && !ours.has(script));
  if (!script) return;
  const fetched = performance.getEntriesByName(href).length > 0;
  return arrival(script, name, fetched ? Math.min(timeout, 500) : timeout);
};

// A document that enforces Trusted Types takes a script's address from a policy only.
let policy;
const trusted = (src) => {
  try {
    const createScriptURL = (url) => url;
    policy ??= globalThis.trustedTypes?.createPolicy("toss-payments-sdk", { createScriptURL });
  } catch {
    // Its content security policy does not name ours; the browser will say so.
  }
  return policy ? policy.createScriptURL(src) : src;
};

const added = async (src, name, timeout, integrity, nonce) => {
  const script = document.createElement("script");
  if (integrity) {
    script.integrity = integrity;
    script.crossOrigin = "anonymous";
  }
  if (nonce) script.nonce = nonce;
  script.src = trusted(src);
  ours.add(script);
  const arrived = arrival(script, name, timeout);
  document.head.append(script);
  const outcome = await arrived;
  if (outcome !== LOADED) {
    script.remove();
    ours.delete(script);
  }
  return outcome;
};

const tries = async (src, name, timeout, retries, integrity, nonce) => {
  if (!globalThis.document?.head) return NO_DOCUMENT;
  for (let tried = 0; ; tried++) {
    if (isThere(name)) return LOADED;
    if (!(await online(timeout))) return OFFLINE;
    // The same address again would join a request that hangs, so a retry has one of its own.
    const again = tried ? `${src}${src.includes("?") ? "&" : "?"}retry=${tried}` : src;
    if (!tried && (await adopted(src, name, timeout)) === LOADED) return LOADED;
    const outcome = await added(again, name, timeout, integrity, nonce);
    // Another script, or a late one, may have brought it meanwhile.
    if (isThere(name)) return LOADED;
    if (tried >= retries) return outcome;
    // 300, 600, 1200, … ms and up to half of that again, so that a crowd of buyers does not come
    // back in one wave.
    await sleep(300 * 2 ** Math.min(tried, 4) * (1 + Math.random() / 2));
  }
};

export const load = (src, name, ...rest) => {
  if (!underWay.has(src)) {
    const forget = () => underWay.delete(src);
    underWay.set(src, tries(src, name, ...rest).finally(forget));
  }
  return underWay.get(src);
};

export const clear = (name) => {
  for (const script of ours) script.remove();
  ours.clear();
  underWay.clear();
  delete globalThis[name];
};
