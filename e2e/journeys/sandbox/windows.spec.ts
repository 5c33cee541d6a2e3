// The sandbox's windows, each through the script, as a buyer and as a hurried test author use them.

import type { Page } from "@playwright/test";

import { BlankShop, CLIENT_KEY, CUSTOMER_KEY, purchase, registration } from "../../support/blank-shop.ts";
import { expect, test } from "../../support/fixtures.ts";
import { TossWindow } from "../../support/window.ts";

const urls = { successUrl: BlankShop.success, failUrl: BlankShop.fail };

/** Asks for a window and does not wait for what it comes to. */
async function ask(page: Page, method: string, request: object): Promise<[BlankShop, TossWindow]> {
  const shop = await BlankShop.withTag(page);
  await shop.create(CLIENT_KEY, CUSTOMER_KEY);
  void shop.call(method, request).catch(() => {});
  return [shop, new TossWindow(page)];
}

const METHODS: [string, object][] = [
  ["CARD", { card: { maxCardInstallmentPlan: 6 } }],
  ["CARD", { card: { flowMode: "DIRECT", easyPay: "네이버페이" } }],
  ["TRANSFER", { transfer: { cashReceipt: { type: "미발행" } } }],
  ["MOBILE_PHONE", { mobilePhone: { mobileCarriers: ["KT", "LGU"] } }],
  ["CULTURE_GIFT_CERTIFICATE", {}],
  ["BOOK_GIFT_CERTIFICATE", {}],
  ["GAME_GIFT_CERTIFICATE", {}],
  ["FOREIGN_EASY_PAY", { amount: { value: 12.5, currency: "USD" }, foreignEasyPay: { provider: "PAYPAL", country: "US" } }],
  ["FOREIGN_EASY_PAY", { amount: { value: 1300, currency: "JPY" }, foreignEasyPay: { provider: "PAYPAY", country: "JP" } }],
];

for (const [at, [method, own]] of METHODS.entries()) {
  test(`one click pays: ${method} ${at}`, async ({ page }) => {
    const request = { ...purchase(method), ...urls, ...own };
    const [shop, window] = await ask(page, "requestPayment", request);
    await (await window.button("결제하기")).click();
    const parameters = await shop.went("/success");
    expect(parameters.get("orderId")).toBe(request.orderId);
    expect(parameters.get("amount")).toBe(String(request.amount.value));
  });
}

test("quick transfer: joins with a wrong number first, then chooses an account", async ({ page }) => {
  const [shop, window] = await ask(page, "requestBillingAuth", registration("TRANSFER"));
  await (await window.link("처음 가입하기")).click();
  await (await window.field("인증번호")).fill("123456");
  await (await window.button("가입하기")).click();
  await expect(await window.text("테스트 인증번호는 000000이에요")).toBeVisible();
  await (await window.field("인증번호")).fill("000000");
  await (await window.field("인증번호")).press("Enter");
  await expect(await window.text("퀵계좌이체에 가입했어요")).toBeVisible();
  await (await window.button("등록하기")).click();
  await shop.went("/success");
});

test("a wallet instead of a card", async ({ page }) => {
  const [shop, window] = await ask(page, "requestPayment", { ...purchase("CARD"), ...urls });
  await (await window.link("카카오페이")).click();
  await (await window.field("카드 대신 머니로 결제하기")).check();
  await (await window.button("결제하기")).click();
  await shop.went("/success");
});

test("one field decides the outcome, filled in by a click or typed", async ({ page }) => {
  const [shop, window] = await ask(page, "requestPayment", { ...purchase("CARD"), ...urls });
  await (await window.text("다른 결과를 내는 카드번호")).click();
  await (await window.button("9410 0000 0000 0021")).click();
  await expect(await window.field("카드번호")).toHaveValue("9410 0000 0000 0021");
  await (await window.field("카드번호")).press("Enter");
  const parameters = await shop.went("/fail");
  expect(parameters.get("code")).toBe("REJECT_CARD_COMPANY");
  expect(parameters.get("message")).toBe("결제 승인이 거절되었습니다.");
});

test("a request may order its outcome, and nobody clicks", async ({ page }) => {
  const order = { ...purchase("MOBILE_PHONE"), ...urls };
  const [shop] = await ask(page, "requestPayment", { ...order, sandbox: { paymentResult: "SUCCESS" } });
  await shop.went("/success");
  const [other] = await ask(page, "requestPayment", { ...order, sandbox: { paymentResult: "FAIL" } });
  expect((await other.went("/fail")).get("code")).toBe("REJECT_CARD_COMPANY");
});

test("by keyboard alone: the focus begins in the window and reaches every button @desktop", async ({ page }) => {
  const [shop, window] = await ask(page, "requestPayment", { ...purchase("CARD"), ...urls });
  const pay = await window.button("결제하기");
  await expect(pay).toBeVisible();
  await expect(async () => {
    await page.keyboard.press("Tab");
    expect(await pay.evaluate((button) => button === document.activeElement)).toBe(true);
  }).toPass({ intervals: [0], timeout: 20_000 });
  await page.keyboard.press("Enter");
  await shop.went("/success");
});

test("fits a small phone without scrolling sideways @phone", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const [method, own] of [...METHODS, ["VIRTUAL_ACCOUNT", {}] as const]) {
    const [, window] = await ask(page, "requestPayment", { ...purchase(method), ...urls, ...own });
    const button = await window.button(method === "VIRTUAL_ACCOUNT" ? "발급하기" : "결제하기");
    await expect(button).toBeInViewport();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), method).toBe(320);
  }
});
