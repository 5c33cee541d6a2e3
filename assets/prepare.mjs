// What can be done while the program is on its way.

// The language to begin with: the merchant's choice, or else the first of the browser's
// languages that the page speaks. The session may ask for another one later.
const SPOKEN = ["ko", "en"];

const first = (wanted) => {
  const tags = SPOKEN.includes(wanted) ? [wanted] : navigator.languages;
  const found = tags.map((tag) => tag.slice(0, 2)).find((tag) => SPOKEN.includes(tag));
  return found ?? "ko";
};

// Adds to the options what fetches a language's sentences. `read` promises what is in a file, `own` puts
// the merchant's own sentences in.
const speak = (options, read, own) => {
  const files = {};
  const once = async (name) => (files[name] ??= await read(name));
  options.sentences = async (lang, whole) => {
    const names = whole ? [lang, `${lang}-more`] : [lang];
    return own((await Promise.all(names.map(once))).join(""));
  };
};

// Asks for the session while the program is on its way; `browser.js` hands the answer over. All of it has
// been read then, so that the program need not wait again.
const ask = async (url) => {
  try {
    const answer = await fetch(url, { cache: "no-store", credentials: "omit" });
    const { ok, status } = answer;
    const text = await answer.text();
    return { ok, status, text: async () => text };
  } catch {
    const { origin } = new URL(url);
    // The browser does not say which of the two it was.
    if (origin !== location.origin) {
      console.error(`toss-checkout: ${origin} is down or lacks ${location.origin} in ALLOWED_ORIGINS`);
    }
  }
};
const hurry = (options) => {
  const session = options.session ?? new URLSearchParams(location.search).get("session") ?? "";
  if (!/^cs_\w+$/.test(session)) return;
  const path = `${(options.api ?? "").replace(/\/+$/, "")}/api/checkout/sessions/${session}`;
  const url = new URL(path, document.baseURI).href;
  const answer = ask(url);
  options.early = { url, answer };
  // A buyer who comes back sees no form.
  if (/[?&](authKey|paymentKey|code)=/.test(location.search)) return;
  const read = async () => fetchSdk(options, JSON.parse(await (await answer).text()));
  // What is no session is the program's affair.
  read().catch(() => {});
  // The first number of a page takes a phone a twentieth of a second to write, which it has now.
  requestAnimationFrame(() => setTimeout(() => (0).toLocaleString(first(options.locale))));
};

// Toss's script may come at the same time as the program, when the form will need it: never for a key
// that will be refused.
const SDK_URL = "https://js.tosspayments.com/v2/standard";
const fetchSdk = (options, session) => {
  const key = options["client-key"] ?? session?.clientKey;
  if (session?.status !== "open" || !/^(test|live)_ck_/.test(key) || globalThis.TossPayments) return;
  const { href } = new URL(options["sdk-url"] ?? SDK_URL, document.baseURI);
  // A server that knows the session may have named it in a header.
  if (performance.getEntriesByName(href).length) return;
  const link = document.createElement("link");
  link.rel = "preload";
  link.as = "script";
  link.href = href;
  document.head.append(link);
};

// Begins what the program needs and completes the options. Answers the promise of the first
// sentences. `directMode` imports what direct mode needs.
export const prepare = async (options, read, directMode, own = (sentences) => sentences) => {
  speak(options, read, own);
  const sentences = options.sentences(first(options.locale));
  if (options["confirm-url"] || options["issue-url"]) (await directMode()).direct(options);
  else hurry(options);
  return sentences;
};
