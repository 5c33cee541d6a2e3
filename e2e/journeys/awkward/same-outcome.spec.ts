// Journey 5: whatever the buyer does, Toss is asked once and the buyer sees the true outcome.

import type { Page } from "@playwright/test";

import { CheckoutPage } from "../../support/page.ts";
import { type Merchant, ORDER } from "../../support/merchant.ts";
import type { Sandbox } from "../../support/sandbox.ts";
import { expect, test } from "../../support/fixtures.ts";
import { hold } from "../../support/hold.ts";

/** Where Toss sent the buyer back to: the address with the keys, as the browser asked for it. */
function landing(page: Page): Promise<string> {
  return page
    .waitForRequest((request) => request.url().includes("/checkout/success?"))
    .then((request) => request.url());
}

/** The first charge is made once the card is registered, and once only, whatever others are charged meanwhile. */
async function isChargedOnce(sandbox: Sandbox, merchant: Merchant, session: string, begins: string): Promise<void> {
  const { customerKey } = await merchant.reaches(session, "active");
  expect(await sandbox.ledger(customerKey, begins)).toHaveLength(1);
}

test("refreshing the success page", { tag: "@main" }, async ({ page, shop, sandbox, merchant }) => {
  const begins = await sandbox.now();
  const checkout = await shop.subscribe();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  await page.reload();
  await checkout.shows("카드가 등록됐어요");
  await page.reload();
  await checkout.shows("카드가 등록됐어요");
  expect(await sandbox.calls("issue")).toHaveLength(1);
  await isChargedOnce(sandbox, merchant, checkout.session, begins);
});

test("opening the success address again, keys and all", async ({ page, shop, sandbox }) => {
  const checkout = await shop.order();
  const address = landing(page);
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  await page.goto(await address);
  await checkout.shows("입금해 주세요");
  await checkout.holdsNoKeys();
  expect(await sandbox.calls("confirm")).toHaveLength(1);
});

test("refreshing while the keys are on their way", async ({ page, shop, sandbox, merchant }) => {
  const begins = await sandbox.now();
  // Toss takes its time, so that the refresh meets a request that is being worked on.
  await sandbox.fault({ endpoint: "issue", kind: "delay", delayMs: 3_000 });
  const release = await hold(page, /\/billing$/);
  const checkout = await shop.subscribe();
  await checkout.complete("카드");
  await checkout.shows("등록을 마무리하고 있어요");
  release();
  await page.reload();
  await checkout.shows("카드가 등록됐어요");
  await checkout.holdsNoKeys();
  expect(await sandbox.calls("issue")).toHaveLength(1);
  await isChargedOnce(sandbox, merchant, checkout.session, begins);
});

test("Back after success", async ({ page, shop, sandbox }) => {
  const checkout = await shop.order();
  const { session } = checkout;
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  await page.goBack();
  // On a phone this is Toss's window, which is over; on a desktop it is the form's address.
  if (page.url().includes("/checkout/")) await checkout.shows("입금해 주세요");
  await page.goForward();
  await checkout.shows("입금해 주세요");
  await CheckoutPage.open(page, session);
  await checkout.shows("입금해 주세요");
  expect(await sandbox.calls("confirm")).toHaveLength(1);
});

test("a second tab with the same success address", async ({ page, context, shop, sandbox, merchant }) => {
  const begins = await sandbox.now();
  await sandbox.fault({ endpoint: "issue", kind: "delay", delayMs: 2_000 });
  const checkout = await shop.subscribe();
  const address = landing(page);
  await checkout.complete("카드");
  const second = await context.newPage();
  await second.goto(await address);
  await checkout.shows("카드가 등록됐어요");
  await new CheckoutPage(second).shows("카드가 등록됐어요");
  expect(await sandbox.calls("issue")).toHaveLength(1);
  await isChargedOnce(sandbox, merchant, checkout.session, begins);
});

test("a second tab with the form, after the first has paid", async ({
  page,
  context,
  shop,
  sandbox,
}) => {
  const checkout = await shop.order();
  const second = await context.newPage();
  const other = await CheckoutPage.open(second, checkout.session);
  await other.showsForm();
  await page.bringToFront();
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  await second.bringToFront();
  await second.reload();
  await other.shows("입금해 주세요");
  expect(await sandbox.calls("confirm")).toHaveLength(1);
});

