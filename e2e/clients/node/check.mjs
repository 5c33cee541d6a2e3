// Drives the sandbox with a client that others wrote, toss-payments-server-api, unmodified. Its base address is
// the connection's `host`. Prints a line per check and the count; fails when one failed. What the client does
// differently from Toss of today stands in DIFFERENCES.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import api from "toss-payments-server-api";

// The client describes Toss's API of 2022; these calls and fields have other names since.
const DIFFERENCES = {
  approve:
    "payments.approve posts to /v1/payments/{paymentKey}; Toss documents POST /v1/payments/confirm. The sandbox answers " +
    "NOT_FOUND_HTTP_METHOD, and payments are confirmed without the client here.",
  customerBirthday:
    "cards are given with customerBirthday; Toss documents customerIdentityNumber, without which it is INVALID_REQUEST.",
  orderName:
    "billing.pay knows no orderName, which Toss documents as required; it is added to the client's fields here.",
  shapes:
    "card.company, cancels[].taxAmount, cashReceipt.approvalNumber and the like are not in Toss's answers of today.",
};

const sandbox = process.env.SANDBOX_URL.replace(/\/$/, "");
const CLIENT_KEY = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq";
const SECRET_KEY = "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R";
const basic = (key) => `Basic ${Buffer.from(`${key}:`).toString("base64")}`;
const connection = { host: sandbox, headers: { Authorization: basic(SECRET_KEY) } };
const customerKey = randomUUID();

const { payments, billing, virtual_accounts, cash_receipts } = api.functional.v1;

const order = () => `node-${randomUUID().slice(0, 20)}`;
const card = (number = "9410001234567890") => ({
  cardNumber: number,
  cardExpirationYear: "30",
  cardExpirationMonth: "12",
  cardPassword: "12",
  customerBirthday: "900101",
});

/** What a call is refused with. */
async function refusal(call) {
  try {
    await call;
  } catch (error) {
    assert.equal(typeof error.status, "number", error.message);
    return { status: error.status, ...JSON.parse(error.message) };
  }
  throw new Error("it was not refused");
}

