// Journey 3: a virtual account is issued, and the deposit arrives while the page is open.

import type { Route } from "@playwright/test";

import { expect, test } from "../support/fixtures.ts";
import { CheckoutPage } from "../support/page.ts";
import { ORDER } from "../support/merchant.ts";
import { origins } from "../support/environment.ts";

/** `yyyy-MM-dd'T'HH:mm:ss` in Korean time. */
function inKorea(time: Date): string {
  return new Date(time.getTime() + 9 * 3_600_000).toISOString().slice(0, 19);
}

test("issues an account and turns to paid when the deposit arrives", { tag: "@main" }, async ({
  page,
  context,
  shop,
  sandbox,
  merchant,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const checkout = await shop.order();
  await expect(checkout.heading("티셔츠 1장")).toBeVisible();
  await expect(page.getByText("15,000원").first()).toBeVisible();

  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  await checkout.holdsNoKeys();
  await expect(page.getByText("아직 결제되지 않았어요", { exact: false })).toBeVisible();

  const waiting = await merchant.session(checkout.session);
  expect(waiting.status).toBe("waiting_for_deposit");
  const account = waiting.result?.virtualAccount;
  const orderId = waiting.orderId ?? "";
  await expect(page.getByText(account?.accountNumber ?? "?", { exact: true })).toBeVisible();
  await expect(page.getByText("우리", { exact: false }).first()).toBeVisible();
  await expect(page.getByText("김토스")).toBeVisible();
  await expect(page.getByText("15,000원").first()).toBeVisible();
  await expect(page.getByText("한국 시간", { exact: false })).toBeVisible();
  await expect(page.getByText(/^2일 23시간 5\d분 남음$/)).toBeVisible();

  await checkout.button("계좌번호 복사").click();
  await expect(page.getByRole("main").getByText("계좌번호를 복사했어요")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(account?.accountNumber);
  await expect(page.getByText("입금자 이름은 달라도 돼요.")).toBeVisible();
  await checkout.button("이 화면 주소 복사").click();
  await expect(page.getByRole("main").getByText("이 화면 주소를 복사했어요")).toBeVisible();
  await expect(page.getByRole("status")).toHaveText("이 화면 주소를 복사했어요");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());

  // A reload would lose this.
  await page.evaluate(() => Object.assign(window, { sameDocument: true }));
  const console = await context.newPage();
  await console.goto(`${origins.sandbox}/sandbox`);
  const payment = console.getByRole("article").filter({ hasText: orderId });
  await payment.getByRole("button", { name: "입금하기" }).click();
  await checkout.shows("입금이 확인됐어요");
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
  expect((await merchant.session(checkout.session)).status).toBe("paid");

  // A bank can take a deposit back.
  const reversed = page.getByText("입금이 취소됐어요.", { exact: false }).last();
  await expect(reversed).toBeHidden();
  await payment.getByRole("button", { name: "입금 취소" }).click();
  await checkout.shows("입금해 주세요");
  await expect(reversed).toBeVisible();
  const owed = await merchant.session(checkout.session);
  expect(owed.status).toBe("waiting_for_deposit");
  expect(owed.result?.reversedAt).toBeTruthy();
  // Whoever comes back later is told, too.
  await page.reload();
  await checkout.shows("입금해 주세요");
  await expect(reversed).toBeVisible();
  await payment.getByRole("button", { name: "입금하기" }).click();
  await checkout.shows("입금이 확인됐어요");
  await expect(reversed).toBeHidden();

  const confirms = await sandbox.calls("confirm");
  expect(confirms).toHaveLength(1);
  expect(confirms[0]?.idempotencyKey).toBeTruthy();
  await expect
    .poll(async () => (await sandbox.webhooks(orderId)).map((sent) => sent.standing))
    .toEqual(expect.arrayContaining(["delivered"]));
});

for (const [what, answer] of [
  ["are refused", (route: Route) => route.abort()],
  // As a proxy does that keeps answers until they are complete.
  ["are held back", async () => {}],
] as const) {
  test(`turns to paid where server-sent events ${what}, too`, async ({ page, shop, sandbox, merchant }) => {
    await page.route("**/events", answer);
    const checkout = await shop.order();
    await checkout.complete("가상계좌");
    await checkout.shows("입금해 주세요");
    const { orderId = "" } = await merchant.session(checkout.session);
    await sandbox.bank("deposit", orderId);
    await checkout.shows("입금이 확인됐어요");
  });
}

test("says when the time to deposit is over", { tag: "@once" }, async ({ page, merchant, sandbox }) => {
  // Toss sends no webhook about this: page and backend have to look at the clock. Banks report late, so
  // the backend asks Toss a minute after the due time.
  test.setTimeout(200_000);
  // As long as a journey may take on a slow machine, so that the account is there in time. By the sandbox's
  // clock, which a journey before may have moved.
  const now = Date.parse(await sandbox.now());
  const dueDate = inKorea(new Date(now + 45_000));
  const { session } = await merchant.create({ ...ORDER, virtualAccount: { dueDate } });
  const checkout = await CheckoutPage.open(page, session.id);
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  await checkout.shows("입금 기한이 지났어요", 140_000);
  expect((await merchant.session(session.id)).status).toBe("expired");
});

test("still shows the account after the buyer comes back days later", async ({
  page,
  shop,
  merchant,
  sandbox,
}) => {
  const checkout = await shop.order();
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  const { session } = checkout;
  await page.goto(origins.shop);
  await page.goto(`/checkout/?session=${session}`);
  await checkout.shows("입금해 주세요");
  const { orderId = "" } = await merchant.session(session);
  await sandbox.bank("deposit", orderId);
  await checkout.shows("입금이 확인됐어요");
  await page.reload();
  await checkout.shows("입금이 확인됐어요");
  await expect(page.getByText("이미 처리된 주문이에요.", { exact: false })).toBeVisible();
});

test("can be printed without what is of no use on paper", { tag: "@once" }, async ({ page, shop }) => {
  await page.addInitScript(() => {
    window.print = () => Object.assign(window, { printed: true });
  });
  const checkout = await shop.order();
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  await checkout.button("인쇄하기").click();
  expect(await page.evaluate(() => "printed" in window)).toBe(true);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByText("계좌번호", { exact: true })).toBeVisible();
  await expect(checkout.button("계좌번호 복사")).toBeHidden();
  await expect(checkout.button("이 화면 주소 복사")).toBeHidden();
});

