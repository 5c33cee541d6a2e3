// The checkout on other people's pages: <toss-checkout> in plain HTML, mount() in React.

import { violations } from "../support/access.ts";
import { CheckoutPage, expect, listen, names, site, test } from "./fixtures.ts";

const SITES = [
  { name: "plain HTML", path: "/html/" },
  { name: "React", path: "/react/" },
];

for (const { name, path } of SITES) {
  test.describe(name, () => {
    test("a card is registered, and the shop hears it once", { tag: "@main" }, async ({ page }) => {
      const told = await listen(page);
      await page.goto(site + path);
      await page.getByRole("button", { name: "구독하기" }).click();
      const checkout = new CheckoutPage(page);
      await checkout.showsForm();
      await checkout.complete("카드");
      await checkout.shows("카드가 등록됐어요");
      await expect(page.getByRole("status").filter({ hasText: "고마워요" })).toBeVisible();
      expect(page.url()).toMatch(new RegExp(`^${site}${path}\\?session=cs_\\w+$`));
      await checkout.holdsNoKeys();

      const heard = names(await told());
      expect(heard.slice(0, 2)).toEqual(["ready", "submit"]);
      expect(heard.filter((one) => one === "success")).toHaveLength(1);
      const success = (await told()).find((event) => event.type.endsWith("success"));
      expect(success?.detail).toMatchObject({ kind: "billing", method: "CARD", amount: 4900 });
      expect(JSON.stringify(await told())).not.toMatch(/cs_|Key/);

      await page.reload();
      await checkout.shows("카드가 등록됐어요");
      expect(names(await told()).filter((one) => one === "success")).toHaveLength(1);
    });

    test("a virtual account is issued and paid", async ({ page, sandbox }) => {
      const told = await listen(page);
      await page.goto(site + path);
      await page.getByRole("button", { name: "주문하기" }).click();
      const checkout = new CheckoutPage(page);
      await checkout.complete("가상계좌");
      await checkout.shows("입금해 주세요");
      expect(await violations(page)).toEqual([]);
      expect(names(await told())).toContain("pending");
      const pending = (await told()).find((event) => event.type.endsWith("pending"));
      const order = pending?.detail["orderId"];
      await sandbox.bank("deposit", String(order));
      await checkout.shows("입금이 확인됐어요");
      expect(names(await told())).toContain("success");
    });

    test("cancelling leads back to the form", async ({ page }) => {
      const told = await listen(page);
      await page.goto(site + path);
      await page.getByRole("button", { name: "구독하기" }).click();
      const checkout = new CheckoutPage(page);
      await checkout.showsForm();
      expect(await violations(page)).toEqual([]);
      const window = await checkout.pay("카드");
      await window.cancel();
      await expect(page.getByRole("paragraph").filter({ hasText: "취소했어요" })).toBeVisible();
      await checkout.showsForm();
      expect(names(await told())).toContain("cancel");
    });
  });
}
