// Where the program cannot start: brings Toss's keys to the backend all the same and says in a sentence what became
// of them; otherwise says what is missing and what helps. Fetched only then.
import { deliver, early, read, send, sessionPath } from "./prepare.js";
import { delivery, failure } from "./redirect.js";
import { bank, words } from "./fallback-words.js";

const POLL_MS = 4_000;
// Before the keys are sent once more. The backend acts once per key.
const PAUSES_MS = [1_000, 2_000];
// Who has waited for so long is asked, not made to wait again.
const PATIENCE_MS = 30_000;

const pause = (ms) => new Promise((resume) => setTimeout(resume, ms));
const isSuccess = ({ status }) => status >= 200 && status < 300;
const json = ({ text }) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

// Why it could not start: `missing` (no WebAssembly), `blocked` (the content security policy forbids it), `outdated`
// (the browser does not know all that the program uses), or `network`.
const causeOf = (error) => {
  if (typeof WebAssembly !== "object") return "missing";
  try {
    // The smallest module there is: who refuses it refuses all.
    new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  } catch {
    return "blocked";
  }
  const { CompileError, LinkError } = WebAssembly;
  return error instanceof CompileError || error instanceof LinkError ? "outdated" : "network";
};

/** What the merchant's developer is told: the code of the `error` event, and the fix. */
export const FIXES = {
  missing: ["CHECKOUT_NO_WEBASSEMBLY", "this browser has no WebAssembly: it is old, or in iOS Lockdown Mode"],
  blocked: [
    "CHECKOUT_WEBASSEMBLY_BLOCKED",
    "the Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to script-src",
  ],
  outdated: [
    "CHECKOUT_WEBASSEMBLY_REFUSED",
    "the browser refused the compiled program: it is old, or the server sends another file under this name",
  ],
  network: [
    "CHECKOUT_NOT_STARTED",
    "a file did not arrive, or arrived as something else: look for the failed request above, and see docs/hosting.md",
  ],
};

const readSession = async (options) => {
  const answer = (await early(options, sessionPath(options))) ?? (await read(options));
  return answer && isSuccess(answer) ? json(answer) : undefined;
};

// Sends the keys, and again where that may help.
const bring = async (options, keys) => {
  const until = Date.now() + PATIENCE_MS;
  let answer = await early(options, keys.path);
  // Nobody knows whether a merchant's own backend may be asked twice.
  for (const ms of options.answer ? [] : [0, ...PAUSES_MS]) {
    if ((answer && answer.status < 500) || Date.now() > until) break;
    await pause(ms);
    answer = await deliver(options, keys);
  }
  return answer;
};

// What became of the keys: a session, or what to say instead.
const delivered = async (options, keys, text) => {
  const answer = await bring(options, keys);
  const body = answer && json(answer);
  if (answer && isSuccess(answer)) {
    options.forget();
    return { session: body };
  }
  const { code = "", retryable } = body ?? {};
  const isOurs = code.startsWith("CHECKOUT_");
  if (!code || answer.status >= 500 || (isOurs && retryable)) {
    return { say: options.answer ? text.unread : text.undelivered };
  }
  // The keys stay good for a browser that can ask the buyer.
  if (code === "CHECKOUT_CONSENT_REQUIRED") return { say: text.consent };
  options.forget();
  if (code === "CHECKOUT_ALREADY_FINISHED" || code === "CHECKOUT_SESSION_EXPIRED") {
    return { session: await readSession(options) };
  }
  return { say: text.failed, code };
};

// What Toss has sent, as far as it can be known here.
const returned = async (options, text) => {
  const keys = delivery(options);
  if (keys) return delivered(options, keys, text);
  const report = failure(options);
  // Only the program can read it: it stays for a browser that has one.
  if (!report) return { say: text.unread };
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(report) };
  send(options, `${sessionPath(options)}/failure`, init, 10_000);
  options.forget();
  const isCancel = /^(USER_CANCEL|PAY_PROCESS_CANCELED)$/.test(report.code);
  return isCancel ? { say: text.canceled } : { say: text.failed, code: report.code };
};