test("a second tab shows what the first has gone on with", { tag: "@once" }, async ({
  page,
  context,
  merchant,
  sandbox,
}) => {
  const { session } = await merchant.create({ ...ORDER, methods: ["CARD"], virtualAccount: undefined });
  const second = await context.newPage();
  const [checkout, other] = [await CheckoutPage.open(page, session.id), await CheckoutPage.open(second, session.id)];
  await (await other.pay("카드")).fail("PAY_PROCESS_ABORTED");
  await other.shows("결제하지 못했어요");
  await page.bringToFront();
  // Tabs are never hidden here.
  const comeBack = () => second.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await sandbox.fault({ endpoint: "confirm", kind: "delay", delayMs: 3_000 });
  await checkout.complete("카드");
  await checkout.shows("결제를 확인하고 있어요");
  await merchant.reaches(session.id, "confirming");
  await comeBack();
  await other.shows("결과를 확인하고 있어요");
  await other.shows("결제가 완료됐어요");
  expect(await sandbox.calls("confirm")).toHaveLength(1);
});

test("a double click on the button", async ({ shop, sandbox }) => {
  const checkout = await shop.subscribe();
  await checkout.showsForm();
  await checkout.consent.check();
  const button = checkout.submit("카드");
  await expect(button).toBeEnabled();
  // Both in one go: on a slow phone the second of two real clicks would meet Toss's window already.
  await button.evaluate((element: HTMLElement) => {
    element.click();
    element.click();
  });
  await checkout.window().finish("카드");
  await checkout.shows("카드가 등록됐어요");
  expect(await sandbox.calls("issue")).toHaveLength(1);
});

test("an answer that is lost between backend and page", async ({ page, shop, sandbox, merchant }) => {
  let lost = 0;
  await page.route("**/confirm", async (route) => {
    if (lost > 0) return route.continue();
    lost += 1;
    await route.fetch();
    return route.abort("connectionreset");
  });
  const checkout = await shop.order();
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  await checkout.holdsNoKeys();
  expect(lost).toBe(1);
  expect(await sandbox.calls("confirm")).toHaveLength(1);
  expect((await merchant.session(checkout.session)).status).toBe("waiting_for_deposit");
});

test("an answer that is lost between Toss and backend: confirm", { tag: "@main" }, async ({
  shop,
  sandbox,
  merchant,
}) => {
  await sandbox.fault({ endpoint: "confirm", kind: "lost_response" });
  const checkout = await shop.order();
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  const confirms = await sandbox.calls("confirm");
  expect(confirms.filter((call) => !call.replayed)).toHaveLength(1);
  expect(new Set(confirms.map((call) => call.idempotencyKey)).size).toBe(1);
  await merchant.reaches(checkout.session, "waiting_for_deposit");
});

test("an answer that is lost between Toss and backend: issue", async ({
  shop,
  sandbox,
  merchant,
}) => {
  await sandbox.fault({ endpoint: "issue", kind: "lost_response" });
  const checkout = await shop.subscribe();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  const issues = await sandbox.calls("issue");
  // There is no lookup for billing keys: the same request again, which Toss answers as before.
  expect(issues.filter((call) => !call.replayed)).toHaveLength(1);
  expect(new Set(issues.map((call) => call.idempotencyKey)).size).toBe(1);
  await merchant.reaches(checkout.session, "active");
});

test("an outcome that stays unknown for a while", async ({ page, shop, sandbox, merchant }) => {
  test.slow();
  await sandbox.fault({ endpoint: "confirm", kind: "lost_response" });
  await sandbox.fault({ endpoint: "lookup", kind: "reset", count: 3 });
  const checkout = await shop.order();
  await checkout.complete("가상계좌");
  await expect(
    checkout.heading("결과를 확인하고 있어요").or(checkout.heading("입금해 주세요")),
  ).toBeVisible({ timeout: 20_000 });
  // The background work finds it out, and the page hears of it.
  await checkout.shows("입금해 주세요");
  await checkout.holdsNoKeys();
  await merchant.reaches(checkout.session, "waiting_for_deposit");
  expect((await sandbox.effects("confirm")).length).toBe(1);
  await page.reload();
  await checkout.shows("입금해 주세요");
});
