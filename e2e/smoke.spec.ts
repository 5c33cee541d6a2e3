// The optimised build in a real browser: unit tests never see it.

import { CheckoutPage } from "./support/page.ts";
import { expect, test } from "./support/fixtures.ts";
import { SUBSCRIPTION } from "./support/merchant.ts";

/** The loader's own address ends with the compiled part's name, too. */
const isWasm = (url: URL) => url.pathname.endsWith(".wasm");

test("the built page starts without a complaint", async ({ page, merchant }) => {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  page.on("requestfailed", (request) => complaints.push(`${request.url()} failed`));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.url()}: ${response.status()}`);
  });
  const wasm = page.waitForResponse((response) => isWasm(new URL(response.url())));

  const { url } = await merchant.create(SUBSCRIPTION);
  const answer = await page.goto(url);
  const checkout = new CheckoutPage(page);
  await checkout.showsForm();
  await expect(checkout.heading(SUBSCRIPTION.orderName)).toBeVisible();
  expect(complaints).toEqual([]);
  expect((await wasm).headers()["content-type"]).toBe("application/wasm");

  const headers = answer?.headers() ?? {};
  const policy = headers["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("'wasm-unsafe-eval'");
  expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'|\*/);
  expect(headers["referrer-policy"]).toBe("no-referrer");
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["cache-control"]).toContain("no-cache");
  expect((await wasm).headers()["cache-control"]).toContain("immutable");

  const inline = await page.evaluate(() => ({
    scripts: [...document.scripts].filter((script) => !script.src).length,
    styles: document.querySelectorAll("style, [style]").length,
  }));
  expect(inline).toEqual({ scripts: 0, styles: 0 });
});

test("the page says so when its compiled part does not arrive", async ({ page, merchant }) => {
  await page.route(isWasm, (route) => route.abort());
  const { url } = await merchant.create(SUBSCRIPTION);
  await page.goto(url);
  await expect(page.getByRole("alert")).toContainText("화면을 불러오지 못했어요");
  await page.unroute(isWasm);
  await page.getByRole("button", { name: "다시 시도" }).click();
  await new CheckoutPage(page).showsForm();
});
