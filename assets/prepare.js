// What can be done while the program is on its way.

import { arrive, delivery, isSession } from "./redirect.js";

// The time limits of the program's own requests, which it sends where these have no answer.
const READ_MS = 5_000;
const DELIVER_MS = 40_000;

export const sessionPath = ({ session }) => `/api/checkout/sessions/${session}`;
const url = (options, path) => new URL((options.api ?? "").replace(/\/+$/, "") + path, document.baseURI).href;

// Sends a request to the backend, or has direct mode answer it. Answers the status and all of the text, so that nobody
// need wait again: the program is to have read it before it draws. `undefined` where no answer comes.
export const send = async (options, path, init, limit) => {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), limit);
  const address = url(options, path);
  try {
    const request = new Request(address, { ...init, signal: controller.signal });
    const answer = await (options.answer ? options.answer(request) : fetch(request));
    return { status: answer.status, text: await answer.text() };
  } catch {
    const { origin } = new URL(address);
    // The browser does not say which of the two it was.
    if (origin !== location.origin && !controller.signal.aborted) {
      console.error(`toss-checkout: ${origin} is down or lacks ${location.origin} in ALLOWED_ORIGINS`);
    }
    return undefined;
  } finally {
    clearTimeout(timer);
  }
};

// Asked in the way that `Link: <…>; rel=preload; as=fetch; crossorigin` asks: a server may have let the browser
// begin with it before.
export const read = (options) => send(options, sessionPath(options), { cache: "no-store" }, READ_MS);

// Brings the keys to the backend.
export const deliver = (options, { path, body }) => {
  const headers = { "content-type": "application/json" };
  const init = { method: "POST", headers, body: JSON.stringify(body), credentials: "omit" };
  return send(options, path, init, DELIVER_MS);
};

/** The answer to a request of this path that was sent before, once; none where there is none. */
export const early = (options, path) => options.early?.(url(options, path));

// Toss's keys go to the backend, and the session is read, before the program is there. It takes the answers over,
// each once, see `host_options.rs`: who asks again wants to know better.
const hurry = (options, glue) => {
  const answers = new Map();
  options.early = (address) => {
    const answer = answers.get(address);
    answers.delete(address);
    return answer;
  };
  const keys = delivery(options);
  if (keys) answers.set(url(options, keys.path), deliver(options, keys));
  if (options.answer || !isSession(options.session)) return;
  const answer = read(options);
  answers.set(url(options, sessionPath(options)), answer);
  // A buyer who comes back sees no form.
  if (options.returned !== undefined) return;
  const bring = async () => {
    const src = sdkFor(options, JSON.parse((await answer).text));
    if (src) await runSdk(src, glue);
  };
  // What is no session, or does not arrive, is the program's affair.
  bring().catch(() => {});
  // The first number of a page takes a phone a twentieth of a second to write, which it has now.
  setTimeout(() => (0).toLocaleString(navigator.language));
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

// What the program calls once the form can be used. Real buyers' browsers load nothing for it.
const tellDeveloper = (developer) => (host, isTest) => {
  const isOwn = location.protocol !== "https:" || /\.(local|test)$/.test(location.hostname);
  if (!isTest && !isOwn) return;
  // Safari has no idle callback.
  (self.requestIdleCallback ?? setTimeout)(async () => {
    // Nobody misses it where it does not arrive.
    const module = host.isConnected ? await developer().catch(() => {}) : undefined;
    module?.develop(host, isTest);
  });
};

// Begins what the program needs and completes the options. `glue` imports the program's JavaScript,
// `directMode` what direct mode needs, `developer` what the developer is told. `isOwn`: the document is the
// page's own.
export const prepare = async (options, { glue, directMode, developer, isOwn }) => {
  arrive(options, isOwn);
  options.develop = tellDeveloper(developer);
  if (options["confirm-url"] || options["issue-url"]) (await directMode()).direct(options);
  if (!options.problem) hurry(options, glue);
};
