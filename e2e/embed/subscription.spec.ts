// A customer's subscriptions on a shop's own page: <toss-subscription> and mountSubscription().

import { execFileSync } from "node:child_process";

import type { Page } from "@playwright/test";

import { violations } from "../support/access.ts";
import { origins } from "../support/environment.ts";
import type { Merchant } from "../support/merchant.ts";
import { SUBSCRIPTION } from "../support/merchant.ts";
import { SubscriptionPage } from "../support/subscriptions.ts";
import { CheckoutPage, expect, site, test } from "./fixtures.ts";

interface Told {
  name: string;
  detail: Record<string, unknown>;
}

interface Mounted {
  update(changes: object): void;
  unmount(): void;
}

declare global {
  var mine: Mounted;
  var told: Told[];
}

/** A customer with a card, and a subscription that is paid with it. */
async function subscribed(page: Page, merchant: Merchant): Promise<{ customerKey: string; id: string }> {
  const { session, url } = await merchant.create({ ...SUBSCRIPTION, subscribe: true, chargeNow: true });
  await page.goto(url);
  const checkout = new CheckoutPage(page);
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  const { customerKey, result } = await merchant.session(session.id);
  const id = result?.subscriptionId ?? "";
  // The first charge is known to be paid a moment after the card was registered.
  await merchant.subscriptionReaches(id, (it) => it.lastPaidAmount !== undefined && !it.owedAmount);
  return { customerKey, id };
}

/** Shows the subscriptions on the shop's page, as a script of the shop does. */
async function show(page: Page, link: string, options: object = {}): Promise<void> {
  await page.evaluate(
    async (options) => {
      document.querySelector("toss-checkout")?.remove();
      const { mountSubscription } = await import(String("/toss-checkout/subscription.js"));
      const main = document.querySelector("main")!;
      globalThis.told = [];
      const onEvent = (name: string, detail: Record<string, unknown>) => globalThis.told.push({ name, detail });
      globalThis.mine = mountSubscription(main, { onEvent, ...options });
    },
    { api: origins.pay, link, ...options },
  );
}

const heard = (page: Page) => page.evaluate(() => globalThis.told);

test("a customer cancels on the shop's page, and the shop hears it", async ({ page, merchant }) => {
  const { customerKey, id } = await subscribed(page, merchant);
  const link = await merchant.customerLink(customerKey);
  await page.goto(`${site}/html/`);
  await show(page, link);
  const mine = new SubscriptionPage(page);
  await mine.shows();
  await mine.says("토스 프라임 구독");
  await mine.says("결제 완료");
  // The shop's page has a main part of its own.
  await expect(page.getByRole("main")).toHaveCount(1);
  expect(await violations(page)).toEqual([]);
  expect(page.url()).toBe(`${site}/html/`);

  await mine.cancel(/에 해지$/);
  await mine.says("해지를 예약했어요");
  await mine.button("해지 취소하기").click();
  await mine.says("해지를 취소했어요");
  expect(await heard(page)).toEqual([
    { name: "canceled", detail: { subscriptionId: id, status: "active" } },
    { name: "uncanceled", detail: { subscriptionId: id, status: "active" } },
  ]);
  expect(JSON.stringify(await heard(page))).not.toContain("cl_");
});

test("another card is registered in the checkout, which leads back to the shop", async ({ page, merchant }) => {
  const { customerKey, id } = await subscribed(page, merchant);
  const before = (await merchant.subscription(id)).paymentMethod?.id;
  const link = await merchant.customerLink(customerKey);
  await page.goto(`${site}/html/?me`);
  await show(page, link);
  const mine = new SubscriptionPage(page);
  await mine.button("결제수단 변경").click();
  const checkout = new CheckoutPage(page);
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  await page.getByRole("link", { name: "상점으로 돌아가기" }).click();
  // With its own scripts run: one of them is about the element that is removed next.
  await page.waitForURL(`${site}/html/?me`);
  expect((await merchant.subscription(id)).paymentMethod?.id).not.toBe(before);
  await show(page, link);
  await mine.shows();
});

