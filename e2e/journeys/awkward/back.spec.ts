// Journey 5: the Back button, with the browser's back-forward cache, which Playwright switches off by itself.

import type { Page } from "@playwright/test";

import { chromium, flags, origins } from "../../support/environment.ts";
import { expect, test } from "../../support/fixtures.ts";
import { CheckoutPage } from "../../support/page.ts";
import { SUBSCRIPTION } from "../../support/merchant.ts";

test.use({
  // What records a page keeps it out of the cache.
  trace: "off",
  launchOptions: {
    executablePath: chromium(),
    args: flags(),
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  },
});

test.beforeEach(({ page }) =>
  page.addInitScript(() => addEventListener("pageshow", ({ persisted }) => Object.assign(window, { persisted }))),
);

/** Leads to another page and back; the browser has kept the first as it was. */
async function leaveAndComeBack(page: Page): Promise<void> {
  // A page that still loads something is not kept.
  await page.waitForLoadState("networkidle");
  await page.goto(origins.shop);
  // Playwright's own way waits for a load that does not come.
  await page.evaluate(() => history.back());
  await expect(async () => expect(await page.evaluate(() => (window as any).persisted)).toBe(true)).toPass();
}

test("the form can be used after Back", async ({ page, merchant }) => {
  const { session } = await merchant.create(SUBSCRIPTION);
  const checkout = await CheckoutPage.open(page, session.id);
  await checkout.showsForm();
  await leaveAndComeBack(page);
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  await leaveAndComeBack(page);
  await checkout.shows("카드가 등록됐어요");
});

for (const [what, address] of [
  ["a return that has lost its session", "/checkout/success"],
  ["an unknown order", "/checkout/?session=cs_0123456789abcdefABCDEF"],
] as const) {
  test(`${what} says so after Back, too`, { tag: "@once" }, async ({ page }) => {
    await page.goto(address);
    const checkout = new CheckoutPage(page);
    await checkout.shows("주문을 찾을 수 없어요");
    await leaveAndComeBack(page);
    await checkout.shows("주문을 찾을 수 없어요");
  });
}
