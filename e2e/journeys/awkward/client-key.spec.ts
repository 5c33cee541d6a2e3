// Journey 5: a client key that must not be used is refused before Toss's script runs.

import { CheckoutPage } from "../../support/page.ts";
import { expect, test } from "../../support/fixtures.ts";
import { SUBSCRIPTION } from "../../support/merchant.ts";

const WRONG = [
  { what: "a secret key", key: "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R", fix: /secret key/ },
  { what: "a widget's secret key", key: "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6", fix: /secret key/ },
  { what: "a widget key", key: "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm", fix: /widget/ },
  { what: "an empty key", key: "", fix: /empty/ },
  { what: "something else", key: "hello", fix: /client key/i },
];

for (const { what, key, fix } of WRONG) {
  test(`${what} is refused, with the fix`, { tag: "@once" }, async ({ page, merchant }) => {
    const { session } = await merchant.create(SUBSCRIPTION);
    await page.route(`**/api/checkout/sessions/${session.id}`, async (route) => {
      const answer = await route.fetch();
      await route.fulfill({
        response: answer,
        json: { ...((await answer.json()) as object), clientKey: key },
      });
    });
    const checkout = await CheckoutPage.open(page, session.id);
    await checkout.shows("지금은 결제할 수 없어요");
    await expect(page.getByText(fix).first()).toBeVisible();
    await expect(page.getByRole("main")).not.toContainText("test_sk_");
    await expect(page.getByRole("radio")).toHaveCount(0);
    expect(await page.evaluate(() => "TossPayments" in window)).toBe(false);
  });
}
