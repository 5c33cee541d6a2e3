// Direct mode: a shop's own backend that keeps no sessions and hands on what Toss answers, as byte for
// byte as Toss's guides do it.

import type { Page } from "@playwright/test";

import { CLIENT_KEY } from "../support/blank-shop.ts";
import { origins } from "../support/environment.ts";
import { SECRET_KEY } from "../support/sandbox.ts";
import { CheckoutPage, expect, listen, names, site, test } from "./fixtures.ts";

/** The shop's own backend: two addresses that forward to Toss. Answers what it was sent. */
async function backend(page: Page): Promise<string[]> {
  const bodies: string[] = [];
  const forward = async (path: string, endpoint: string) =>
    page.route(`${site}${path}`, async (route) => {
      const body = route.request().postData() ?? "";
      bodies.push(body);
      const answer = await fetch(`${origins.sandbox}${endpoint}`, {
        method: "POST",
        headers: {
          authorization: `Basic ${btoa(`${SECRET_KEY}:`)}`,
          "content-type": "application/json",
        },
        body,
      });
      await route.fulfill({
        status: answer.status,
        contentType: "application/json",
        body: await answer.text(),
      });
    });
  await forward("/own/confirm", "/v1/payments/confirm");
  await forward("/own/issue", "/v1/billing/authorizations/issue");
  return bodies;
}

/** A page that mounts the checkout for this order, also when the buyer comes back. */
async function shop(page: Page, order: object): Promise<CheckoutPage> {
  await page.addInitScript(
    ({ clientKey, sdkUrl, order }) => {
      addEventListener("DOMContentLoaded", () => {
        document.querySelector("toss-checkout")?.remove();
        const element = document.createElement("toss-checkout");
        const options = {
          "client-key": clientKey,
          "customer-key": "customer-3f1c9a",
          "sdk-url": sdkUrl,
          "confirm-url": "/own/confirm",
          "issue-url": "/own/issue",
          order: JSON.stringify(order),
        };
        for (const [name, value] of Object.entries(options)) element.setAttribute(name, value);
        document.querySelector("main")?.append(element);
      });
    },
    { clientKey: CLIENT_KEY, sdkUrl: `${origins.sandbox}/v2/standard`, order },
  );
  await page.goto(`${site}/html/`);
  return new CheckoutPage(page);
}

test("an account is issued for the order that the shop named", { tag: "@main" }, async ({ page }) => {
  const orderId = `direct-${Date.now()}`;
  const told = await listen(page);
  const sent = await backend(page);
  const checkout = await shop(page, {
    orderId,
    orderName: "티셔츠 1장",
    amount: { value: 15000, currency: "KRW" },
  });
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  await expect(page.getByText("15,000원").first()).toBeVisible();
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatch(new RegExp(`^\\{"paymentKey":"\\w+","orderId":"${orderId}","amount":15000\\}$`));
  expect(names(await told())).toContain("pending");
  expect(page.url()).not.toMatch(/Key=/);
});

test("dollars are paid by PayPal", async ({ page }) => {
  const orderId = `direct-${Date.now()}`;
  const sent = await backend(page);
  const checkout = await shop(page, {
    orderId,
    orderName: "Sticker pack",
    amount: { value: 12.5, currency: "USD" },
    foreignEasyPay: { country: "US" },
  });
  await checkout.complete("해외간편결제");
  await checkout.shows("결제가 완료됐어요");
  await expect(page.getByText("US$12.50")).toBeVisible();
  await expect(page.getByText("해외간편결제 (PayPal)")).toBeVisible();
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatch(new RegExp(`^\\{"paymentKey":"\\w+","orderId":"${orderId}","amount":12.5\\}$`));
});

test("a card is registered, and no key stays behind", async ({ page }) => {
  const told = await listen(page);
  const sent = await backend(page);
  const checkout = await shop(page, {
    orderName: "토스 프라임 구독",
    plan: { amount: { value: 4900, currency: "KRW" }, interval: "month" },
  });
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatch(/^\{"authKey":"[^"]+","customerKey":"customer-3f1c9a"\}$/);
  expect(names(await told()).filter((name) => name === "success")).toHaveLength(1);
  // The answer is remembered for a refresh, without Toss's keys.
  expect(page.url()).not.toMatch(/Key=/);
  const stored = (await checkout.stored()).join();
  expect(stored).toContain("registered");
  expect(stored).not.toMatch(/authKey|billingKey|paymentKey/);
  await page.reload();
  await checkout.shows("카드가 등록됐어요");
  expect(sent).toHaveLength(1);
});

test("Toss's refusal is told in the buyer's words", async ({ page, sandbox }) => {
  await sandbox.fault({ endpoint: "issue", kind: "error", status: 400, code: "INVALID_CARD_EXPIRATION" });
  await backend(page);
  const checkout = await shop(page, {
    orderName: "토스 프라임 구독",
    plan: { amount: { value: 4900, currency: "KRW" }, interval: "month" },
  });
  await checkout.complete("카드");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("등록하지 못했어요");
  await expect(page.getByText("INVALID_CARD_EXPIRATION")).toHaveCount(1);
});
