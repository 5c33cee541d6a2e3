// Journey 5: the buyer's network goes away and comes back. Nobody has to press anything.

import type { BrowserContext, Page } from "@playwright/test";

import { expect, test } from "../../support/fixtures.ts";
import { CheckoutPage } from "../../support/page.ts";
import { SUBSCRIPTION } from "../../support/merchant.ts";

/** The network goes away when the page asks for this, until the answer is called. Earlier requests fail, too. */
async function loseAt(page: Page, context: BrowserContext, asked: RegExp, earlier = 0) {
  let requests = 0;
  await page.route(asked, async (route) => {
    requests += 1;
    if (requests > earlier) await context.setOffline(true);
    await route.abort("internetdisconnected");
  });
  return async () => {
    await page.unroute(asked);
    await context.setOffline(false);
  };
}

test("while the order is read", async ({ page, context, merchant }) => {
  // The first request is sent while the page itself is still on its way.
  const comeBack = await loseAt(page, context, /\/api\/checkout\/sessions\/\w+$/, 1);
  const { session } = await merchant.create(SUBSCRIPTION);
  const checkout = await CheckoutPage.open(page, session.id);
  await checkout.shows("인터넷에 연결되어 있지 않아요");
  await comeBack();
  await checkout.showsForm();
});

test("while Toss's script is loaded", async ({ page, context, merchant }) => {
  // The first request is sent while the page itself is still on its way.
  const comeBack = await loseAt(page, context, /\/v2\/standard(\?.*)?$/, 1);
  const { session } = await merchant.create(SUBSCRIPTION);
  const checkout = await CheckoutPage.open(page, session.id);
  const notice = page.getByText("인터넷에 연결되어 있지 않아요.", { exact: false }).last();
  await expect(notice).toBeVisible({ timeout: 20_000 });
  await expect(checkout.heading(SUBSCRIPTION.orderName)).toBeVisible();
  await comeBack();
  await checkout.showsForm();
  await expect(notice).toBeHidden();
});

test("while the keys are delivered", async ({ page, context, shop, sandbox, merchant }) => {
  const checkout = await shop.subscribe();
  await checkout.showsForm();
  const comeBack = await loseAt(page, context, /\/api\/checkout\/sessions\/\w+\/billing$/);
  await checkout.complete("카드");
  await checkout.shows("인터넷에 연결되어 있지 않아요");
  await expect(page.getByText("정보는 이 화면에 안전하게 있어요", { exact: false })).toBeVisible();
  await checkout.keepsKeys();
  expect(await sandbox.calls("issue")).toHaveLength(0);
  await comeBack();
  await checkout.shows("카드가 등록됐어요");
  await checkout.holdsNoKeys();
  expect(await sandbox.calls("issue")).toHaveLength(1);
  await expect.poll(async () => (await merchant.session(checkout.session)).status).toBe("active");
});
