// The built page on a merchant's own site, as it is: in any folder, one address for everything, under
// a strict policy with Trusted Types.

import { ORDER, SUBSCRIPTION } from "../support/merchant.ts";
import { CheckoutPage, expect, listen, names, test } from "./hosted.ts";

test("one address, with a marker in the place of routes", async ({ page, merchant, hosted }) => {
  const told = await listen(page);
  const site = await hosted({ options: { returns: "parameter" } });
  const { session } = await merchant.create(SUBSCRIPTION);
  await page.goto(`${site}/shop/pay/pay.html?color=red&session=${session.id}#top`);
  const checkout = new CheckoutPage(page);
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  const url = new URL(page.url());
  expect(url.pathname).toBe("/shop/pay/pay.html");
  expect(Object.fromEntries(url.searchParams)).toEqual({ color: "red", session: session.id });
  await checkout.holdsNoKeys();
  expect(names(await told()).filter((name) => name === "success")).toHaveLength(1);
});

test("routes beside the page, in a folder of the merchant's", async ({ page, merchant, sandbox, hosted }) => {
  const site = await hosted();
  const { session } = await merchant.create(ORDER);
  await page.goto(`${site}/a/b/?session=${session.id}`);
  const checkout = new CheckoutPage(page);
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  expect(new URL(page.url()).pathname).toBe("/a/b/");
  await sandbox.bank("deposit", String(session.orderId));
  await checkout.shows("입금이 확인됐어요");
});

test("a buyer who cancels comes back to the same address", async ({ page, merchant, hosted }) => {
  const site = await hosted({ options: { returns: "parameter" } });
  const { session } = await merchant.create(SUBSCRIPTION);
  await page.goto(`${site}/shop/pay/pay.html?session=${session.id}`);
  const checkout = new CheckoutPage(page);
  const window = await checkout.pay("카드");
  await window.cancel();
  await expect(page.getByText("취소했어요", { exact: false }).first()).toBeVisible();
  await checkout.showsForm();
  expect(page.url()).toBe(`${site}/shop/pay/pay.html?session=${session.id}`);
});
