// The sandbox's script in a merchant's page with the strictest policy and Trusted Types: what throws, what
// rejects, and what arrives where.

import { BlankShop, CLIENT_KEY, CUSTOMER_KEY, WIDGET_KEY, purchase, registration } from "../../support/blank-shop.ts";
import { expect, test } from "../../support/fixtures.ts";
import { SECRET_KEY } from "../../support/sandbox.ts";
import { TossWindow } from "../../support/window.ts";

async function ready(page: BlankShop["page"]): Promise<BlankShop> {
  const shop = await BlankShop.withTag(page);
  expect(await shop.create(CLIENT_KEY, CUSTOMER_KEY)).toEqual({ is: "done", value: null });
  return shop;
}

const overlay = (shop: BlankShop) => shop.page.getByRole("dialog", { name: "토스페이먼츠 결제창" });

test("keys that cannot be are thrown at once @once", async ({ page }) => {
  const shop = await BlankShop.withTag(page);
  const cases: [unknown, unknown, string][] = [
    [undefined, CUSTOMER_KEY, "INVALID_CLIENT_KEY"],
    ["", CUSTOMER_KEY, "INVALID_CLIENT_KEY"],
    [SECRET_KEY, CUSTOMER_KEY, "INVALID_CLIENT_KEY"],
    ["live_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq", CUSTOMER_KEY, "INVALID_CLIENT_KEY"],
    [WIDGET_KEY, CUSTOMER_KEY, "NOT_SUPPORTED_WIDGET_KEY"],
    [CLIENT_KEY, undefined, "INVALID_CUSTOMER_KEY"],
    [CLIENT_KEY, "a", "INVALID_CUSTOMER_KEY"],
    [CLIENT_KEY, "a".repeat(51), "INVALID_CUSTOMER_KEY"],
    [CLIENT_KEY, "김토스", "INVALID_CUSTOMER_KEY"],
    [CLIENT_KEY, SECRET_KEY, "INSECURE_KEY_USAGE"],
    [CLIENT_KEY, "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6", "INSECURE_KEY_USAGE"],
  ];
  for (const [client, customer, code] of cases) {
    expect(await shop.create(client, customer), `${client} ${customer}`).toMatchObject({ is: "thrown", code });
  }
  for (const customer of ["@@ANONYMOUS", "ab", "a".repeat(50), "a-_=.@"]) {
    expect(await shop.create(CLIENT_KEY, customer)).toMatchObject({ is: "done" });
  }
});

