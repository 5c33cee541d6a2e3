// What the buyer agrees to before a card or an account is registered.

import type { Page } from "@playwright/test";

import { expect, test } from "../support/fixtures.ts";
import { SUBSCRIPTION } from "../support/merchant.ts";
import { CheckoutPage } from "../support/page.ts";

const MISSING = "계속하려면 자동 결제에 동의해 주세요.";
const OURS =
  "‘토스 프라임 구독’ 이용료로 상점이 오늘부터 매월 4,900원을 자동으로 결제하는 데 동의해요.";

test("nothing is registered before the buyer agrees", async ({ page, shop, sandbox, merchant }) => {
  const checkout = await shop.subscribe();
  await checkout.showsForm();
  await expect(checkout.consent).not.toBeChecked();
  await expect(checkout.consent).toHaveAccessibleName(OURS);
  await checkout.submit("카드").click();
  await expect(checkout.consent).toBeFocused();
  await expect(checkout.consent).toHaveAccessibleDescription(MISSING);
  await expect(checkout.consent).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByRole("status")).toHaveText(MISSING);
  await expect(checkout.submit("카드")).toBeEnabled();
  await expect(page.locator("iframe")).toHaveCount(0);
  expect((await merchant.session(checkout.session)).status).toBe("open");

  await checkout.consent.check();
  await expect(page.getByText(MISSING)).toHaveCount(0);
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  const given = await merchant.givenConsent(checkout.session);
  expect(given).toMatchObject({ version: "ko-2026-11-1", text: OURS });
  expect(Date.parse(given?.givenAt ?? "")).toBeGreaterThan(0);
  expect(await sandbox.effects("issue")).toHaveLength(1);
});

test("the box is never covered by the button, and its whole row can be touched", async ({ page, shop }) => {
  await page.setViewportSize({ width: 320, height: 480 });
  const checkout = await shop.subscribe();
  await checkout.showsForm();
  const row = page.getByText(OURS);
  await row.click({ position: { x: 2, y: 2 } });
  await expect(checkout.consent).toBeChecked();
  await row.click();
  await expect(checkout.consent).not.toBeChecked();
  await page.evaluate(() => scrollTo(0, 0));
  await checkout.submit("카드").click();
  await expect(checkout.consent).toBeFocused();
  const box = await checkout.consent.boundingBox();
  const actions = await checkout.submit("카드").boundingBox();
  expect(box && actions && box.y + box.height).toBeLessThanOrEqual(actions?.y ?? 0);
  const card = await page.locator(".consent").boundingBox();
  expect(card?.height).toBeGreaterThanOrEqual(44);
});

test("the tick survives a cancelled window and is gone with the session", async ({ page, shop }) => {
  const checkout = await shop.subscribe();
  const window = await checkout.pay("카드");
  await window.cancel();
  await checkout.showsForm();
  await expect(page.getByText("취소했어요").first()).toBeVisible();
  await expect(checkout.consent).toBeChecked();
  const other = await shop.subscribe();
  await other.showsForm();
  await expect(other.consent).not.toBeChecked();
});

test("a refresh while the shop is away loses nothing of it", async ({ page, shop, merchant }) => {
  const checkout = await shop.subscribe();
  await page.route("**/billing", (route) => route.abort());
  await checkout.complete("카드");
  await checkout.shows("상점에 아직 전달하지 못했어요");
  await checkout.keepsKeys();
  await page.unroute("**/billing");
  await page.reload();
  await checkout.shows("카드가 등록됐어요");
  await checkout.holdsNoKeys();
  expect(await merchant.givenConsent(checkout.session)).toMatchObject({ text: OURS });
});

test("the shop's own words are shown, wanted and stored", async ({ page, merchant, sandbox }) => {
  const consent = { version: "shop-7", text: "매월 4,900원 결제에 동의해요.\n해지는 마이페이지에서 해요." };
  const { session } = await merchant.create({ ...SUBSCRIPTION, consent });
  const checkout = await CheckoutPage.open(page, session.id);
  await expect(checkout.consent).toHaveAccessibleName(consent.text.replace("\n", " "));
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  expect(await merchant.givenConsent(session.id)).toMatchObject(consent);
  expect(await sandbox.effects("issue")).toHaveLength(1);
});

