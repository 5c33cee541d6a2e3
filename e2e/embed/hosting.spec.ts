// The built page on servers as they are shipped, and on one that forbids what the page needs. See docs/hosting.md.

import { ORDER } from "../support/merchant.ts";
import { CheckoutPage, expect, test } from "./hosted.ts";

/** nginx's `mime.types` before 1.21.4, as far as the page has such files; the rest is `application/octet-stream`. */
const NGINX = {
  html: "text/html",
  css: "text/css",
  js: "application/javascript",
  svg: "image/svg+xml",
};

test("nginx as it is shipped", async ({ page, merchant, hosted }) => {
  const site = await hosted({ types: NGINX });
  const asked: string[] = [];
  const warned: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  page.on("console", (message) => {
    if (message.type() === "warning") warned.push(message.text());
  });
  const { session } = await merchant.create(ORDER);
  await page.goto(`${site}/checkout/?session=${session.id}`);
  const checkout = new CheckoutPage(page);
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  // No server knows what `.mjs` is.
  expect(asked.filter((path) => path.endsWith(".mjs"))).toEqual([]);
  // By the program's own script and by the loader: not once more.
  const programs = asked.filter((path) => path.endsWith(".wasm"));
  expect(new Set(programs).size).toBe(1);
  expect(warned.join()).toContain("application/wasm");
});

test("a policy without 'wasm-unsafe-eval' is named, and keys are delivered", async ({ browser, merchant, hosted }) => {
  const site = await hosted({ policy: (strict) => strict.replace(" 'wasm-unsafe-eval'", "") });
  // Of its own: what the browser says about the policy is what is looked at.
  const context = await browser.newContext({ locale: "ko-KR" });
  const page = await context.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(message.text()));
  await page.addInitScript(() => {
    document.addEventListener("toss-checkout:error", ({ detail }: CustomEventInit) => {
      (globalThis as any).code = detail.code;
    });
  });
  const { session } = await merchant.create(ORDER);
  await page.goto(`${site}/checkout/?session=${session.id}`);
  const checkout = new CheckoutPage(page);
  await checkout.shows("지금은 결제할 수 없어요");
  await expect(page.getByText("add 'wasm-unsafe-eval' to script-src", { exact: false })).toBeVisible();
  expect(said.join()).toContain("add 'wasm-unsafe-eval' to script-src");
  expect(await page.evaluate(() => (globalThis as any).code)).toBe("CHECKOUT_WEBASSEMBLY_BLOCKED");

  const keys = new URLSearchParams({ paymentKey: "tgen_none", orderId: String(session.orderId), amount: "15000" });
  await page.goto(`${site}/checkout/success?session=${session.id}&${keys}`);
  // The sandbox knows no such key; the backend has asked it.
  await checkout.shows("처리하지 못했어요");
  await checkout.holdsNoKeys();
  expect((await merchant.session(session.id)).status).toBe("failed");
  await context.close();
});

test("the return addresses of a bare host have words", async ({ page, hosted }) => {
  const site = await hosted({ types: NGINX });
  for (const address of ["success", "fail", "success?paymentKey=tgen_a&orderId=order-0001&amount=15000"]) {
    await page.goto(`${site}/checkout/${address}`);
    const checkout = new CheckoutPage(page);
    await checkout.shows("주문을 찾을 수 없어요");
    await checkout.holdsNoKeys();
  }
});
