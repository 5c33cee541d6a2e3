// What can be done while the program is on its way.

// Asks for the session. Asked in the way that `Link: <…>; rel=preload; as=fetch; crossorigin` asks: a server
// may have let the browser begin with it before.
const ask = async (url) => {
  // Then the program asks once more, in the usual way.
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5_000);
  try {
    const answer = await fetch(url, { cache: "no-store", signal: controller.signal });
    // All of it, so that the program need not wait again.
    return new Response(await answer.text(), { status: answer.status });
  } catch {
    const { origin } = new URL(url);
    // The browser does not say which of the two it was.
    if (origin !== location.origin && !controller.signal.aborted) {
      console.error(`toss-checkout: ${origin} is down or lacks ${location.origin} in ALLOWED_ORIGINS`);
    }
  } finally {
    clearTimeout(timer);
  }
};
// The program takes the answer over, see `host_options.rs`.
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
    const src = sdkFor(options, await (await answer).clone().json());
    if (src) await runSdk(src, glue);
  };
  // What is no session, or does not arrive, is the program's affair.
  read().catch(() => {});
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
// `directMode` what direct mode needs, `developer` what the developer is told.
export const prepare = async (options, { glue, directMode, developer }) => {
  options.develop = tellDeveloper(developer);
  if (options["confirm-url"] || options["issue-url"]) (await directMode()).direct(options);
  else hurry(options, glue);
};
