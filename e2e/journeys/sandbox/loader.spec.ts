// Toss's own npm package, unmodified, drives the sandbox's script.

import { BlankShop, CLIENT_KEY, CUSTOMER_KEY, registration } from "../../support/blank-shop.ts";
import { expect, test } from "../../support/fixtures.ts";
import { TossWindow } from "../../support/window.ts";

/** `loadTossPayments(key, { src })` in the page; the payment is kept on `window`. */
function load(shop: BlankShop, key: string, src: string) {
  return shop.page.evaluate(
    async ([client, address, customerKey]) => {
      const { loader } = window as any;
      return loader.loadTossPayments(client, { src: address }).then(
        (toss: any) => {
          (window as any).payment = toss.payment({ customerKey });
          return { name: "loaded" };
        },
        (error: any) => ({ name: error.name, code: error.code, message: error.message }),
      );
    },
    [key, src, CUSTOMER_KEY] as const,
  );
}

const scripts = (shop: BlankShop) =>
  shop.page.evaluate((src) => document.querySelectorAll(`script[src="${src}"]`).length, BlankShop.script);

test("the npm loader brings the script, and its payment opens a window", async ({ page }) => {
  const shop = await BlankShop.withLoader(page);
  expect(await load(shop, CLIENT_KEY, BlankShop.script)).toEqual({ name: "loaded" });
  const marks = await page.evaluate(() => {
    const { loader, TossPayments } = window as any;
    return [loader.ANONYMOUS, TossPayments.ANONYMOUS];
  });
  expect(marks[0]).toBe(marks[1]);

  void shop.call("requestBillingAuth", registration("CARD")).catch(() => {});
  await new TossWindow(page).finish("카드");
  const parameters = await shop.went("/success");
  expect(parameters.get("mine")).toBe("1");
  expect(parameters.get("customerKey")).toBe(CUSTOMER_KEY);
  expect(parameters.get("authKey")).toBeTruthy();
});

test("loading twice brings one script; clearing takes it away @once", async ({ page }) => {
  const shop = await BlankShop.withLoader(page);
  await load(shop, CLIENT_KEY, BlankShop.script);
  await load(shop, CLIENT_KEY, BlankShop.script);
  expect(await scripts(shop)).toBe(1);
  const left = await page.evaluate(() => {
    (window as any).loader.clearTossPayments();
    return "TossPayments" in window;
  });
  expect(left).toBe(false);
  expect(await scripts(shop)).toBe(0);
  expect(await load(shop, CLIENT_KEY, BlankShop.script)).toEqual({ name: "loaded" });
  expect(await scripts(shop)).toBe(1);
});

test("a wrong key rejects the loader's promise, a right one works after it @once", async ({ page }) => {
  const shop = await BlankShop.withLoader(page);
  expect(await load(shop, "nonsense", BlankShop.script)).toMatchObject({ code: "INVALID_CLIENT_KEY" });
  expect(await load(shop, CLIENT_KEY, BlankShop.script)).toEqual({ name: "loaded" });
});

test("a script that does not come rejects, and may be asked for again @once", async ({ page, sandbox }) => {
  const shop = await BlankShop.withLoader(page);
  await sandbox.fault({ endpoint: "sdk", kind: "reset" });
  expect(await load(shop, CLIENT_KEY, BlankShop.script)).toEqual({
    name: "ScriptLoadFailedError",
    code: undefined,
    message: `[TossPayments SDK] Failed to load script: [${BlankShop.script}]`,
  });
  expect(await load(shop, CLIENT_KEY, BlankShop.script)).toEqual({ name: "loaded" });
});

test("an answer that is no such script rejects as not available @once", async ({ page }) => {
  const shop = await BlankShop.withLoader(page);
  await page.route(BlankShop.script, (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  expect(await load(shop, CLIENT_KEY, BlankShop.script)).toMatchObject({ name: "NamespaceNotAvailableError" });
});
