// Pictures of every screen, to be looked at: `cargo xtask shots`. Not a test of anything.

import type { Page } from "@playwright/test";

import { CheckoutPage } from "./support/page.ts";
import { origins } from "./support/environment.ts";
import { expect, test } from "./support/fixtures.ts";
import { ORDER, SUBSCRIPTION } from "./support/merchant.ts";
import { Shop } from "./support/shop.ts";

/** The README's: which of them is shown is the reader's theme. */
const README = { light: "../docs/images/checkout.png", dark: "../docs/images/checkout-dark.png" };
const WIDTHS = [
  { width: 390, height: 844, mobile: true },
  { width: 1280, height: 900, mobile: false },
];
const THEMES = ["light", "dark"] as const;

test.use({ deviceScaleFactor: 1 });

for (const { width, height, mobile } of WIDTHS) {
  for (const theme of THEMES) {
    test.describe(`${width} ${theme}`, () => {
      test.use({
        viewport: { width, height },
        colorScheme: theme,
        reducedMotion: "reduce",
        ...(mobile ? { isMobile: true, hasTouch: true } : {}),
      });

      /** Waits until nothing moves any more and takes the whole page. */
      const shoot = async (page: Page, name: string) => {
        await page.evaluate(() => document.fonts.ready);
        await page.screenshot({
          path: `shots/${name}-${width}-${theme}.png`,
          fullPage: true,
          animations: "disabled",
        });
      };

      test("form", async ({ page, shop }) => {
        await page.goto(origins.shop);
        await shoot(page, "shop");
        const checkout = await shop.subscribe();
        await checkout.showsForm();
        await shoot(page, "form-subscription");
        await checkout.submit("카드").click();
        await expect(checkout.consent).toBeFocused();
        await shoot(page, "form-consent-missing");
        const order = await shop.order();
        await order.showsForm();
        await shoot(page, "form-order");
      });

      test("English", async ({ page, merchant }) => {
        const { url } = await merchant.create({ ...SUBSCRIPTION, locale: "en" });
        await page.goto(url);
        await expect(page.getByRole("button", { name: "Register card" })).toBeEnabled();
        await shoot(page, "form-english");
        const checkout = new CheckoutPage(page);
        await checkout.consent.check();
        await checkout.button("Register card").click();
        await checkout.window().finish("카드");
        await checkout.shows("Your card is registered");
        await shoot(page, "card-registered-english");
        const order = await merchant.create({ ...ORDER, methods: ["CARD", "TRANSFER"], virtualAccount: undefined, locale: "en" });
        await page.goto(order.url);
        await checkout.button("Pay").click();
        await checkout.window().finish("카드");
        await checkout.shows("Your payment is complete");
        await shoot(page, "paid-card-english");
      });

      test("loading and preparing", async ({ page, sandbox, merchant }) => {
        const { session } = await merchant.create(SUBSCRIPTION);
        await sandbox.fault({ endpoint: "sdk", kind: "delay", delayMs: 5_000 });
        await page.route("**/api/checkout/**", async (route) => {
          await new Promise((resolve) => setTimeout(resolve, 1_500));
          await route.continue();
        });
        const checkout = await CheckoutPage.open(page, session.id);
        await expect(page.getByText("주문을 불러오고 있어요").first()).toBeAttached();
        await shoot(page, "loading");
        await expect(checkout.heading(SUBSCRIPTION.orderName)).toBeVisible();
        await shoot(page, "preparing");
      });

      test("Toss's window", async ({ page, shop }) => {
        for (const method of ["카드", "계좌이체"] as const) {
          const checkout = await shop.subscribe();
          const window = await checkout.pay(method);
          await expect(await window.button("등록하기")).toBeVisible();
          await shoot(page, method === "카드" ? "window-card" : "window-account");
        }
        const order = await shop.order();
        const window = await order.pay("가상계좌");
        await expect(await window.button("발급하기")).toBeVisible();
        await shoot(page, "window-virtual-account");
      });

      test("registered", async ({ page, shop, sandbox }) => {
        const card = await shop.subscribe();
        await card.complete("카드");
        await card.shows("카드가 등록됐어요");
        await shoot(page, "card-registered");
        const account = await shop.subscribe();
        await account.complete("계좌이체");
        await account.shows("계좌가 등록됐어요");
        await shoot(page, "account-registered");
        await sandbox.fault({ endpoint: "charge", kind: "error", status: 403, code: "REJECT_CARD_PAYMENT" });
        const declined = await shop.subscribe();
        await declined.complete("카드");
        await declined.shows("카드가 등록됐어요");
        await shoot(page, "card-registered-charge-declined");
      });

      test("account later", async ({ page, shop }) => {
        const checkout = await shop.subscribeForLater();
        const window = await checkout.pay("계좌이체");
        await (await window.field("계좌 정보를 응답에 넣지 않기")).check();
        await window.finish("계좌이체");
        await checkout.shows("계좌가 등록됐어요");
        await shoot(page, "account-registered-unnamed");
      });

      test("deposit", async ({ page, shop, sandbox, merchant }) => {
        const checkout = await shop.order();
        await checkout.complete("가상계좌");
        await checkout.shows("입금해 주세요");
        await shoot(page, "deposit-waiting");
        const { orderId = "" } = await merchant.session(checkout.session);
        await sandbox.bank("deposit", orderId);
        await checkout.shows("입금이 확인됐어요");
        await shoot(page, "deposit-paid");
        await sandbox.bank("reverse", orderId);
        await checkout.shows("입금해 주세요");
        await shoot(page, "deposit-reversed");
        await sandbox.bank("deposit", orderId);
        await checkout.shows("입금이 확인됐어요");
        await page.reload();
        await checkout.shows("입금이 확인됐어요");
        await shoot(page, "deposit-paid-before");
      });

      test("paid", async ({ page, shop, merchant }) => {
        const order = await shop.order();
        await order.showsForm();
        await order.radio("문화상품권").check();
        await shoot(page, "form-order-gift");
        await order.complete("카드");
        await order.shows("결제가 완료됐어요");
        await shoot(page, "paid-card");
        for (const [method, name] of [["계좌이체", "transfer"], ["휴대폰", "mobile-phone"], ["도서문화상품권", "gift-certificate"]] as const) {
          const other = await shop.order();
          await other.complete(method);
          await other.shows("결제가 완료됐어요");
          await shoot(page, `paid-${name}`);
        }
        const direct = await shop.buy("토스페이로 바로 주문하기");
        await direct.complete("카드");
        await direct.shows("결제가 완료됐어요");
        await shoot(page, "paid-easy-pay");
        const abroad = await shop.buy("해외로 주문하기");
        await abroad.showsForm();
        await shoot(page, "form-abroad");
        await abroad.complete("해외간편결제");
        await abroad.shows("결제가 완료됐어요");
        await shoot(page, "paid-abroad");
        const { orderId = "" } = await merchant.session(abroad.session);
        await merchant.refund(orderId, { amount: { value: 2.5, currency: "USD" }, reason: "one sticker" });
        await page.reload();
        await abroad.shows("결제 금액의 일부가 취소됐어요");
        await shoot(page, "paid-abroad-partially-canceled");
      });

      test("canceled and failed", async ({ page, shop }) => {
        const checkout = await shop.subscribe();
        const window = await checkout.pay("카드");
        await window.cancel();
        await expect(page.getByText("취소했어요. 결제된 금액은 없어요.").first()).toBeVisible();
        await checkout.showsForm();
        await shoot(page, "canceled");
        const again = await checkout.pay("카드");
        await again.fail("REJECT_CARD_COMPANY");
        await checkout.shows("등록하지 못했어요");
        await shoot(page, "failed");
        const order = await shop.order();
        await (await order.pay("휴대폰")).fail("PAY_PROCESS_ABORTED");
        await order.shows("결제하지 못했어요");
        await shoot(page, "failed-payment");
      });

      test("refused and not found", async ({ page, merchant }) => {
        const { session } = await merchant.create(ORDER);
        await page.goto(`/checkout/success?session=${session.id}&paymentKey=t&orderId=${session.orderId}&amount=1`);
        const checkout = new CheckoutPage(page);
        await checkout.shows("결제하지 못했어요");
        await shoot(page, "refused-amount");
        await page.goto("/checkout/?session=cs_0123456789abcdefABCDEF");
        await checkout.shows("주문을 찾을 수 없어요");
        await shoot(page, "not-found");
        await page.goto("/checkout/");
        await checkout.shows("지금은 결제할 수 없어요");
        await shoot(page, "misconfigured");
      });

      test("no backend, no script", async ({ page, shop }) => {
        await page.route(/\/v2\/standard/, (route) => route.abort());
        const blocked = await shop.subscribe();
        await expect(blocked.button("다시 시도")).toBeEnabled({ timeout: 20_000 });
        await shoot(page, "script-blocked");
        await page.unroute(/\/v2\/standard/);
        const down = await shop.subscribe();
        await down.showsForm();
        await page.route(/\/billing$/, (route) => route.abort());
        await down.complete("카드");
        await down.shows("상점에 아직 전달하지 못했어요");
        await shoot(page, "undelivered");
        await page.route("**/api/checkout/**", (route) => route.abort());
        await page.reload();
        await down.shows("상점에 연결하지 못했어요");
        await shoot(page, "unreachable");
        await page.evaluate(() => Object.defineProperty(navigator, "onLine", { get: () => false }));
        await down.button("다시 시도").click();
        await down.shows("인터넷에 연결되어 있지 않아요");
        await shoot(page, "offline");
      });

      test("under way", async ({ page, shop, sandbox }) => {
        await sandbox.fault({ endpoint: "confirm", kind: "delay", delayMs: 2_000 });
        const checkout = await shop.order();
        await checkout.complete("가상계좌");
        await checkout.shows("결제를 확인하고 있어요");
        await shoot(page, "delivering");
        await checkout.shows("입금해 주세요");
        await page.route(/\/api\/checkout\/sessions\/\w+$/, async (route) => {
          const answer = await route.fetch();
          const session = { ...((await answer.json()) as object), status: "unknown", result: null };
          await route.fulfill({ response: answer, json: session });
        });
        await page.route("**/events", (route) => route.abort());
        await page.reload();
        await checkout.shows("결과를 확인하고 있어요");
        await shoot(page, "looking-up");
        await page.clock.install();
        await page.reload();
        await checkout.shows("결과를 확인하고 있어요");
        await page.clock.runFor(61_000);
        await expect(page.getByText("화면을 닫아도 괜찮아요", { exact: false })).toBeVisible();
        await shoot(page, "looking-up-long");
      });

      test("over", async ({ page, merchant }) => {
        for (const [status, heading, name] of [
          ["expired", "결제 시간이 지났어요", "session-expired"],
          ["canceled", "결제가 취소됐어요", "payment-canceled"],
          ["partially_canceled", "결제 금액의 일부가 취소됐어요", "payment-partially-canceled"],
        ] as const) {
          const { session } = await merchant.create(ORDER);
          await page.route(`**/sessions/${session.id}`, async (route) => {
            const answer = await route.fetch();
            await route.fulfill({
              response: answer,
              json: { ...((await answer.json()) as object), status },
            });
          });
          const checkout = await CheckoutPage.open(page, session.id);
          await checkout.shows(heading);
          await shoot(page, name);
        }
      });
    });
  }
}

for (const theme of THEMES) {
  test.describe(`README ${theme}`, () => {
    test.use({ viewport: { width: 720, height: 760 }, deviceScaleFactor: 2, colorScheme: theme });

    test("form", async ({ page, shop }) => {
      const checkout = await shop.subscribe();
      await checkout.showsForm();
      await page.screenshot({ path: README[theme], animations: "disabled" });
    });
  });
}

test("console", async ({ page, context }) => {
  const shop = new Shop(page);
  const checkout = await shop.order();
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  const sandbox = await context.newPage();

  await sandbox.goto(`${origins.sandbox}/sandbox`);
  await sandbox.screenshot({ path: "shots/sandbox-console.png", fullPage: false });
});
