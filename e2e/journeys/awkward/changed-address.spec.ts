// Journey 5: what comes back in the address is compared with the order, by the page and the backend.

import type { CheckoutPage, Method } from "../../support/page.ts";
import { expect, test } from "../../support/fixtures.ts";

/** Goes through Toss's window, and answers where it sends the buyer, before the page can tell. */
async function comeBack(checkout: CheckoutPage, method: Method): Promise<URL> {
  const { page } = checkout;
  await checkout.showsForm();
  await page.route("**/api/checkout/**", (route) => route.abort());
  const landing = page.waitForRequest(/\/checkout\/success\?/);
  await checkout.complete(method);
  await checkout.shows("상점에 연결하지 못했어요");
  await page.evaluate(() => sessionStorage.clear());
  await page.unroute("**/api/checkout/**");
  return new URL((await landing).url());
}

test("another amount", async ({ page, shop, sandbox, merchant }) => {
  const checkout = await shop.order();
  const { session } = checkout;
  const back = await comeBack(checkout, "가상계좌");
  expect(back.searchParams.get("amount")).toBe("15000");

  const changed = new URL(back);
  changed.searchParams.set("amount", "100");
  await page.goto(changed.href);
  await checkout.shows("결제하지 못했어요");
  await expect(page.getByText("CHECKOUT_AMOUNT_MISMATCH")).toBeVisible();
  await expect(page.getByText("주문한 금액과 돌아온 금액이 달라서 멈췄어요.")).toBeVisible();
  await checkout.holdsNoKeys();
  expect(await sandbox.calls("confirm")).toHaveLength(0);
  expect((await merchant.session(session)).status).toBe("open");
});

test("another order", async ({ page, shop, sandbox, merchant }) => {
  const checkout = await shop.order();
  const { session } = checkout;
  const back = await comeBack(checkout, "가상계좌");
  const changed = new URL(back);
  changed.searchParams.set("orderId", "somebody-elses-order");
  await page.goto(changed.href);
  await checkout.shows("결제하지 못했어요");
  await expect(page.getByText("CHECKOUT_ORDER_MISMATCH")).toBeVisible();
  expect(await sandbox.calls("confirm")).toHaveLength(0);
  expect((await merchant.session(session)).status).toBe("open");
});

test("another customer", async ({ page, shop, sandbox, merchant }) => {
  const checkout = await shop.subscribe();
  const { session } = checkout;
  const back = await comeBack(checkout, "카드");
  const changed = new URL(back);
  changed.searchParams.set("customerKey", "4c7a6f0e-2f7e-4d3c-9f55-0a6d0a8f3b11");
  await page.goto(changed.href);
  await checkout.shows("등록하지 못했어요");
  await expect(page.getByText("CHECKOUT_CUSTOMER_MISMATCH")).toBeVisible();
  await checkout.holdsNoKeys();
  expect(await sandbox.calls("issue")).toHaveLength(0);
  expect((await merchant.session(session)).status).toBe("open");
});

test("keys of a payment on a registration", async ({ page, shop, sandbox }) => {
  const order = await shop.order();
  const back = await comeBack(order, "가상계좌");
  const checkout = await shop.subscribe();
  back.searchParams.set("session", checkout.session);
  await page.goto(back.href);
  await checkout.shows("등록하지 못했어요");
  expect(await sandbox.calls("confirm")).toHaveLength(0);
  expect(await sandbox.calls("issue")).toHaveLength(0);
});

test("a page that does not compare is stopped by the backend", async ({
  request,
  shop,
  sandbox,
  merchant,
}) => {
  const checkout = await shop.order();
  const { session } = checkout;
  const back = await comeBack(checkout, "가상계좌");
  const { searchParams } = back;
  const send = (body: Record<string, unknown>) =>
    request.post(`/api/checkout/sessions/${session}/confirm`, { data: body });
  const honest = {
    paymentKey: searchParams.get("paymentKey"),
    orderId: searchParams.get("orderId"),
    amount: 15_000,
  };
  for (const [lie, code] of [
    [{ amount: 100 }, "CHECKOUT_AMOUNT_MISMATCH"],
    [{ orderId: "somebody-elses-order" }, "CHECKOUT_ORDER_MISMATCH"],
  ] as const) {
    const answer = await send({ ...honest, ...lie });
    expect(answer.status()).toBe(422);
    expect(((await answer.json()) as { code: string }).code).toBe(code);
  }
  expect(await sandbox.calls("confirm")).toHaveLength(0);
  expect((await merchant.session(session)).status).toBe("open");

  const answer = await send(honest);
  expect(answer.status()).toBe(200);
  expect((await merchant.session(session)).status).toBe("waiting_for_deposit");
});

test("the true address still works after a changed one", async ({ page, shop, sandbox }) => {
  const checkout = await shop.order();
  const back = await comeBack(checkout, "가상계좌");
  const changed = new URL(back);
  changed.searchParams.set("amount", "1");
  await page.goto(changed.href);
  await checkout.shows("결제하지 못했어요");
  await page.goto(back.href);
  await checkout.shows("입금해 주세요");
  expect(await sandbox.calls("confirm")).toHaveLength(1);
});
