// Many accounts that wait for their deposits, each in a tab of its own, over plain HTTP/1.1: a browser opens six
// connections to a host, and an event stream keeps one.

import type { Page } from "@playwright/test";

import { test } from "../support/fixtures.ts";
import { ORDER } from "../support/merchant.ts";
import { CheckoutPage } from "../support/page.ts";

/** A browser without a window sees all its tabs; this one sees those that it is told to. */
async function watched(page: Page): Promise<(isSeen: boolean) => Promise<void>> {
  await page.addInitScript(() => {
    let hidden = false;
    Object.defineProperty(document, "hidden", { get: () => hidden });
    (globalThis as any).see = (isSeen: boolean) => {
      hidden = !isSeen;
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    };
  });
  return (isSeen) => page.evaluate((isSeen) => (globalThis as any).see(isSeen), isSeen);
}

test("eight tabs wait for their deposits", { tag: "@once" }, async ({ context, page, merchant, sandbox }) => {
  const issued = async (tab: Page) => {
    const { session } = await merchant.create(ORDER);
    const checkout = await CheckoutPage.open(tab, session.id);
    await checkout.complete("가상계좌");
    await checkout.shows("입금해 주세요");
    return { checkout, orderId: String(session.orderId) };
  };
  const tabs = [];
  for (let count = 0; count < 8; count += 1) {
    const tab = count === 0 ? page : await context.newPage();
    const see = await watched(tab);
    tabs.push({ see, ...(await issued(tab)) });
    await see(false);
  }
  const [first, last] = [tabs[0], tabs[7]];
  if (!first || !last) throw new Error("no tabs");
  // Nobody sees it: it asks once it is seen.
  await sandbox.bank("deposit", first.orderId);
  await first.see(true);
  await first.checkout.shows("입금이 확인됐어요");
  // Followed again.
  await last.see(true);
  await sandbox.bank("deposit", last.orderId);
  await last.checkout.shows("입금이 확인됐어요");
});
