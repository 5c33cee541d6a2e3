// Journey 1: a card is registered for automatic payment.

import { expect, test } from "../support/fixtures.ts";
import { origins } from "../support/environment.ts";

test("registers a card and takes the first payment", { tag: "@main" }, async ({ page, shop, sandbox, merchant }) => {
  const begins = await sandbox.now();
  const checkout = await shop.subscribe();
  const { session } = checkout;

  await expect(checkout.heading("토스 프라임 구독")).toBeVisible();
  await expect(page.getByText("4,900원").first()).toBeVisible();
  await expect(page.getByText("매월").first()).toBeVisible();
  await expect(checkout.radio("카드")).toBeChecked();
  await expect(checkout.radio("계좌이체")).not.toBeChecked();
  await expect(checkout.radio("가상계좌")).toHaveCount(0);

  await checkout.complete("카드");

  await checkout.shows("카드가 등록됐어요");
  await checkout.holdsNoKeys();
  // The card is registered before the charge is made.
  await expect(page.getByText("첫 결제가 완료됐어요")).toBeVisible();
  const after = await merchant.session(session);
  expect(after.status).toBe("active");
  expect(after.result?.charge?.status).toBe("succeeded");
  // The number as Toss masks it, however the page groups it.
  const shown = (await page.getByRole("main").innerText()).replaceAll(/[\s-]/g, "");
  const number = after.result?.card?.number ?? "";
  expect(number).toMatch(/\*{4}/);
  expect(shown).toContain(number);
  expect(shown).toContain("4,900원");

  expect(await sandbox.effects("issue")).toHaveLength(1);
  // Subscriptions of other journeys may be charged meanwhile.
  expect(await sandbox.ledger(after.customerKey, begins)).toHaveLength(1);
  for (const call of [...(await sandbox.calls("issue")), ...(await sandbox.calls("charge"))]) {
    expect(call.idempotencyKey, `${call.path} without Idempotency-Key`).toBeTruthy();
  }
});

test("only registers, when the shop charges later", async ({ shop, sandbox, merchant }) => {
  const begins = await sandbox.now();
  const checkout = await shop.subscribeForLater();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  const after = await merchant.session(checkout.session);
  expect(after.status).toBe("registered");
  expect(after.result?.charge).toBeUndefined();
  expect(await sandbox.effects("issue")).toHaveLength(1);
  expect(await sandbox.ledger(after.customerKey, begins)).toHaveLength(0);
});

test("tells apart a registered card and a declined first payment", { tag: "@main" }, async ({
  page,
  shop,
  sandbox,
  merchant,
}) => {
  await sandbox.fault({ endpoint: "charge", kind: "error", status: 403, code: "REJECT_CARD_PAYMENT" });
  const checkout = await shop.subscribe();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  await expect(page.getByText("등록은 됐지만 첫 결제는 하지 못했어요")).toBeVisible();
  await expect(page.getByText("REJECT_CARD_PAYMENT")).toBeVisible();
  // Why, and what can be done from here: there is no other method to choose on this screen.
  await expect(page.getByText("한도를 넘었거나 잔액이 부족해요.", { exact: true })).toBeVisible();
  await expect(page.getByText("다른 방법을 선택해 주세요")).toHaveCount(0);
  const after = await merchant.session(checkout.session);
  expect(after.status).toBe("registered");
  expect(after.result?.charge?.status).toBe("declined");
});

test("finds out how a first payment went whose answer was lost", async ({
  page,
  shop,
  sandbox,
  merchant,
}) => {
  await sandbox.fault({ endpoint: "charge", kind: "lost_response" });
  const checkout = await shop.subscribe();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  await expect(page.getByText("첫 결제가 완료됐어요")).toBeVisible({ timeout: 20_000 });
  await merchant.reaches(checkout.session, "active");
  const all = await sandbox.calls("charge");
  // Of this card: others may be charged meanwhile.
  const lost = all.find((call) => call.fault !== null);
  const charges = all.filter((call) => call.path === lost?.path);
  expect(new Set(charges.map((call) => call.idempotencyKey)).size).toBe(1);
  expect(charges.filter((call) => !call.replayed)).toHaveLength(1);
});

test("can be done with the keyboard alone", { tag: "@desktop" }, async ({
  page,
  shop,
  merchant,
}) => {
  const checkout = await shop.subscribe();
  await checkout.showsForm();
  await checkout.radio("카드").focus();
  await page.keyboard.press("ArrowDown");
  await expect(checkout.radio("계좌이체")).toBeChecked();
  await page.keyboard.press("ArrowUp");
  await expect(checkout.radio("카드")).toBeChecked();
  await page.keyboard.press("Tab");
  await expect(checkout.consent).toBeFocused();
  await page.keyboard.press("Space");
  await expect(checkout.consent).toBeChecked();
  await page.keyboard.press("Tab");
  await expect(checkout.submit("카드")).toBeFocused();
  await page.keyboard.press("Enter");
  const register = page.locator("iframe").contentFrame().getByRole("button", { name: "등록하기" });
  await register.focus();
  await page.keyboard.press("Enter");
  await checkout.shows("카드가 등록됐어요");
  await expect(checkout.heading("카드가 등록됐어요")).toBeFocused();
  await expect.poll(async () => (await merchant.session(checkout.session)).status).toBe("active");
});

test("opens Toss's window over the page on a desktop and instead of it on a phone", async ({
  page,
  shop,
  isPhone,
}) => {
  const checkout = await shop.subscribe();
  const window = await checkout.pay("카드");
  await expect(await window.button("등록하기")).toBeVisible();
  if (isPhone) {
    expect(new URL(page.url()).origin).toBe(origins.sandbox);
  } else {
    expect(new URL(page.url()).origin).toBe(origins.pay);
    await expect(page.getByRole("dialog")).toBeVisible();
  }
});

test("never lets the browser see the billing key", async ({ page, shop, merchant }) => {
  const answers: Promise<string>[] = [];
  page.on("response", (response) => {
    if (response.url().includes("/api/checkout/") && !response.url().endsWith("/events")) {
      answers.push(response.text().catch(() => ""));
    }
  });
  const checkout = await shop.subscribe();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  const said = (await Promise.all(answers)).join("\n");
  expect(said).toContain(checkout.session);
  expect(said).not.toMatch(/billingKey|secret/i);
  expect(JSON.stringify(await merchant.session(checkout.session))).not.toMatch(/billingKey/i);
});

test("leads back to the shop", { tag: "@main" }, async ({ page, shop }) => {
  const checkout = await shop.subscribe();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  await page.getByRole("link", { name: "상점으로 돌아가기" }).click();
  await expect(page).toHaveURL(`${origins.shop}/`);
});
