// What Toss has sent the buyer back with. This runs before the program is there, and where it never comes:
// Toss's keys leave the address bar before anything else happens, and wait in the tab's storage until the
// backend has acknowledged them.

// What Toss adds to a return address.
const ADDED = "authKey customerKey paymentKey orderId amount paymentType code message".split(" ");

/** Where something of a session is kept while the tab is open: `return` is the query that Toss has sent, `consent`
 * what the buyer agreed to, which the program keeps (`src/runtime/pending_delivery.rs`). */
const slot = (kind, session) => `toss-checkout.${kind}.${session}`;

/** The tab's storage by name: reads without a value, erases with `null`. False where the browser has none. */
export const stored = (name, value) => {
  try {
    if (value === undefined) return sessionStorage.getItem(name) ?? undefined;
    if (value === null) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, value);
    return true;
  } catch {
    return value === undefined ? undefined : false;
  }
};

// Names and values as they were meant: what is appended to an address that has a query brings another `?`.
const parameters = (query) => new URLSearchParams(query.replace(/\?/g, "&"));
const withParameter = (url, parameter) => `${url}${url.includes("?") ? "&" : "?"}${parameter}`;

// The value of a parameter; none where it is there with different values.
const one = (all, name) => {
  const values = all.getAll(name);
  return values.every((value) => value === values[0]) ? values[0] : undefined;
};

// Whether the address bar shows this address: the same place, with all its parameters.
const isAt = (address) => {
  const place = ({ origin, pathname }) => origin + pathname.replace(/\/+$/, "");
  try {
    const there = new URL(address);
    const shown = parameters(location.search);
    const wanted = [...parameters(there.search)];
    return place(there) === place(location) && wanted.every(([name, value]) => shown.getAll(name).includes(value));
  } catch {
    return false;
  }
};

const replace = (address) => history.replaceState(history.state, "", address + location.hash);

/** Reads the address bar, and takes out of it what Toss has added. Completes the options: `session`; where the form
 * is (`form` with the session) and where Toss sends the buyer back to; `returned`, what Toss has sent, by `success?` or `fail?` and its query,
 * also after a refresh; `forget`, which erases that. `isOwn`: the document is the page's own, so keys in its address
 * are the page's, whatever else is wrong with it. */
export const arrive = (options, isOwn) => {
  const { origin, pathname, search } = location;
  const shown = parameters(search);
  const isReturn = (name, outcome) => (options[name] ? isAt(options[name]) : one(shown, "toss-checkout") === outcome);
  const hasKeys = shown.has("authKey") || shown.has("paymentKey");
  const kind =
    isReturn("success-url", "success") || (isOwn && hasKeys) ? "success" : isReturn("fail-url", "fail") && "fail";
  const given = one(shown, "session") ?? (isOwn && kind ? stored("toss-checkout.session") : undefined);
  options.session ??= given;

  const isAdded = (part) => {
    const name = [...new URLSearchParams(part).keys()][0];
    return name === "session" || name === "toss-checkout" || (kind && ADDED.includes(name));
  };
  const own = search.split(/[?&]/).filter((part) => part && !isAdded(part));
  const here = origin + pathname + (own.length ? `?${own.join("&")}` : "");
  options["form-url"] ||= here;
  options["success-url"] ||= withParameter(here, "toss-checkout=success");
  options["fail-url"] ||= withParameter(here, "toss-checkout=fail");

  const { session } = options;
  const form = session ? withParameter(options["form-url"], `session=${session}`) : options["form-url"];
  options.form = form;
  // Several elements can be in one document: each takes what is its own.
  const isMine = kind && (isOwn || given === session);
  const kept = slot("return", session);
  if (isMine) {
    options.returned = kind + (search || "?");
    // Without a storage the address bar keeps them.
    if (!isSession(session) || stored(kept, options.returned)) replace(form);
  } else {
    options.returned = stored(kept);
  }
  options.forget = () => {
    for (const name of [kept, slot("consent", session), "toss-checkout.session"]) stored(name, null);
    if (isMine && location.search === search) replace(form);
  };
};

/** Whether the backend can know it: see `SessionId`. */
export const isSession = (text) => /^cs_[0-9A-Za-z]{22,64}$/.test(text);

// A key has no spaces and may have a `+`, which some browsers leave raw when they write the address anew. What has
// a `%` may not have been decoded.
const key = (all, name, longest) => {
  const text = one(all, name)?.replace(/ /g, "+");
  return text && text.length <= longest && /^[!-$&-~]+$/.test(text) ? text : undefined;
};
const ORDER_ID = /^[\w=-]{6,64}$/;
const matching = (all, name, pattern) => {
  const text = one(all, name);
  return pattern.test(text) ? text : undefined;
};

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The request that brings the keys to the backend; none where the address leaves a doubt, which is
 * `Return::parse`'s to settle. It takes whatever this takes, and reads the same in it. */
export const delivery = ({ returned, session }) => {
  if (!returned?.startsWith("success?") || returned.length > 8_000 || !isSession(session)) return undefined;
  const all = parameters(returned.slice(8));
  const path = (call) => `/api/checkout/sessions/${session}/${call}`;
  const [hasAuthKey, hasPaymentKey] = [all.has("authKey"), all.has("paymentKey")];
  if (hasAuthKey && !hasPaymentKey) {
    const authKey = key(all, "authKey", 300);
    const customerKey = matching(all, "customerKey", /^[\w=.@-]{2,300}$/);
    const consent = parsed(stored(slot("consent", session)));
    return authKey && customerKey ? { path: path("billing"), body: { authKey, customerKey, consent } } : undefined;
  }
  const paymentKey = key(all, "paymentKey", 200);
  const orderId = matching(all, "orderId", ORDER_ID);
  // Won are whole; of dollars Toss writes the cents.
  const amount = Number(matching(all, "amount", /^(0|[1-9]\d{0,12})(\.\d\d?)?$/));
  return paymentKey && orderId && amount && !hasAuthKey
    ? { path: path("confirm"), body: { paymentKey, orderId, amount } }
    : undefined;
};

/** What the fail address says, as the backend takes it; none where that is not known. */
export const failure = ({ returned }) => {
  if (!returned?.startsWith("fail?")) return undefined;
  const all = parameters(returned.slice(5));
  const code = matching(all, "code", /^\w{1,100}$/);
  return code && { code, message: (one(all, "message") ?? "").slice(0, 510), orderId: matching(all, "orderId", ORDER_ID) };
};