test("sentences, language and colours are the shop's", async ({ page, merchant }) => {
  const { customerKey } = await subscribed(page, merchant);
  await page.goto(`${site}/html/`);
  await show(page, await merchant.customerLink(customerKey), { texts: { cancel: "그만 쓰기" } });
  const mine = new SubscriptionPage(page);
  await expect(mine.button("그만 쓰기")).toBeVisible();
  const colour = () => mine.heading("내 구독").evaluate((heading) => getComputedStyle(heading).color);
  expect(await colour()).toBe("rgb(25, 31, 40)");
  await page.evaluate(() => globalThis.mine.update({ theme: "dark" }));
  await expect.poll(colour).toBe("rgb(242, 244, 246)");
  await page.evaluate(() => globalThis.mine.update({ locale: "en", texts: undefined }));
  await expect(mine.button("Cancel subscription")).toBeVisible();
  await page.evaluate(() => globalThis.mine.unmount());
  await expect(page.locator("toss-subscription")).toHaveCount(0);
});

test("the element takes attributes and properties, and a link that is none is named for the developer", async ({
  page,
  merchant,
}) => {
  const { customerKey } = await subscribed(page, merchant);
  const link = await merchant.customerLink(customerKey);
  await page.goto(`${site}/html/`);
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  await page.evaluate(async (api) => {
    document.querySelector("toss-checkout")?.remove();
    const element = document.createElement("toss-subscription");
    element.setAttribute("api", api);
    // Set before the browser knows the element.
    Object.assign(element, { link: "cs_0123456789abcdefghijkl" });
    document.querySelector("main")?.append(element);
    const { defineSubscription } = await import(String("/toss-checkout/subscription.js"));
    defineSubscription();
  }, origins.pay);
  const mine = new SubscriptionPage(page);
  await expect(mine.heading("지금은 열 수 없어요")).toBeVisible();
  expect(said.join()).toContain("POST /api/customer-links");
  await page.locator("toss-subscription").evaluate((element, link) => element.setAttribute("link", link), link);
  await mine.shows();
});

test("an element says so when its program does not arrive, and tries again", async ({ page, merchant }) => {
  const { customerKey } = await subscribed(page, merchant);
  await page.goto(`${site}/html/`);
  const lost = (url: URL) => url.pathname.endsWith("toss-subscription_bg.wasm");
  await page.route(lost, (route) => route.abort());
  await show(page, await merchant.customerLink(customerKey));
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("구독 화면을 불러오지 못했어요");
  expect(await violations(page)).toEqual([]);
  expect((await heard(page)).map(({ name }) => name)).toEqual(["error"]);
  await page.unroute(lost);
  await alert.getByRole("button").click();
  await new SubscriptionPage(page).shows();
});

test("fifty that come and go leave nothing behind", async ({ page, merchant }) => {
  const { customerKey } = await subscribed(page, merchant);
  const link = await merchant.customerLink(customerKey);
  await page.goto(`${site}/html/`);
  await show(page, link);
  await new SubscriptionPage(page).shows();
  // So many at once from one address would meet the backend's rate limit.
  const headers = { authorization: `Bearer ${link}` };
  const read = await page.request.get(`${origins.pay}/api/subscription-page`, { headers });
  const body = await read.text();
  const allowed = { "access-control-allow-origin": "*", "access-control-allow-headers": "*" };
  await page.route("**/api/subscription-page**", (route) =>
    route.fulfill({ body, headers: { ...allowed, "content-type": "application/json" } }),
  );
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const measure = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    await page.waitForTimeout(50);
    await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
    return { nodes: of("Nodes"), listeners: of("JSEventListeners") };
  };
  const comeAndGo = (times: number) =>
    page.evaluate(
      async ({ times, options }) => {
        for (let time = 0; time < times; time++) {
          const element = document.createElement("toss-subscription");
          Object.assign(element, options);
          document.body.append(element);
          while (!element.shadowRoot?.querySelector(".price")) {
            await new Promise((resume) => requestAnimationFrame(resume));
          }
          element.remove();
        }
      },
      { times, options: { api: origins.pay, link } },
    );
  await comeAndGo(10);
  const before = await measure();
  await comeAndGo(40);
  // A busy machine collects the last of them a moment later.
  await expect
    .poll(async () => (await measure()).nodes - before.nodes, { message: "nodes" })
    .toBeLessThanOrEqual(20);
  expect((await measure()).listeners - before.listeners, "listeners").toBeLessThanOrEqual(5);
});

test("a server may import it", () => {
  const run = `const { mountSubscription, defineSubscription, TossSubscription } = await import(process.argv[1]);
    const all = [mountSubscription, defineSubscription, TossSubscription];
    if (!all.every((one) => typeof one === "function")) throw new Error("exports");`;
  const module = new URL("../../target/xtask/package/toss-checkout/subscription.js", import.meta.url);
  execFileSync("node", ["--input-type=module", "-e", run, module.href]);
});
