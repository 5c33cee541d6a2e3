// What works and yet is wrong is said to the developer, in the console, and never to the buyer.

import type { Page } from "@playwright/test";

import { expect, test } from "../../support/fixtures.ts";
import { CheckoutPage } from "../../support/page.ts";
import { SUBSCRIPTION } from "../../support/merchant.ts";

function warnings(page: Page): string[] {
  const said: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "warning") said.push(message.text());
  });
  return said;
}

test("an opener policy that cuts Toss's window off is named, with the fix", { tag: "@once" }, async ({
  page,
  merchant,
}) => {
  const { session } = await merchant.create(SUBSCRIPTION);
  await page.route(/\/checkout\/\?/, async (route) => {
    // A document that the test answers has no address, and Chromium keeps it from the sandbox's.
    if (route.request().method() !== "HEAD") return route.fallback();
    const response = await route.fetch();
    const headers = { ...response.headers(), "cross-origin-opener-policy": "same-origin" };
    await route.fulfill({ response, headers });
  });
  const said = warnings(page);
  const checkout = await CheckoutPage.open(page, session.id);
  await checkout.showsForm();
  await expect.poll(() => said).toHaveLength(1);
  expect(said[0]).toMatch(/^toss-checkout: .*same-origin-allow-popups/);
});

test("nothing is said of a page that is as it should be", { tag: "@once" }, async ({ page, shop }) => {
  const said = warnings(page);
  const looked = page.waitForResponse((response) => response.request().method() === "HEAD");
  const checkout = await shop.subscribe();
  await checkout.showsForm();
  expect((await looked).headers()["cross-origin-opener-policy"]).toBe("same-origin-allow-popups");
  await page.waitForTimeout(200);
  expect(said).toEqual([]);
});

test("a live key on a local host is named, and the document is not looked at", { tag: "@once" }, async ({
  page,
  merchant,
}) => {
  const { session } = await merchant.create(SUBSCRIPTION);
  await page.route(`**/api/checkout/sessions/${session.id}`, async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { clientKey: string };
    const clientKey = body.clientKey.replace("test_", "live_");
    await route.fulfill({ response, json: { ...body, clientKey } });
  });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.method()));
  const said = warnings(page);
  const checkout = await CheckoutPage.open(page, session.id);
  await checkout.showsForm();
  await expect.poll(() => said).toHaveLength(1);
  expect(said[0]).toMatch(/^toss-checkout: live client key on a local host/);
  expect(asked).not.toContain("HEAD");
});
