// The optimised build in a real browser: unit tests never see it.

import { violations } from "./support/access.ts";
import { CheckoutPage } from "./support/page.ts";
import { expect, test } from "./support/fixtures.ts";
import { SUBSCRIPTION } from "./support/merchant.ts";

/** The loader's own address ends with the compiled part's name, too. */
const isWasm = (url: URL) => url.pathname.endsWith(".wasm");

test("the built page starts without a complaint", { tag: "@main" }, async ({ page, merchant }) => {
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

/** What may fail to arrive, and how soon the buyer is told: without its first script the page only has its patience. */
const LOST: { part: string; lost: (url: URL) => boolean; within: number }[] = [
  { part: "compiled part", lost: isWasm, within: 12_000 },
  { part: "first script", lost: (url) => url.pathname.endsWith("/boot.js"), within: 25_000 },
];

for (const { part, lost, within } of LOST) {
  test(`the page says so when its ${part} does not arrive`, async ({ page, merchant }) => {
    await page.route(lost, (route) => route.abort());
    const { url } = await merchant.create(SUBSCRIPTION);
    await page.goto(url);
    const alert = page.getByRole("alert");
    await expect(alert).toBeVisible({ timeout: within });
    await expect(alert).toContainText("화면을 불러오지 못했어요");
    expect(await violations(page)).toEqual([]);
    await page.unroute(lost);
    await page.getByRole("link", { name: "다시 시도" }).click();
    await new CheckoutPage(page).showsForm();
    await expect(alert).toBeHidden();
  });
}
