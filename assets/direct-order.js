// What is wrong with the order of direct mode, for the merchant's developer. Checked before anything is shown: a
// session of the backend was checked when it was made.

const isText = (value, longest) => typeof value === "string" && value.length > 0 && value.length <= longest;
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isWon = (sum) => isObject(sum) && sum.currency === "KRW" && sum.value > 0 && Number.isSafeInteger(sum.value);
const isDollars = (sum) =>
  isObject(sum) && sum.currency === "USD" && sum.value > 0 && /^\d+(\.\d\d?)?$/.test(JSON.stringify(sum.value));
const written = (value) => JSON.stringify(value) ?? "not there";

const WON = 'takes {"value": 15000, "currency": "KRW"}, whole won';
const INTERVALS = ["day", "week", "month", "year"];
const RECEIPTS = ["소득공제", "지출증빙", "미발행"];

// The name of a field, whether its value is right, and what it takes.
const optional = (right) => (value) => value === undefined || right(value);
const COMMON = [
  ["orderName", (name) => isText(name, 100), "takes 1 to 100 characters"],
  ["methods", optional((list) => Array.isArray(list) && list.length > 0 && list.every((one) => isText(one, 40))), 'takes a list such as ["CARD"]'],
  ["customer", optional(isObject), "takes {name, email, mobilePhone}"],
  ["customer.name", optional((name) => isText(name, 100)), "takes 1 to 100 characters"],
  ["customer.email", optional((email) => isText(email, 100)), "takes 1 to 100 characters"],
  ["customer.mobilePhone", optional((phone) => /^\d{8,15}$/.test(phone)), "takes 8 to 15 digits"],
  ["returnUrl", optional((url) => /^https?:\/\//.test(url)), "takes an address that begins with https://"],
  ["locale", optional((locale) => locale === "ko" || locale === "en"), "takes ko or en"],
];
const PAYMENT = [
  ["orderId", (id) => typeof id === "string" && /^[\w=-]{6,64}$/.test(id), "takes 6 to 64 letters, digits, '-', '_' and '='"],
  ["amount", (sum) => isWon(sum) || isDollars(sum), `${WON}, or {"value": 12.5, "currency": "USD"}`],
  ["foreignEasyPay", optional(isObject), 'takes {"country": "US"}'],
  ["foreignEasyPay.country", optional((code) => /^[A-Z]{2}$/.test(code)), "takes two capital letters by ISO 3166"],
  ["virtualAccount", optional(isObject), "takes {validHours or dueDate, cashReceipt, …}"],
  ["virtualAccount.validHours", optional((hours) => Number.isInteger(hours) && hours >= 1 && hours <= 2160), "takes 1 to 2160"],
  ["virtualAccount.dueDate", optional((date) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(date)), 'takes Korean time such as "2026-11-24T23:59:00"'],
  ["virtualAccount.cashReceipt", optional((receipt) => RECEIPTS.includes(receipt?.type)), `takes {"type": one of ${RECEIPTS}}`],
];
const BILLING = [
  ["plan", isObject, "takes {amount, interval}"],
  ["plan.amount", isWon, WON],
  ["plan.interval", (interval) => INTERVALS.includes(interval), `takes one of ${INTERVALS}`],
];

// Dollars are for easy pay services abroad, and these take nothing else.
const mismatchOf = ({ amount, methods = [], foreignEasyPay }) => {
  const isAbroad = amount.currency === "USD";
  const other = methods.find((method) => (method === "FOREIGN_EASY_PAY") !== isAbroad);
  if (other) return `amount is in ${amount.currency}, in which ${written(other)} cannot be paid`;
  if (isAbroad && !foreignEasyPay) return 'foreignEasyPay is needed for dollars: {"country": "US"}, where the buyer is';
  return undefined;
};

/** What is wrong with an order, by the name of the field; nothing where all is right. */
export const problemOf = (order) => {
  if (!isObject(order)) return "is no JSON object such as {orderId, orderName, amount}";
  const isBilling = order.plan !== undefined;
  if (isBilling && (order.amount !== undefined || order.orderId !== undefined)) {
    return "has a plan, and an orderId or amount beside it: a registration has a plan only";
  }
  if (order.chargeNow) return "chargeNow: nothing is charged in direct mode; your server charges with the billing key";
  for (const [path, isRight, takes] of [...COMMON, ...(isBilling ? BILLING : PAYMENT)]) {
    const value = path.split(".").reduce((within, name) => within?.[name], order);
    if (!isRight(value)) return `${path} ${takes}; it is ${written(value)}`;
  }
  return isBilling ? undefined : mismatchOf(order);
};
