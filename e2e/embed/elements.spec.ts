// What the element promises beyond a payment: attributes, moves, several on a page, nothing left behind.

import { execFileSync } from "node:child_process";

import type { Page } from "@playwright/test";

import { violations } from "../support/access.ts";
import { origins } from "../support/environment.ts";
import { ORDER, SUBSCRIPTION } from "../support/merchant.ts";
import { CheckoutPage, expect, listen, names, site, test } from "./fixtures.ts";

/** Opens the plain page and puts elements with these options into it. */
async function open(page: Page, ...all: Record<string, string>[]): Promise<void> {
  await page.goto(`${site}/html/`);
  await page.evaluate(
    async ({ all, common }) => {
      document.querySelector("toss-checkout")?.remove();
      await customElements.whenDefined("toss-checkout");
      for (const options of all) {
        const element = document.createElement("toss-checkout");
        for (const [name, value] of Object.entries({ ...common, ...options })) {
          element.setAttribute(name, value);
        }
        document.querySelector("main")?.append(element);
      }
    },
    { all, common: { api: origins.pay, "sdk-url": `${origins.sandbox}/v2/standard` } },
  );
}

test("two on a page are two payments", async ({ page, merchant }) => {
  const one = await merchant.create(SUBSCRIPTION);
  const other = await merchant.create(ORDER);
  await open(page, { session: one.session.id }, { session: other.session.id });
  const second = page.locator("toss-checkout").nth(1);
  await expect(page.getByRole("button", { name: "카드 등록하기" })).toBeEnabled();
  await second.getByRole("button", { name: "가상계좌 발급받기" }).click();
  await new CheckoutPage(page).window().finish("가상계좌");
  // The page makes its elements anew, as pages do; the second one takes what is its own. By then the first one may have
  // taken Toss's parameters from the address.
  await page.waitForURL(({ href }) => href.startsWith(`${site}/html/?`));
  await open(page, { session: one.session.id }, { session: other.session.id });
  expect((await merchant.session(one.session.id)).status).toBe("open");
});

test("the element takes what Toss brings, also when the page has made another session", async ({
  page,
  merchant,
}) => {
  const { session } = await merchant.create(SUBSCRIPTION);
  const later = await merchant.create(SUBSCRIPTION);
  await open(page, { session: session.id });
  const checkout = new CheckoutPage(page);
  // Stands for a page that asks for a session whenever it is loaded.
  await page.addInitScript((id) => {
    addEventListener("DOMContentLoaded", () =>
      document.querySelector("toss-checkout")?.setAttribute("session", id),
    );
  }, later.session.id);
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  expect((await merchant.session(session.id)).status).not.toBe("open");
  expect((await merchant.session(later.session.id)).status).toBe("open");
});

test("a session that is made after the buyer came back does not take the place of the paid one", async ({
  page,
  merchant,
}) => {
  const { session } = await merchant.create(ORDER);
  const later = await merchant.create(ORDER);
  await open(page, { session: session.id });
  const checkout = new CheckoutPage(page);
  // Stands for a page whose server takes its time to answer.
  const shop = `const element = document.querySelector("toss-checkout");
    Object.assign(element, ${JSON.stringify({ api: origins.pay, sdkUrl: `${origins.sandbox}/v2/standard`, hidden: false })});
    element.addEventListener("toss-checkout:pending", () => (element.session = "${later.session.id}"));`;
  await page.route("**/shop.js", (route) => route.fulfill({ contentType: "text/javascript", body: shop }));
  await checkout.complete("가상계좌");
  await expect(page.locator("toss-checkout")).toHaveAttribute("session", later.session.id);
  await checkout.shows("입금해 주세요");
  expect((await merchant.session(session.id)).status).toBe("waiting_for_deposit");
});

test("a changed attribute begins anew, a move does not", async ({ page, merchant }) => {
  const told = await listen(page);
  const one = await merchant.create(SUBSCRIPTION);
  const other = await merchant.create(ORDER);
  await open(page, { session: one.session.id });
  const checkout = new CheckoutPage(page);
  await checkout.showsForm();
  await checkout.radio("계좌이체").check();
  await page.evaluate(() => {
    const element = document.querySelector("toss-checkout");
    if (element) document.body.prepend(element);
  });
  await page.waitForTimeout(300);
  await expect(checkout.radio("계좌이체")).toBeChecked();
  expect(names(await told())).toEqual(["ready", "change"]);

  await page.locator("toss-checkout").evaluate((element, session) => {
    element.setAttribute("locale", "en");
    element.setAttribute("session", session);
  }, other.session.id);
  await expect(page.getByRole("button", { name: "Get a virtual account" })).toBeEnabled();
  await expect(page.locator("html")).toHaveAttribute("lang", "ko");
});

test("sentences, colours and parts are the merchant's", async ({ page, merchant }) => {
  const { session } = await merchant.create(SUBSCRIPTION);
  await open(page, { session: session.id });
  await page.locator("toss-checkout").evaluate((element) => {
    Object.assign(element, { texts: { register_card: "카드로 시작하기" } });
  });
  const button = page.getByRole("button", { name: "카드로 시작하기" });
  await expect(button).toBeEnabled();
  await expect(button).toHaveCSS("background-color", "rgb(15, 118, 110)");

  // Frameworks set everything again whenever they render, as new objects; a theme is a matter of colours.
  const told = await listen(page);
  const checkout = new CheckoutPage(page);
  await checkout.radio("계좌이체").check();
  const text = () => checkout.radio("계좌이체").evaluate((radio) => getComputedStyle(radio.closest("form")!).color);
  expect(await text()).toBe("rgb(25, 31, 40)");
  await page.locator("toss-checkout").evaluate((element) => {
    Object.assign(element, { texts: { register_card: "카드로 시작하기" }, theme: "dark" });
  });
  await expect.poll(text).toBe("rgb(242, 244, 246)");
  await page.waitForTimeout(300);
  await expect(checkout.radio("계좌이체")).toBeChecked();
  expect(names(await told())).not.toContain("ready");
});

