// Brings a script into the page. Plain JavaScript: waiting for a script and a clock together costs
// many times the bytes in WebAssembly. The numbers are read by `loader.rs`.
const LOADED = 0;
const FAILED = 1;
const NO_NAMESPACE = 2;
const TIMEOUT = 3;
const NO_DOCUMENT = 4;

// Loads that are under way, by source: two callers share one script.
const underWay = new Map();

const isThere = (name) => typeof globalThis[name] === "function";

const oneTry = (src, name, timeout) =>
  new Promise((settle) => {
    const script = document.createElement("script");
    const end = (outcome) => {
      clearTimeout(timer);
      if (outcome !== LOADED) script.remove();
      settle(outcome);
    };
    const timer = setTimeout(end, timeout, TIMEOUT);
    script.onload = () => end(isThere(name) ? LOADED : NO_NAMESPACE);
    script.onerror = () => end(FAILED);
    script.src = src;
    document.head.appendChild(script);
  });

const tries = async (src, name, timeout, retries) => {
  if (!globalThis.document?.head) return NO_DOCUMENT;
  for (let tried = 0; ; tried++) {
    // The same address again would join a request that hangs, so a retry has one of its own.
    const again = tried ? `${src}${src.includes("?") ? "&" : "?"}retry=${tried}` : src;
    const outcome = isThere(name) ? LOADED : await oneTry(again, name, timeout);
    // Another script, or a late one, may have brought it meanwhile.
    if (isThere(name)) return LOADED;
    if (tried >= retries) return outcome;
    // 300, 600, 1200, … ms and up to half of that again, so that a crowd of buyers does not come
    // back in one wave.
    const pause = 300 * 2 ** Math.min(tried, 4) * (1 + Math.random() / 2);
    await new Promise((resume) => setTimeout(resume, pause));
  }
};

export const load = (src, name, timeout, retries) => {
  if (!underWay.has(src)) {
    const forget = () => underWay.delete(src);
    underWay.set(src, tries(src, name, timeout, retries).finally(forget));
  }
  return underWay.get(src);
};