test("requests that cannot be are rejected with Toss's code and text @once", async ({ page }) => {
  const shop = await ready(page);
  const card = registration("CARD");
  const registrations: [unknown, string][] = [
    [undefined, "INVALID_PARAMETERS"],
    [{ ...card, method: "VIRTUAL_ACCOUNT" }, "NOT_SUPPORTED_METHOD"],
    [{ ...card, method: null }, "INVALID_PARAMETERS"],
    [{ ...card, successUrl: "/success" }, "INCORRECT_SUCCESS_URL_FORMAT"],
    [{ ...card, failUrl: "myapp://fail" }, "INCORRECT_FAIL_URL_FORMAT"],
    [{ method: "CARD", successUrl: card.successUrl }, "INVALID_PARAMETERS"],
    [{ ...card, customerName: "김".repeat(101) }, "INVALID_PARAMETERS"],
    [{ ...card, orderId: "order-0001" }, "INVALID_PARAMETERS"],
    [{ ...card, selectableCardTypes: ["FOREIGN"] }, "INVALID_PARAMETERS"],
    [{ ...card, easyPay: "토스페이" }, "INVALID_PARAMETERS"],
    [{ ...card, flowMode: "DIRECT" }, "INVALID_PARAMETERS"],
    [{ ...registration("TRANSFER"), selectableCardTypes: ["PERSONAL"] }, "INVALID_PARAMETERS"],
  ];
  for (const [request, code] of registrations) {
    expect(await shop.call("requestBillingAuth", request), JSON.stringify(request)).toMatchObject({ is: "rejected", code });
  }
  const account = purchase("VIRTUAL_ACCOUNT");
  const foreign = { ...purchase("FOREIGN_EASY_PAY"), foreignEasyPay: { provider: "PAYPAL", country: "US" } };
  const urls = { successUrl: BlankShop.success, failUrl: BlankShop.fail };
  const purchases: [unknown, string][] = [
    [{ ...account, method: "CASH" }, "NOT_SUPPORTED_METHOD"],
    [{ ...account, amount: 15_000 }, "INVALID_PARAMETERS"],
    [{ ...account, amount: { value: "15000", currency: "KRW" } }, "INVALID_AMOUNT_VALUE"],
    [{ ...account, amount: { value: 0.5, currency: "KRW" } }, "INVALID_AMOUNT_VALUE"],
    [{ ...account, amount: { value: 0, currency: "KRW" } }, "BELOW_ZERO_AMOUNT"],
    [{ ...account, amount: { value: -1, currency: "KRW" } }, "BELOW_ZERO_AMOUNT"],
    [{ ...account, amount: { value: 1, currency: "USD" } }, "INVALID_AMOUNT_CURRENCY"],
    [{ ...account, amount: { value: 1 } }, "INVALID_AMOUNT_CURRENCY"],
    [{ ...account, orderId: "short" }, "INVALID_PARAMETERS"],
    [{ ...account, orderId: "a".repeat(65) }, "INVALID_PARAMETERS"],
    [{ ...account, orderName: "" }, "INVALID_PARAMETERS"],
    [{ ...account, customerMobilePhone: "010-1234-5678" }, "INVALID_PARAMETERS"],
    // 51 characters, but 102 units of UTF-16: the stricter way of counting.
    [{ ...account, orderName: "😀".repeat(51) }, "INVALID_PARAMETERS"],
    [{ ...account, metadata: { a: "😀".repeat(1001) } }, "INVALID_METADATA"],
    [{ ...account, successUrl: BlankShop.success }, "INVALID_PARAMETERS"],
    [{ ...account, card: {} }, "INVALID_PARAMETERS"],
    [{ ...account, virtualAccount: { bank: "20" } }, "INVALID_PARAMETERS"],
    [{ ...account, virtualAccount: { cashReceipt: {} } }, "INVALID_PARAMETERS"],
    [{ ...account, virtualAccount: { dueDate: "2027-01-01" } }, "INVALID_PARAMETERS"],
    [
      { ...account, virtualAccount: { validHours: 1, dueDate: "2027-01-01T00:00:00" } },
      "INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE",
    ],
    [{ ...account, virtualAccount: { validHours: 2161 } }, "EXCEED_MAX_VALID_HOURS"],
    [{ ...account, metadata: { a: 1 } }, "INVALID_METADATA"],
    [{ ...account, metadata: { "a[": "b" } }, "INVALID_METADATA"],
    [{ ...account, metadata: { ["k".repeat(41)]: "b" } }, "INVALID_METADATA"],
    [{ ...account, metadata: { a: "v".repeat(2001) } }, "INVALID_METADATA"],
    [{ ...account, metadata: { a: "", b: "", c: "", d: "", e: "", f: "" } }, "INVALID_METADATA"],
    [{ ...purchase("CARD"), card: { cardInstallmentPlan: 1 } }, "INVALID_PARAMETERS"],
    [{ ...purchase("CARD"), card: { cardInstallmentPlan: 2, maxCardInstallmentPlan: 3 } }, "INVALID_PARAMETERS"],
    [{ ...purchase("CARD"), card: { flowMode: "DIRECT" } }, "INVALID_PARAMETERS"],
    [{ ...purchase("MOBILE_PHONE"), mobilePhone: { mobileCarriers: ["AT&T"] } }, "INVALID_PARAMETERS"],
    [purchase("FOREIGN_EASY_PAY"), "INVALID_PARAMETERS"],
    [{ ...foreign, ...urls }, "INVALID_AMOUNT_CURRENCY"],
    [{ ...foreign, ...urls, amount: { value: 1.234, currency: "USD" } }, "INVALID_AMOUNT_VALUE"],
    [{ ...foreign, amount: { value: 1.23, currency: "USD" } }, "NOT_SUPPORTED_PROMISE"],
    [{ ...account, windowTarget: "self" }, "NOT_SUPPORTED_PROMISE"],
    [{ ...account, windowTarget: "popup" }, "INVALID_PARAMETERS"],
  ];
  for (const [request, code] of purchases) {
    expect(await shop.call("requestPayment", request), JSON.stringify(request)).toMatchObject({ is: "rejected", code });
  }
  // Playwright leaves fields that hold undefined out; Toss does not.
  const undefinedField = await page.evaluate(
    (request) => (window as any).payment.requestPayment({ ...request, customerName: undefined }).catch((e: any) => e.code),
    account,
  );
  expect(undefinedField).toBe("INVALID_PARAMETERS");
  expect(await shop.call("requestPayment", { ...account, method: "CASH" })).toEqual({
    is: "rejected",
    name: "TossPaymentsError",
    code: "NOT_SUPPORTED_METHOD",
    message: "지원되지 않는 결제수단입니다.",
  });
  await expect(overlay(shop)).toHaveCount(0);
});

test("what version 1 called directly is refused by name @once", async ({ page }) => {
  await BlankShop.withTag(page);
  for (const method of ["requestPayment", "requestBillingAuth"]) {
    const outcome = await page.evaluate(
      ([name, clientKey]) =>
        (window as any)
          .TossPayments(clientKey)
          [name as string]("카드", { amount: 15_000, orderId: "order-0001", orderName: "티셔츠" })
          .catch((error: any) => ({ name: error.name, code: error.code, message: error.message })),
      [method, CLIENT_KEY],
    );
    expect(outcome).toEqual({
      name: "TossPaymentsError",
      code: "V1_METHOD_NOT_SUPPORTED",
      message: "해당 API 는 v1 에서만 제공됩니다.",
    });
  }
});

