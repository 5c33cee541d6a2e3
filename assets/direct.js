// Direct mode: for a merchant's own backend, which keeps no sessions and answers with what Toss has
// answered. Stands between the page and that backend, and is fetched in this mode only.
import { problemOf } from "./direct-order.js";

// What POST /api/sessions takes becomes the session.
const asSession = (order, options) => {
  const kind = order.plan ? "billing" : "payment";
  const payable = order.amount?.currency === "USD" ? ["FOREIGN_EASY_PAY"] : ["VIRTUAL_ACCOUNT"];
  return {
    kind,
    methods: order.plan ? ["CARD", "TRANSFER"] : payable,
    ...order,
    id: options.session,
    customerKey: options["customer-key"],
    status: "open",
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
// What `Method::from_korean` reads, of a payment in won.
const METHODS = {
  카드: "CARD",
  간편결제: "CARD",
  계좌이체: "TRANSFER",
  가상계좌: "VIRTUAL_ACCOUNT",
  휴대폰: "MOBILE_PHONE",
  문화상품권: "CULTURE_GIFT_CERTIFICATE",
  도서문화상품권: "BOOK_GIFT_CERTIFICATE",
  게임문화상품권: "GAME_GIFT_CERTIFICATE",
};
// Toss's times are Korean where they have no offset; what is no time is left out.
const moment = (text) => {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(text)) return undefined;
  return /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}+09:00`;
};
const paidWith = ({ amount }, word) => (amount?.currency === "USD" ? "FOREIGN_EASY_PAY" : METHODS[word]);
const settled = (order, answer) => {
  const { status, method, card, easyPay, transfers, virtualAccount, approvedAt, receipt } = answer ?? {};
  const [account] = transfers ?? [];
  const registered = order.kind === "billing" && (answer?.billingKey || card || account);
  const settled = registered ? "registered" : STATUS[status];
  // Nothing else of the answer is kept: it may hold a billing key or a secret. Whatever is missing, the outcome is shown.
  return (
    settled && {
      ...order,
      status: settled,
      revision: 1,
      result: {
        method: registered ? (card ? "CARD" : "TRANSFER") : paidWith(order, method),
        card: card && {
          issuerCode: card.issuerCode ?? "",
          number: card.number ?? "",
          // None where it is paid at once.
          installmentPlanMonths: card.installmentPlanMonths || undefined,
        },
        easyPay: easyPay?.provider,
        account: account && {
          bankName: account.bankName ?? "",
          accountNumber: account.bankAccountNumber ?? "",
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
const json = (body, status) => new Response(JSON.stringify(body), { status });
const refusal = (code, status, retryable = false) => json({ code, message: "", retryable }, status);
// A refusal is an answer of the 400s; these say that nobody knows.
const isUnknown = (status) => status >= 500 || status === 408 || status === 429;
const unknown = () => refusal("CHECKOUT_OUTCOME_UNKNOWN", 503, true);

// The sentences of the page promise what only sessions keep: that nothing is charged twice, and that the address
// shows the account again. A merchant's own go before these.
const WORDS = {
  ko: {
    undelivered: "결과를 확인하지 못했어요",
    undelivered_hint:
      "결제됐을 수도 있어요. 다시 결제하기 전에 상점에서 주문 내역을 확인해 주세요. 다시 시도하면 상점에 결과를 한 번 더 물어봐요.",
    undelivered_offline: "인증은 끝났어요. 인터넷에 연결되면 상점에 바로 전달할게요.",
    crashed_hint: "새로고침하면 이어서 할 수 있어요. 같은 문제가 반복되면 상점에 문의해 주세요.",
    come_back: "이 화면을 닫으면 다시 볼 수 없어요. 계좌번호를 복사하거나 인쇄해 두세요.",
  },
  en: {
    undelivered: "The result is not known yet",
    undelivered_hint:
      "You may have paid. Please look at your order at the shop before you pay again. Try again to ask the shop once more.",
    undelivered_offline: "You are done. The shop is told as soon as you are online.",
    crashed_hint: "Reload to go on. If it happens again, please ask the shop.",
    come_back: "You cannot see this page again once it is closed. Copy or print the account number.",
  },
};
const words = (options, order) => {
  const wanted = [options.locale, order.locale, ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return WORDS[wanted.find((tag) => tag in WORDS) ?? "ko"];
};

// What came back is another order's than the one that is named now. The keys are worth nothing then.
const mismatch = (order, options, { authKey, orderId, amount, customerKey }) => {
  const compared = authKey
    ? [["customerKey", customerKey, options["customer-key"], "CUSTOMER"]]
    : [
        ["orderId", orderId, order.orderId, "ORDER"],
        ["amount", amount, order.amount?.value, "AMOUNT"],
      ];
  const different = compared.find(([, came, is]) => came !== is);
  if (!different) return undefined;
  const [name, came, is, code] = different;
  console.error(
    `toss-checkout: ${name} was ${came} when Toss's window opened and is ${is} now: name the order once, and name the ` +
      "same one when the buyer comes back",
  );
  return refusal(`CHECKOUT_${code}_MISMATCH`, 422);
};

// The path of a call, as the page makes it, and where it goes.
const TARGETS = { confirm: "confirm-url", billing: "issue-url" };

// There is no session; a name that comes back with Toss's keys takes its place.
const named = () => {
  const digits = crypto.getRandomValues(new Uint32Array(4));
  return `cs_${Array.from(digits, (n) => n.toString(36).padStart(7, 0)).join("")}`;
};

const read = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Makes the options answer the page's requests; or names what is wrong with the order, which the page then tells
 * the developer in the place of a form. */
export const direct = (options) => {
  options.session ??= named();
  const order = read(options.order ?? "{}");
  options.problem = problemOf(order);
  if (options.problem) return;
  options.texts = { ...words(options, order), ...options.texts };
  const session = asSession(order, options);
  // For a refresh, for as long as the tab is open.
  const slot = `toss-checkout.outcome.${options.session}`;
  options.answer = async (request) => {
    const target = TARGETS[request.url.split("/").pop()];
    if (request.method === "GET") return json(kept(slot) ?? session, 200);
    // Consents, and reports of failures: the merchant's own backend has no ear for them.
    if (!target) return new Response(null, { status: 204 });
    const came = await request.json();
    const refused = mismatch(order, options, came);
    if (refused) return refused;
    const { authKey, paymentKey, orderId, amount } = came;
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
      return refusal("CHECKOUT_UNREACHABLE", 503, true);
    }
  };
};