/** A payment that the buyer has finished in the window, without a browser. */
async function authenticated(method, amount = 15_000) {
  const orderId = order();
  const json = (body) => ({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const request = {
    method,
    amount: { value: amount, currency: "KRW" },
    orderId,
    orderName: "티셔츠 1장",
    successUrl: "https://shop.example/success",
    failUrl: "https://shop.example/fail",
  };
  const opened = await fetch(
    `${sandbox}/sandbox/window`,
    json({ clientKey: CLIENT_KEY, customerKey, kind: "payment", target: "self", request }),
  );
  assert.equal(opened.status, 201, await opened.clone().text());
  const { id } = await opened.json();
  const finished = await fetch(`${sandbox}/sandbox/api/windows/${id}/finish`, json({}));
  const { url } = await finished.json();
  return { paymentKey: new URL(url).searchParams.get("paymentKey"), orderId, amount };
}

async function confirmed(method, amount) {
  const payment = await authenticated(method, amount);
  const answer = await fetch(`${sandbox}/v1/payments/confirm`, {
    method: "POST",
    headers: { authorization: basic(SECRET_KEY), "content-type": "application/json" },
    body: JSON.stringify(payment),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return payment;
}

const CHECKS = {
  async "a card payment is looked up and given back in parts"() {
    const { paymentKey, orderId } = await confirmed("CARD");
    const payment = await payments.at(connection, paymentKey);
    assert.deepEqual([payment.status, payment.method, payment.orderId], ["DONE", "카드", orderId]);
    assert.deepEqual([payment.totalAmount, payment.suppliedAmount, payment.vat], [15_000, 13_636, 1_364]);
    const cancel = (input) => payments.cancel(connection, paymentKey, { paymentKey, cancelReason: "단순 변심", ...input });
    const part = await cancel({ cancelAmount: 5_000 });
    assert.deepEqual([part.status, part.balanceAmount], ["PARTIAL_CANCELED", 10_000]);
    assert.deepEqual(part.cancels.map((one) => one.cancelAmount), [5_000]);
    assert.equal((await cancel({})).balanceAmount, 0);
  },
  async "approve is an address that Toss no longer has"() {
    const { paymentKey, orderId, amount } = await authenticated("CARD");
    const refused = await refusal(payments.approve(connection, paymentKey, { orderId, amount }));
    assert.deepEqual([refused.status, refused.code], [404, "NOT_FOUND_HTTP_METHOD"]);
  },
  async "a card that was told to the merchant pays at once"() {
    const input = { method: "card", amount: 15_000, orderId: order(), orderName: "티셔츠 1장", ...card() };
    const refused = await refusal(payments.key_in(connection, input));
    assert.deepEqual([refused.status, refused.code], [400, "INVALID_REQUEST"]);
    const paid = await payments.key_in(connection, { ...input, customerIdentityNumber: input.customerBirthday });
    assert.deepEqual([paid.status, paid.type, paid.card.amount], ["DONE", "NORMAL", 15_000]);
  },
  async "a virtual account is opened and waits for its deposit"() {
    const input = {
      method: "virtual-account",
      orderId: order(),
      orderName: "티셔츠 1장",
      bank: "20",
      customerName: "김토스",
      amount: 15_000,
    };
    const account = await virtual_accounts.create(connection, input);
    assert.deepEqual([account.status, account.method, account.virtualAccount.bankCode], ["WAITING_FOR_DEPOSIT", "가상계좌", "20"]);
    assert.match(account.virtualAccount.accountNumber, /^X?\d{10,20}$/);
    const pressed = await fetch(`${sandbox}/sandbox/api/payments/${account.paymentKey}/deposit`, { method: "POST" });
    assert.equal(pressed.status, 200);
    assert.equal((await payments.at(connection, account.paymentKey)).status, "DONE");
  },
  async "a card is registered and charged, and a declined one is refused by Toss's code"() {
    const register = (number) =>
      billing.authorizations.card.create(connection, { customerKey, ...card(number), customerIdentityNumber: "900101" });
    const { billingKey, method } = await register();
    assert.equal(method, "카드");
    const charge = (key) =>
      billing.pay(connection, key, { method: "billing", billingKey: key, customerKey, orderId: order(), amount: 4_900, orderName: "구독" });
    const paid = await charge(billingKey);
    assert.deepEqual([paid.status, paid.type, paid.totalAmount], ["DONE", "BILLING", 4_900]);
    const declined = await register("9410000000000001");
    const refused = await refusal(charge(declined.billingKey));
    assert.deepEqual([refused.status, refused.code], [403, "REJECT_CARD_PAYMENT"]);
  },
  async "a cash receipt is issued and taken back"() {
    const input = {
      type: "소득공제",
      paymentKey: "",
      orderId: order(),
      orderName: "티셔츠 1장",
      registrationNumber: "01012345678",
      customerIdentityNumber: "01012345678",
      amount: 15_000,
    };
    const receipt = await cash_receipts.create(connection, input);
    assert.equal(receipt.orderId, input.orderId);
    const taken = await cash_receipts.cancel(connection, receipt.receiptKey, { amount: 15_000 });
    assert.equal(taken.orderId, input.orderId);
  },
  async "the key of Toss's older documents, which this client's pages use, is let in and a wrong one is not"() {
    const at = (key) => refusal(payments.at({ ...connection, headers: { Authorization: basic(key) } }, "tgen_nothing"));
    const older = await at("test_ak_ZORzdMaqN3wQd5k6ygr5AkYXQGwy");
    assert.deepEqual([older.status, older.code], [404, "NOT_FOUND_PAYMENT"]);
    const wrong = await at("test_sk_0000000000000000000000000000");
    assert.deepEqual([wrong.status, wrong.code], [401, "UNAUTHORIZED_KEY"]);
  },
};

let failed = 0;
for (const [name, check] of Object.entries(CHECKS)) {
  try {
    await check();
    console.log(`ok      ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  ${name}: ${error.message}`);
  }
}
console.log(`known differences: ${Object.keys(DIFFERENCES).join(", ")}`);
const passed = Object.keys(CHECKS).length - failed;
console.log(`test result: ${failed ? "FAILED" : "ok"}. ${passed} passed; ${failed} failed;`);
process.exit(failed ? 1 : 0);