test("a script of version 1 says what to load instead, and leaves version 2 alone @once", async ({ page }) => {
  const said: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") said.push(message.text());
  });
  await BlankShop.withLoader(page);
  await page.addScriptTag({ url: BlankShop.script.replace("/v2/standard", "/v1/payment") });
  expect(said.join()).toContain("load /v2/standard");
  const code = () => page.evaluate((key) => {
    try {
      (window as any).TossPayments(key);
      return "made";
    } catch (error: any) {
      return error.code;
    }
  }, CLIENT_KEY);
  expect(await code()).toBe("V1_NOT_SUPPORTED");
  await page.addScriptTag({ url: BlankShop.script });
  await page.addScriptTag({ url: BlankShop.script.replace("/v2/standard", "/v1") });
  expect(await code()).toBe("made");
});

test("a page isolated from other origins does not get the script, as from a network that does not say it may @once", async ({
  page,
}) => {
  const failed = page.waitForEvent("requestfailed", (request) => request.url() === BlankShop.script);
  await BlankShop.isolated(page);
  expect((await failed).failure()?.errorText).toContain("ERR_BLOCKED_BY_RESPONSE");
  expect(await page.evaluate(() => "TossPayments" in window)).toBe(false);
});

test("a registration goes to successUrl, behind what was there", async ({ page }) => {
  const shop = await ready(page);
  void shop.call("requestBillingAuth", registration("TRANSFER")).catch(() => {});
  await new TossWindow(page).finish("계좌이체");
  const parameters = await shop.went("/success");
  expect([...parameters.keys()]).toEqual(["mine", "customerKey", "authKey"]);
});

test("by promise the page stays and learns the paymentKey @desktop", async ({ page, sandbox }) => {
  const shop = await ready(page);
  const order = purchase("VIRTUAL_ACCOUNT");
  const outcome = shop.call("requestPayment", order);
  await new TossWindow(page).finish("가상계좌");
  expect(await outcome).toEqual({
    is: "done",
    value: { paymentKey: await sandbox.paymentKey(order.orderId), orderId: order.orderId, amount: order.amount },
  });
  await expect(overlay(shop)).toHaveCount(0);
});

test("every way of closing the window is a USER_CANCEL and leaves the page alone @desktop", async ({ page }) => {
  const shop = await ready(page);
  const ways = [
    () => new TossWindow(page).cancel(),
    () => page.getByRole("button", { name: "결제창 닫기" }).click(),
    () => page.keyboard.press("Escape"),
    async () => {
      await (await new TossWindow(page).field("카드번호")).press("Escape");
    },
  ];
  await page.getByRole("button", { name: "결제하기" }).focus();
  for (const close of ways) {
    const outcome = shop.call("requestBillingAuth", registration("CARD"));
    await expect(overlay(shop)).toBeVisible();
    await expect(await new TossWindow(page).button("등록하기")).toBeVisible();
    await close();
    expect(await outcome).toMatchObject({ is: "rejected", code: "USER_CANCEL", message: "취소되었습니다." });
    await expect(overlay(shop)).toHaveCount(0);
    // The focus is where it was.
    await expect(page.getByRole("button", { name: "결제하기" })).toBeFocused();
  }
});

test("one request at a time; destroy ends it and the next may come @desktop", async ({ page }) => {
  const shop = await ready(page);
  expect(await shop.call("destroy")).toEqual({ is: "done", value: null });
  const first = shop.call("requestBillingAuth", registration("CARD"));
  await expect(overlay(shop)).toBeVisible();
  expect(await shop.call("requestBillingAuth", registration("CARD"))).toMatchObject({
    code: "INVALID_METHOD_TRANSACTION",
    message: "이미 다른 요청을 수행하고 있어요.",
  });
  await shop.call("destroy");
  expect(await first).toMatchObject({ is: "rejected", code: "PAYMENT_REQUEST_ABORTED" });
  await expect(overlay(shop)).toHaveCount(0);
  void shop.call("requestBillingAuth", registration("CARD")).catch(() => {});
  await new TossWindow(page).finish("카드");
  await shop.went("/success");
});

test("a sandbox that does not answer is a NETWORK_ERROR @once", async ({ page }) => {
  const shop = await ready(page);
  await page.route("**/sandbox/window", (route) => route.abort());
  expect(await shop.call("requestBillingAuth", registration("CARD"))).toMatchObject({ code: "NETWORK_ERROR" });
});

test("a phone's window takes the page's place, so promises and frames are refused @phone", async ({ page }) => {
  const shop = await ready(page);
  expect(await shop.call("requestPayment", purchase("VIRTUAL_ACCOUNT"))).toMatchObject({
    code: "NOT_SUPPORTED_PROMISE",
    message: "Promise 방식을 지원하지 않습니다. successUrl, failUrl을 사용해주세요.",
  });
  const framed = { ...registration("CARD"), windowTarget: "iframe" };
  expect(await shop.call("requestBillingAuth", framed)).toMatchObject({ code: "INVALID_PARAMETERS" });
  void shop.call("requestBillingAuth", registration("CARD")).catch(() => {});
  await new TossWindow(page).cancel();
  const parameters = await shop.went("/fail");
  expect([...parameters.entries()]).toEqual([
    ["code", "PAY_PROCESS_CANCELED"],
    ["message", "사용자에 의해 결제가 취소되었습니다."],
  ]);
});
