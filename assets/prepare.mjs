// What can be done while the program is on its way.

// The language to begin with: the merchant's choice, or else the first of the browser's
// languages that the page speaks. The session may ask for another one later.
const SPOKEN = ["ko", "en"];

const first = (wanted) => {
  const tags = SPOKEN.includes(wanted) ? [wanted] : navigator.languages;
  const found = tags.map((tag) => tag.slice(0, 2)).find((tag) => SPOKEN.includes(tag));
  return found ?? "ko";
};

// Adds to the options what fetches a language's sentences.
const speak = (options, read, own) => {
  const files = {};
  // A phone that says it is online again may need another moment.
  const again = async (name) => {
    await new Promise((resume) => setTimeout(resume, 1_000));
    return read(name);
  };
  const once = async (name) => (files[name] ??= await read(name).catch(() => again(name)));
  options.sentences = async (lang, whole) => {
    const names = whole ? [lang, `${lang}-more`] : [lang];
    return own((await Promise.all(names.map(once))).join(""));
  };
};

// Asks for the session while the program is on its way; `browser.js` hands the answer over. All of it has
// been read then, so that the program need not wait again. Asked in the way that `Link: <…>; rel=preload;
// as=fetch; crossorigin` asks: a server may have let the browser begin with it before.
const ask = async (url) => {
  try {
    const answer = await fetch(url, { cache: "no-store" });
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
const hurry = (options, glue) => {
  const session = options.session ?? new URLSearchParams(location.search).get("session") ?? "";
  if (!/^cs_\w+$/.test(session)) return;
  const path = `${(options.api ?? "").replace(/\/+$/, "")}/api/checkout/sessions/${session}`;
  const url = new URL(path, document.baseURI).href;
  const answer = ask(url);
  options.early = { url, answer };
  // A buyer who comes back sees no form.
  if (/[?&](authKey|paymentKey|code)=/.test(location.search)) return;
  const read = async () => {
    const src = sdkFor(options, JSON.parse(await (await answer).text()));
    if (src) await runSdk(src, glue);
  };
  // What is no session, or does not arrive, is the program's affair.
  read().catch(() => {});
  // The first number of a page takes a phone a twentieth of a second to write, which it has now.
  setTimeout(() => (0).toLocaleString(first(options.locale)));
};

// Toss's script, when the form will need it: never for a key that will be refused.
const SDK_URL = "https://js.tosspayments.com/v2/standard";
const sdkFor = (options, session) => {
  const key = options["client-key"] ?? session?.clientKey;
  if (session?.status !== "open" || !/^(test|live)_ck_/.test(key) || globalThis.TossPayments) return;
  return options["sdk-url"] ?? SDK_URL;
};

// It may come, and run, while the program is still on its way. The program's own loader puts it in, so that
// the program, when it asks, has it or waits for the same one.
const runSdk = async (src, glue) => {
  const link = document.createElement("link");
  link.rel = "preload";
  link.as = "script";
  link.href = src;
  document.head.append(link);
  const { load } = await glue();
  // As `LoadOptions` has it by default. Trunk's build alone, without esbuild, does not export it.
  load?.(src, "TossPayments", 8_000, 2);
};

// Begins what the program needs and completes the options. Answers the promise of the first sentences.
// `read` promises what is in a file of sentences, `glue` imports the program's JavaScript, `directMode`
// what direct mode needs; `own` puts the merchant's own sentences in.
export const prepare = async (options, { read, glue, directMode, own = (sentences) => sentences }) => {
  speak(options, read, own);
  const sentences = options.sentences(first(options.locale));
  if (options["confirm-url"] || options["issue-url"]) (await directMode()).direct(options);
  else hurry(options, glue);
  return sentences;
};