test.describe("far from Korea", () => {
  test.use({ timezoneId: "America/New_York" });

  test("names the deadline in Korean time", { tag: "@once" }, async ({ page, shop, merchant }) => {
    const checkout = await shop.order();
    await checkout.complete("가상계좌");
    await checkout.shows("입금해 주세요");
    const { result } = await merchant.session(checkout.session);
    const due = new Date(result?.virtualAccount?.dueDate ?? "");
    const hours = (due.getUTCHours() + 9) % 24;
    const korean = `${hours % 12 || 12}:${String(due.getUTCMinutes()).padStart(2, "0")}`;
    await expect(page.getByText(korean, { exact: false })).toBeVisible();
    await expect(page.getByText("한국 시간", { exact: false })).toBeVisible();
  });
});

test("the time that is left does not depend on the device's clock", { tag: "@once" }, async ({ page, shop }) => {
  await page.addInitScript(() => {
    const Real = Date;
    const ahead = 4 * 86_400_000;
    globalThis.Date = class extends Real {
      constructor(...parts: [string | number]) {
        super(...(parts.length > 0 ? parts : ([Real.now() + ahead] as [number])));
      }
      static override now() {
        return Real.now() + ahead;
      }
    } as DateConstructor;
  });
  const checkout = await shop.order();
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  await expect(page.getByText(/^2일 23시간 5\d분 남음$/)).toBeVisible();
});
