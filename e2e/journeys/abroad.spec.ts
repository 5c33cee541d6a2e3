// Journey 6, abroad: PayPal takes dollars, and so does everything that is written about them.

import { expect, test } from "../support/fixtures.ts";
import { ORDER } from "../support/merchant.ts";

const ABROAD = {
  kind: "payment",
  orderName: "Sticker pack",
  amount: { value: 12.5, currency: "USD" },
  methods: ["FOREIGN_EASY_PAY"],
  foreignEasyPay: { country: "US" },
};

test("PayPal: cancelled, failed, paid in dollars, and given back in dollars", { tag: "@main" }, async ({
  page,
  shop,
  sandbox,
  merchant,
}) => {
  const checkout = await shop.buy("해외로 주문하기");
  await expect(page.getByText("US$12.50")).toBeVisible();
  await expect(checkout.radio("해외간편결제")).toHaveAccessibleDescription(/PayPal/);
  await (await checkout.pay("해외간편결제")).cancel();
  await expect(page.getByText("취소했어요. 결제된 금액은 없어요.").first()).toBeVisible();
  await checkout.showsForm();
  await (await checkout.pay("해외간편결제")).fail("PAY_PROCESS_ABORTED");
  await checkout.shows("결제하지 못했어요");
  await checkout.button("다시 시도").click();

  const window = await checkout.pay("해외간편결제");
  await expect(await window.text("PayPal 결제")).toBeVisible();
  await window.finish("해외간편결제");
  await checkout.shows("결제가 완료됐어요");
  await checkout.holdsNoKeys();
  await expect(page.getByText("US$12.50")).toBeVisible();
  await expect(page.getByRole("definition").filter({ hasText: "해외간편결제 (PayPal)" }).first()).toBeVisible();
  const { status, amount, orderId = "", result } = await merchant.session(checkout.session);
  expect([status, result?.method]).toEqual(["paid", "FOREIGN_EASY_PAY"]);
  expect(amount).toEqual({ value: 12.5, currency: "USD" });
  const receipt = page.getByRole("link", { name: "영수증 보기", exact: true });
  await expect(receipt).toHaveAttribute("href", result?.receiptUrl ?? "?");
  expect(await sandbox.effects("confirm")).toHaveLength(1);

  const part = await merchant.refund(orderId, { amount: { value: 2.5, currency: "USD" }, reason: "one sticker" });
  expect(part).toMatchObject({ status: "partially_canceled", balance: 10 });
  await page.reload();
  await checkout.shows("결제 금액의 일부가 취소됐어요");
  expect(await merchant.refund(orderId, { reason: "the rest" })).toMatchObject({ status: "canceled", balance: 0 });
});

for (const [code, sentence] of [
  ["NOT_SUPPORTED_METHOD", "이 상점에서 지원하지 않는 방법이에요."],
  ["A_CODE_OF_NEXT_YEAR", "처리하지 못했어요. 다시 시도해 주세요."],
] as const) {
  test(`PayPal: ${code} ends the window in a sentence and one action`, async ({ page, shop, sandbox }) => {
    const checkout = await shop.buy("해외로 주문하기");
    await (await checkout.pay("해외간편결제")).fail(code);
    await checkout.shows("결제하지 못했어요");
    await expect(page.getByText(sentence, { exact: true })).toBeVisible();
    // There is no other method to choose.
    await checkout.button("다시 시도").click();
    await checkout.showsForm();
    expect(await sandbox.calls("confirm")).toHaveLength(0);
  });
}

test("PayPal: what Toss does not approve can be paid after all", { tag: "@once" }, async ({ page, shop, sandbox }) => {
  await sandbox.fault({ endpoint: "confirm", kind: "error", status: 403, code: "REJECT_CARD_COMPANY", count: 1 });
  const checkout = await shop.buy("해외로 주문하기");
  await checkout.complete("해외간편결제");
  await checkout.shows("결제하지 못했어요");
  await expect(page.getByText("REJECT_CARD_COMPANY", { exact: true })).toBeVisible();
  await checkout.button("다시 시도").click();
  await checkout.complete("해외간편결제");
  await checkout.shows("결제가 완료됐어요");
  expect(await sandbox.effects("confirm")).toHaveLength(1);
});

test("dollars and the other methods do not go together", { tag: "@once" }, async ({ merchant }) => {
  const won = { value: 15_000, currency: "KRW" };
  for (const [order, fix] of [
    [{ ...ABROAD, methods: ["FOREIGN_EASY_PAY", "CARD"] }, "cannot be paid by CARD, which takes KRW"],
    [{ ...ABROAD, amount: won }, "cannot be paid by FOREIGN_EASY_PAY, which takes USD"],
    [{ ...ABROAD, foreignEasyPay: undefined }, "foreignEasyPay is missing"],
    [{ ...ABROAD, amount: { value: 12.345, currency: "USD" } }, "amount"],
    [{ ...ABROAD, amount: { value: 0, currency: "USD" } }, "amount"],
    [{ ...ORDER, amount: { value: 199, currency: "KRW" } }, "less than the 200 won"],
  ] as const) {
    expect(await merchant.refuses(order)).toContain(fix);
  }
});
