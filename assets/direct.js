// Direct mode: for a merchant's own backend, which keeps no sessions and answers with what Toss has
// answered. Stands between the page and that backend, and is fetched in this mode only.

// What POST /api/sessions takes becomes the session.
const order = (options) => {
  const order = JSON.parse(options.order ?? "{}");
  if (!order.plan && !(order.amount && order.orderId)) {
    console.error("toss-checkout: option order: needs orderId and amount, or plan", order);
    return {};
  }
  const kind = order.plan ? "billing" : "payment";
  return {
    kind,
    methods: kind === "billing" ? ["CARD", "TRANSFER"] : ["VIRTUAL_ACCOUNT"],
    ...order,
    id: options.session,
    customerKey: options["customer-key"],
    status: "open",
    // The first charge is the affair of that backend, which does not say how it went.
    chargeNow: false,
    revision: 0,
    // Nobody keeps the time.
    expiresAt: "2100-01-01T00:00:00+09:00",
  };
};
const STATUS = {
  DONE: "paid",
  WAITING_FOR_DEPOSIT: "waiting_for_deposit",
  CANCELED: "canceled",
  PARTIAL_CANCELED: "partially_canceled",
  EXPIRED: "expired",
};
// Toss's times are Korean where they have no offset; what is no time is left out.
const moment = (text) => {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text)) return undefined;
  return /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}+09:00`;
};
const settled = (order, answer) => {
  const { status, card, transfers, virtualAccount, approvedAt, receipt } = answer ?? {};
  const [account] = transfers ?? [];
  const registered = order.kind === "billing" && (answer?.billingKey || card || account);
  const settled = registered ? "registered" : STATUS[status];
  // Nothing else of the answer is kept: it may hold a billing key or a secret.
  return (
    settled && {
      ...order,
      status: settled,
      revision: 1,
      result: {
        method: registered ? (card ? "CARD" : "TRANSFER") : order.methods[0],
        card,
        account: account && {
          bankName: account.bankName,
          accountNumber: account.bankAccountNumber,
        },
        virtualAccount: virtualAccount && {
          ...virtualAccount,
          bankCode: virtualAccount.bankCode ?? "",
          dueDate: moment(virtualAccount.dueDate),
        },
        approvedAt: moment(approvedAt),
        receiptUrl: receipt?.url,
      },
    }
  );
};

const kept = (slot) => {
  try {
    return JSON.parse(sessionStorage.getItem(slot));
  } catch {
    return null;
  }
};
const keep = (slot, session) => {
  try {
    sessionStorage.setItem(slot, JSON.stringify(session));
  } catch {
    // Then a refresh does not know the outcome.
  }
};
// A refusal is an answer of the 400s; these say that nobody knows.
const isUnknown = (status) => status >= 500 || status === 408 || status === 429;
const unknown = () =>
  json({ code: "CHECKOUT_OUTCOME_UNKNOWN", message: "nobody knows the outcome", retryable: true }, 503);
const json = (body, status) => new Response(JSON.stringify(body), { status });

// The path of a call, as the page makes it, and where it goes.
const TARGETS = { confirm: "confirm-url", billing: "issue-url" };

// There is no session; a name that comes back with Toss's keys takes its place.
const named = () => {
  const digits = crypto.getRandomValues(new Uint32Array(4));
  return `cs_${Array.from(digits, (n) => n.toString(36).padStart(7, 0)).join("")}`;
};

/** Makes the options answer the page's requests. */
export const direct = (options) => {
  options.session ??= new URLSearchParams(location.search).get("session") ?? named();
  const session = order(options);
  // For a refresh, for as long as the tab is open.
  const slot = `toss-checkout.outcome.${options.session}`;
  options.answer = async (request) => {
    const target = TARGETS[request.url.split("/").pop()];
    if (request.method === "GET") return json(kept(slot) ?? session, 200);
    // Reports of failures: the merchant's own backend has no ear for them.
    if (!target) return new Response(null, { status: 204 });
    const { authKey, paymentKey, orderId, amount } = await request.json();
    const body = authKey
      ? { authKey, customerKey: options["customer-key"] }
      : { paymentKey, orderId, amount };
    try {
      const answer = await fetch(options[target], {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        cache: "no-store",
        signal: request.signal,
      });
      // Toss may have charged before that backend, or the way to it, failed.
      if (isUnknown(answer.status)) return unknown();
      if (!answer.ok) return answer;
      const outcome = settled(session, await answer.json().catch(() => null));
      if (!outcome) return unknown();
      keep(slot, outcome);
      return json(outcome, 200);
    } catch (error) {
      console.error("toss-checkout: the keys were not delivered", error);
      return json({ code: "CHECKOUT_UNREACHABLE", retryable: true }, 503);
    }
  };
};