test("what the shop does to its own text stays outside", async ({ page, merchant }) => {
  const { session } = await merchant.create(SUBSCRIPTION);
  await open(page, { session: session.id });
  const looks = () =>
    page.locator("toss-checkout").evaluate((element) => {
      const terms = element.shadowRoot!.querySelector("form")!;
      const style = getComputedStyle(terms);
      return [...style].filter((name) => !name.startsWith("--")).map((name) => `${name}: ${style.getPropertyValue(name)}`);
    });
  const checkout = new CheckoutPage(page);
  await checkout.showsForm();
  const before = await looks();
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(
      "main { text-align: center; letter-spacing: 3px; white-space: nowrap; text-transform: uppercase; " +
        "text-indent: 1em; word-spacing: 9px; text-shadow: 1px 1px red; cursor: help; line-height: 3; font-weight: 900 }",
    );
    document.adoptedStyleSheets.push(sheet);
  });
  expect(await looks()).toEqual(before);
});

test("a server may import the package", () => {
  const run = `const { mount, define, TossCheckout } = await import(process.argv[1]);
    if (![mount, define, TossCheckout].every((one) => typeof one === "function")) throw new Error("exports");`;
  const module = new URL("../../target/xtask/package/toss-checkout/index.js", import.meta.url);
  execFileSync("node", ["--input-type=module", "-e", run, module.href]);
});

test("a hundred elements that come and go leave nothing behind", async ({ page, merchant }) => {
  const { session } = await merchant.create(SUBSCRIPTION);
  await open(page, { session: session.id });
  await new CheckoutPage(page).showsForm();
  // A hundred visitors at once from one address would meet the backend's rate limit.
  const address = `**/api/checkout/sessions/${session.id}`;
  const answer = await page.request.get(`${origins.pay}/api/checkout/sessions/${session.id}`);
  const body = await answer.text();
  const headers = { "access-control-allow-origin": "*", "content-type": "application/json" };
  await page.route(address, (route) => route.fulfill({ body, headers }));
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const measure = async () => {
    await devtools.send("HeapProfiler.collectGarbage");
    await page.waitForTimeout(50);
    await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.getMetrics");
    const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
    return { nodes: of("Nodes"), listeners: of("JSEventListeners"), wasm: await wasmBytes(page) };
  };
  const comeAndGo = (times: number) =>
    page.evaluate(
      async ({ times, options }) => {
        for (let time = 0; time < times; time++) {
          const element = document.createElement("toss-checkout");
          for (const [name, value] of Object.entries(options)) element.setAttribute(name, value);
          const ready = new Promise((resume) => {
            element.addEventListener("toss-checkout:ready", resume, { once: true });
          });
          document.body.append(element);
          await ready;
          element.remove();
        }
      },
      {
        times,
        options: {
          api: origins.pay,
          session: session.id,
          "sdk-url": `${origins.sandbox}/v2/standard`,
        },
      },
    );
  await comeAndGo(10);
  // The session's requests are cancelled after their time limit at the latest.
  const before = await measure();
  await comeAndGo(90);
  // A busy machine collects the last of them a moment later.
  await expect
    .poll(async () => (await measure()).nodes - before.nodes, { message: "nodes" })
    .toBeLessThanOrEqual(20);
  const after = await measure();
  expect(after.listeners - before.listeners, "listeners").toBeLessThanOrEqual(5);
  expect(after.wasm, "compiled program's memory").toBe(before.wasm);
});

/** The compiled program's memory, which the page keeps for itself. */
function wasmBytes(page: Page): Promise<number> {
  return page.evaluate(() => (globalThis as any).wasmMemory?.buffer.byteLength ?? -1);
}

test.beforeEach(async ({ page }) => {
  await page.addInitScript(() => {
    const real = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...all) => {
      const made = await real.apply(WebAssembly, all);
      const exported = Object.values(made.instance.exports);
      (globalThis as any).wasmMemory = exported.find((one) => one instanceof WebAssembly.Memory);
      return made;
    };
  });
});

test("an element says so when its program does not arrive, and tries again", async ({ page, merchant }) => {
  const { session } = await merchant.create(SUBSCRIPTION);
  const lost = (url: URL) => url.pathname.endsWith(".wasm");
  await page.route(lost, (route) => route.abort());
  await open(page, { session: session.id });
  const alert = page.getByRole("alert");
  await expect(alert).toContainText("결제 화면을 불러오지 못했어요");
  expect(await violations(page)).toEqual([]);
  await page.unroute(lost);
  await alert.getByRole("button").click();
  await new CheckoutPage(page).showsForm();
});

test("an element that goes away closes Toss's window", async ({ page, merchant }) => {
  const { session } = await merchant.create(SUBSCRIPTION);
  await open(page, { session: session.id });
  const checkout = new CheckoutPage(page);
  await checkout.pay("카드");
  await expect(page.locator("iframe")).toBeVisible();
  await page.locator("toss-checkout").evaluate((element) => element.remove());
  await expect(page.locator("iframe")).toHaveCount(0);
});