test("keys that come without the wanted consent wait for it", async ({ page, merchant, sandbox }) => {
  const consent = { version: "shop-7", text: "매월 4,900원 결제에 동의해요." };
  const { session } = await merchant.create({ ...SUBSCRIPTION, consent });
  const checkout = await CheckoutPage.open(page, session.id);
  // As in a browser that keeps nothing, with a backend that was away when the window opened.
  await page.route("**/consent", (route) => route.abort());
  await page.route("**/billing", async (route) => {
    const { consent: _, ...keys } = route.request().postDataJSON() as Record<string, unknown>;
    await route.continue({ postData: JSON.stringify(keys) });
  });
  await checkout.complete("카드");
  await expect(page.getByText(MISSING).last()).toBeVisible();
  await expect(checkout.consent).toBeFocused();
  expect(await sandbox.calls("issue")).toHaveLength(0);
  await checkout.keepsKeys();
  await page.unroute("**/billing");
  await checkout.consent.check();
  await checkout.button("다시 시도").click();
  await checkout.shows("카드가 등록됐어요");
  expect(await merchant.givenConsent(session.id)).toMatchObject(consent);
  expect(await sandbox.effects("issue")).toHaveLength(1);
  await checkout.holdsNoKeys();
});

test("without the tab's storage the card is registered all the same", async ({
  page,
  shop,
  merchant,
}) => {
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("no storage", "QuotaExceededError");
    };
  });
  const checkout = await shop.subscribe();
  const { session } = checkout;
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  await expect.poll(async () => (await merchant.session(session)).status).toBe("active");
  // It had reached the backend before the window opened.
  expect(await merchant.givenConsent(session)).toMatchObject({ text: OURS });
});

test("a buyer who comes back in another browser has agreed all the same", async ({ page, browser, shop, merchant }) => {
  const checkout = await shop.subscribe();
  const { session } = checkout;
  await page.route("**/billing", (route) => route.abort());
  const landing = page.waitForRequest((request) => request.url().includes("/checkout/success?"));
  await checkout.complete("카드");
  await checkout.shows("상점에 아직 전달하지 못했어요");
  const other = await browser.newContext({ locale: "ko-KR" });
  const elsewhere = await other.newPage();
  await elsewhere.goto((await landing).url());
  await new CheckoutPage(elsewhere).shows("카드가 등록됐어요");
  expect(await merchant.givenConsent(session)).toMatchObject({ text: OURS });
  await other.close();
});

/** A browser that prefers Korean, and a session in English: opens it, agrees, registers a card. */
async function registerInEnglish(page: Page, url: string): Promise<CheckoutPage> {
  await page.goto(url);
  const checkout = new CheckoutPage(page);
  await checkout.consent.check();
  await checkout.button("Register card").click();
  await checkout.window().finish("카드");
  await checkout.shows("Your card is registered");
  return checkout;
}

test("what was agreed to in English is stored in English", async ({ page, merchant }) => {
  const { session, url } = await merchant.create({ ...SUBSCRIPTION, locale: "en" });
  await registerInEnglish(page, url);
  expect(await merchant.givenConsent(session.id)).toMatchObject({
    version: "en-2026-11-1",
    text: "I agree that the shop automatically charges ₩4,900 every month, from the billing date on, for ‘토스 프라임 구독’.",
  });
});

test("a tick that was taken back opens nothing and leaves nothing to be sent", async ({ shop }) => {
  const checkout = await shop.subscribe();
  const window = await checkout.pay("카드");
  await window.cancel();
  await checkout.showsForm();
  await checkout.consent.uncheck();
  await checkout.submit("카드").click();
  await expect(checkout.consent).toBeFocused();
  expect(await checkout.stored()).toEqual([]);
});

test("one payment asks for no consent", async ({ shop }) => {
  const checkout = await shop.order();
  await checkout.showsForm();
  await expect(checkout.consent).toHaveCount(0);
});