// An account that waits for its deposit, in words.
const deposit = ({ amount, result }, text) => {
  const { accountNumber, bankCode, dueDate } = result?.virtualAccount ?? {};
  if (!accountNumber) return text.deposit;
  const sum = `${Number(amount?.value).toLocaleString(text.intl)}${text.won}`;
  const when = { timeZone: "Asia/Seoul", dateStyle: "long", timeStyle: "short" };
  const due = dueDate ? new Date(dueDate).toLocaleString(text.intl, when) : undefined;
  const [mark, heading, ...rest] = text.deposit;
  return [mark, heading, text.account(`${bank(bankCode)} ${accountNumber}`, sum, due), ...rest];
};

// What a session says; nothing while it is open.
const outcome = (session, text) => {
  switch (session?.status) {
    case "paid":
      return text.paid;
    case "registered":
    case "active":
      return session.result?.charge?.status === "declined" ? text.declined : text.registered;
    case "waiting_for_deposit":
      return deposit(session, text);
    case "authenticated":
    case "confirming":
    case "issuing":
    case "unknown":
      return text.unknown;
    case "failed":
      return text.failed;
    case "expired":
      return text.expired;
    case "canceled":
    case "partially_canceled":
      return text.refunded;
    default:
      return undefined;
  }
};

const make = (tag, className, ...children) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
};

const link = (label, href, className) => {
  const element = make("a", `button ${className}`, label);
  element.href = href;
  return element;
};

const button = (label, className, press) => {
  const element = make("button", `button ${className}`, label);
  element.type = "button";
  element.addEventListener("click", () => press(element));
  return element;
};

// The address of the form, for another browser.
const copyButton = (address, text) =>
  button(text.copy, "primary", async (pressed) => {
    try {
      await navigator.clipboard.writeText(address);
      pressed.textContent = text.copied;
    } catch {
      pressed.textContent = address;
    }
  });

const draw = (host, text, [mark, heading, ...sentences], { code, fix, actions }) => {
  const sign = make("div", `mark ${mark}`);
  sign.ariaHidden = "true";
  const title = make("h1", "", heading);
  title.tabIndex = -1;
  const lines = sentences.map((sentence) => make("p", "lead", sentence));
  if (code) lines.push(make("p", "code", code));
  if (fix) {
    const english = make("p", "", fix);
    english.lang = "en";
    lines.push(make("section", "developers", make("h2", "", text.developers), english));
  }
  // In a shadow root the page is a part of a shop's.
  const page = make(host.getRootNode() === document ? "main" : "div", "page", make("div", "result", sign, title, ...lines));
  page.lang = text.lang;
  if (actions.length) page.append(make("div", "actions", ...actions));
  host.replaceChildren(page);
  title.focus();
};

const isWeb = (address) => /^https?:\/\//.test(address);

/** Says in `host` why the program could not start, or what became of what Toss has sent; false where there is nothing
 * better to say than that something did not arrive. Stops when it is not current any more. */
export const explain = async (host, options, error, isCurrent = () => true) => {
  const cause = causeOf(error);
  const [code, fix] = FIXES[cause];
  console.error(`toss-checkout could not start: ${fix}`, error);
  host.dispatchEvent(new CustomEvent("toss-checkout:error", { detail: { code }, bubbles: true, composed: true }));

  let session = options.session && (await readSession(options));
  const text = words(options.locale ?? session?.locale);
  const back = options.returned === undefined ? {} : await returned(options, text);
  const { say } = back;
  session = back.session ?? session;
  const help = (look = "primary") => [
    ...(isWeb(session?.returnUrl) ? [link(text.shop, session.returnUrl, look)] : []),
    ...(isWeb(options["support-url"]) ? [link(text.help, options["support-url"], "secondary")] : []),
  ];
  const again = say === text.undelivered ? [button(text.again, "primary", () => location.reload())] : [];
  for (;;) {
    if (!isCurrent()) return true;
    const told = outcome(session, text);
    const shown = say ?? told;
    if (!shown) break;
    const code = shown === text.failed && (back.code ?? session?.result?.failure?.code);
    draw(host, text, shown, { code, actions: [...again, ...help(again.length > 0 ? "secondary" : "primary")] });
    // An outcome that nobody knows yet may come at any moment.
    if (shown !== text.unknown) return true;
    await pause(POLL_MS);
    session = (await readSession(options)) ?? session;
  }
  if (cause === "network") return false;
  // The shop's settings are the same in every browser.
  const isShops = cause === "blocked";
  const copy = isShops ? [] : [copyButton(options.form, text)];
  draw(host, text, text[cause], { fix: isShops && fix, actions: [...copy, ...help(isShops ? "primary" : "secondary")] });
  return true;
};
