// Journey 5: what comes back in the address is compared with the order, by the page and the backend.

import type { Page, Route } from "@playwright/test";

import { expect, test } from "../../support/fixtures.ts";

/** Stops Toss's redirect to the success page and answers its address. */
async function intercept(page: Page): Promise<() => Promise<URL>> {
  let found: (address: URL) => void;
  const address = new Promise<URL>((resolve) => (found = resolve));
  const stop = async (route: Route) => {
    await route.fulfill({ status: 200, contentType: "text/html", body: "<p>stopped</p>" });
    found(new URL(route.request().url()));
  };
  await page.route(/\/checkout\/success\?/, stop, { times: 1 });
  return async () => {
    await expect(page.getByText("stopped")).toBeVisible();
    return address;
  };
}

test("another amount", async ({ page, shop, sandbox, merchant }) => {
  const checkout = await shop.order();
  const { session } = checkout;
  const address = await intercept(page);
  await checkout.complete("가상계좌");
  const back = await address();
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
  const address = await intercept(page);
  await checkout.complete("가상계좌");
  const changed = new URL(await address());
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
  const address = await intercept(page);
  await checkout.complete("카드");
  const changed = new URL(await address());
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
  const address = await intercept(page);
  await order.complete("가상계좌");
  const stolen = await address();
  const checkout = await shop.subscribe();
  stolen.searchParams.set("session", checkout.session);
  await page.goto(stolen.href);
  await checkout.shows("등록하지 못했어요");
  expect(await sandbox.calls("confirm")).toHaveLength(0);
  expect(await sandbox.calls("issue")).toHaveLength(0);
});

test("a page that does not compare is stopped by the backend", async ({
  request,
  page,
  shop,
  sandbox,
  merchant,
}) => {
  const checkout = await shop.order();
  const { session } = checkout;
  const address = await intercept(page);
  await checkout.complete("가상계좌");
  const { searchParams } = await address();
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
  const address = await intercept(page);
  await checkout.complete("가상계좌");
  const back = await address();
  const changed = new URL(back);
  changed.searchParams.set("amount", "1");
  await page.goto(changed.href);
  await checkout.shows("결제하지 못했어요");
  await page.goto(back.href);
  await checkout.shows("입금해 주세요");
  expect(await sandbox.calls("confirm")).toHaveLength(1);
});
