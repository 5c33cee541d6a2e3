// The sandbox's console: it follows what happens, and never takes the place or the focus from whoever uses it.

import { type APIRequestContext, type Page } from "@playwright/test";

import { CLIENT_KEY, CUSTOMER_KEY, purchase } from "../../support/blank-shop.ts";
import { origins } from "../../support/environment.ts";
import { expect, test } from "../../support/fixtures.ts";
import { SECRET_KEY } from "../../support/sandbox.ts";

const BASIC = `Basic ${Buffer.from(`${SECRET_KEY}:`).toString("base64")}`;

/** An issued virtual account, as a merchant's two programs bring it about; answers its order. */
async function issueAccount(http: APIRequestContext): Promise<string> {
  const order = { ...purchase("VIRTUAL_ACCOUNT"), successUrl: "http://shop.test/s", failUrl: "http://shop.test/f" };
  const opened = await http.post(`${origins.sandbox}/sandbox/window`, {
    data: { clientKey: CLIENT_KEY, customerKey: CUSTOMER_KEY, kind: "payment", target: "self", request: order },
  });
  const { url } = (await opened.json()) as { url: string };
  const form = { bank: "20", name: "김토스", receipt: "소득공제", agree: "1" };
  const left = await http.post(`${origins.sandbox}${url}/issue`, { form, maxRedirects: 0 });
  const paymentKey = new URL(left.headers()["location"] ?? "").searchParams.get("paymentKey");
  const confirmed = await http.post(`${origins.sandbox}/v1/payments/confirm`, {
    headers: { authorization: BASIC },
    data: { paymentKey, orderId: order.orderId, amount: order.amount.value },
  });
  expect(confirmed.status(), await confirmed.text()).toBe(200);
  return order.orderId;
}

async function open(page: Page, query = "") {
  await page.goto(`${origins.sandbox}/sandbox${query}`);
  return (order: string) => page.getByRole("article").filter({ hasText: order });
}

test("what happens appears by itself; focus and opened rows stay", async ({ page, request }) => {
  const first = await issueAccount(request);
  const payment = await open(page);
  await expect(page.getByText("실시간")).toBeVisible();
  await payment(first).getByRole("button", { name: "만료시키기" }).focus();
  const row = page.locator("#requests details").first();
  await row.locator("summary").click();
  await payment(first).getByRole("button", { name: "만료시키기" }).focus();

  const second = await issueAccount(request);
  await expect(payment(second)).toBeVisible();
  await expect(payment(first).getByRole("button", { name: "만료시키기" })).toBeFocused();
  await expect(page.locator("#requests details[open]")).toHaveCount(1);
});

test("buttons work by keyboard and without leaving the page", async ({ page, request }) => {
  const order = await issueAccount(request);
  const payment = await open(page);
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await payment(order).getByRole("button", { name: "입금하기" }).focus();
  await page.keyboard.press("Enter");
  await expect(payment(order).getByText("DONE")).toBeVisible();
  await expect(payment(order).getByRole("button", { name: "입금하기" })).toBeDisabled();
  // The pressed button is disabled now: the payment itself holds the focus, so that Tab goes on from there.
  await expect(payment(order)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(payment(order).getByRole("button", { name: "입금 취소" })).toBeFocused();
  await page.keyboard.press("Space");
  await expect(payment(order).getByText("WAITING_FOR_DEPOSIT")).toBeVisible();
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
});

test("updates can be paused, and a lost connection is said @once", async ({ page, request }) => {
  await page.clock.install();
  const payment = await open(page);
  await page.getByRole("button", { name: "자동 갱신 멈추기" }).click();
  await expect(page.getByRole("status")).toHaveText("멈춤");
  const order = await issueAccount(request);
  const asked: string[] = [];
  page.on("request", (sent) => asked.push(sent.url()));
  await page.clock.runFor(60_000);
  expect(asked).toEqual([]);
  await expect(payment(order)).toHaveCount(0);
  await page.getByRole("button", { name: "자동 갱신 계속하기" }).click();
  await expect(payment(order)).toBeVisible();
  await page.route("**/sandbox", (route) => route.abort());
  await expect(page.getByText("연결이 끊겼어요")).toBeVisible();
});

test("English is a click away and stays through buttons @once", async ({ page, request }) => {
  const order = await issueAccount(request);
  const payment = await open(page);
  await page.getByRole("link", { name: "English" }).click();
  await payment(order).getByRole("button", { name: "Deposit", exact: true }).click();
  await expect(payment(order).getByText("DONE")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Virtual accounts" })).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("every button works, and the page lands where it was @once", async ({ page, request }) => {
    const order = await issueAccount(request);
    const payment = await open(page);
    await payment(order).getByRole("button", { name: "입금하기" }).click();
    await expect(payment(order).getByText("DONE")).toBeVisible();
    expect(page.url()).toMatch(/#payment-tgen_/);
    await expect(payment(order)).toBeInViewport();
    await page.getByRole("link", { name: "5초마다 새로고침" }).click();
    await expect(page.locator('meta[http-equiv="refresh"]')).toHaveAttribute("content", "5");
  });
});
