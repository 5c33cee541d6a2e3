// Journey 5: parameters that are missing, repeated, too long or undecodable are named.

import { CheckoutPage } from "../../support/page.ts";
import { expect, test } from "../../support/fixtures.ts";
import { ORDER, SUBSCRIPTION } from "../../support/merchant.ts";

const KEYS = "customerKey=4c7a6f0e-2f7e-4d3c-9f55-0a6d0a8f3b11&authKey=bln_abc";
const PAID = "paymentKey=tgen_abc&orderId=order-000001&amount=15000";

const BILLING = [
  { what: "a missing authKey", query: "customerKey=4c7a6f0e-2f7e-4d3c-9f55", field: "authKey" },
  { what: "a missing customerKey", query: "authKey=bln_abc", field: "customerKey" },
  { what: "a repeated authKey", query: `${KEYS}&authKey=bln_def`, field: "authKey" },
  { what: "an over-long authKey", query: `customerKey=abc&authKey=${"a".repeat(301)}`, field: "authKey" },
  { what: "an undecodable customerKey", query: "customerKey=%FF%FE&authKey=bln_abc", field: "customerKey" },
  { what: "a cut-off percent sign", query: "customerKey=abc&authKey=bln%2", field: "authKey" },
];

const PAYMENT = [
  { what: "a missing paymentKey", query: "orderId=order-000001&amount=15000", field: "paymentKey" },
  { what: "a missing amount", query: "paymentKey=tgen_abc&orderId=order-000001", field: "amount" },
  { what: "a repeated amount", query: `${PAID}&amount=1`, field: "amount" },
  { what: "an amount that is no number", query: "paymentKey=t&orderId=order-000001&amount=15e3", field: "amount" },
  { what: "an over-long paymentKey", query: `paymentKey=${"p".repeat(201)}&orderId=order-000001&amount=15000`, field: "paymentKey" },
  { what: "an orderId of wrong characters", query: "paymentKey=t&orderId=%3Cscript%3E&amount=15000", field: "orderId" },
];

for (const { what, query, field } of BILLING) {
  test(`${what} on a registration`, { tag: "@once" }, async ({ page, merchant, sandbox }) => {
    const { session } = await merchant.create(SUBSCRIPTION);
    await page.goto(`/checkout/success?session=${session.id}&${query}`);
    const checkout = new CheckoutPage(page);
    await checkout.shows("등록하지 못했어요");
    await expect(page.getByText(field, { exact: true })).toBeVisible();
    await checkout.holdsNoKeys();
    expect(await sandbox.calls("issue")).toHaveLength(0);
    expect((await merchant.session(session.id)).status).toBe("open");

    await checkout.button("다시 시도").click();
    await checkout.showsForm();
  });
}

for (const { what, query, field } of PAYMENT) {
  test(`${what} on a payment`, { tag: "@once" }, async ({ page, merchant, sandbox }) => {
    const { session } = await merchant.create(ORDER);
    await page.goto(`/checkout/success?session=${session.id}&${query}`);
    const checkout = new CheckoutPage(page);
    await checkout.shows("결제하지 못했어요");
    await expect(page.getByText(field, { exact: true })).toBeVisible();
    await checkout.holdsNoKeys();
    expect(await sandbox.calls("confirm")).toHaveLength(0);
    expect((await merchant.session(session.id)).status).toBe("open");
  });
}

test("a fail address without a code", async ({ page, merchant }) => {
  const { session } = await merchant.create(ORDER);
  await page.goto(`/checkout/fail?session=${session.id}&message=x`);
  await new CheckoutPage(page).shows("결제하지 못했어요");
  await expect(page.getByText("code", { exact: true })).toBeVisible();
});

test("no session in the address", async ({ page }) => {
  await page.goto("/checkout/");
  await new CheckoutPage(page).shows("지금은 결제할 수 없어요");
  await expect(page.getByText("session", { exact: false }).last()).toBeVisible();
});

for (const path of ["success", "fail"]) {
  test(`the bare ${path} address`, async ({ page, shop }) => {
    const checkout = await shop.order();
    await checkout.showsForm();
    const form = page.url();
    await page.goto(`/checkout/${path}`);
    await checkout.shows("주문을 찾을 수 없어요");
    await expect(page.getByText("다시 결제하지 말고", { exact: false })).toBeVisible();
    await expect(page.getByText("개발자용 안내")).toHaveCount(0);
    await checkout.button("이전 화면으로").click();
    await checkout.showsForm();
    expect(page.url()).toBe(form);
  });
}

test("an address that has lost its session", async ({ page, shop, sandbox, merchant }) => {
  const checkout = await shop.order();
  const { session } = checkout;
  await checkout.showsForm();
  await page.route("**/api/checkout/**", (route) => route.abort());
  const landing = page.waitForRequest(/\/checkout\/success\?/);
  await checkout.complete("가상계좌");
  await checkout.shows("상점에 연결하지 못했어요");
  await checkout.keepsKeys();
  await page.unroute("**/api/checkout/**");
  // The tab has opened the window, and knows for which session.
  const back = new URL((await landing).url());
  back.searchParams.delete("session");
  await page.goto(back.href);
  await checkout.shows("입금해 주세요");
  expect(checkout.session).toBe(session);
  await checkout.holdsNoKeys();
  expect(await sandbox.calls("confirm")).toHaveLength(1);

  // Another tab does not; the keys leave the bar all the same.
  const other = await page.context().newPage();
  await other.goto(back.href);
  const stranger = new CheckoutPage(other);
  await stranger.shows("주문을 찾을 수 없어요");
  await stranger.holdsNoKeys();
  expect((await merchant.session(session)).status).toBe("waiting_for_deposit");
});

test("a session that nobody made", async ({ page }) => {
  await page.goto("/checkout/?session=cs_0123456789abcdefABCDEF");
  await new CheckoutPage(page).shows("주문을 찾을 수 없어요");
});

test("a session that is over", async ({ page, merchant }) => {
  const { session } = await merchant.create({ ...SUBSCRIPTION, expiresInSeconds: 60 });
  // The session lives at least a minute, so its end is put into the answer.
  await page.route(`**/api/checkout/sessions/${session.id}`, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({
      response: answer,
      json: { ...((await answer.json()) as object), status: "expired" },
    });
  });
  const checkout = await CheckoutPage.open(page, session.id);
  await checkout.shows("결제 시간이 지났어요");
  await expect(page.getByRole("link", { name: "상점으로 돌아가기" })).toBeVisible();
});
