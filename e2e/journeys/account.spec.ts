// Journey 2: a bank account is registered for automatic payment.

import { expect, test } from "../support/fixtures.ts";

test("registers an account and takes the first payment", { tag: "@main" }, async ({
  page,
  shop,
  sandbox,
  merchant,
}) => {
  const begins = await sandbox.now();
  const checkout = await shop.subscribe();
  await checkout.complete("계좌이체");
  await checkout.shows("계좌가 등록됐어요");
  await checkout.holdsNoKeys();
  // The account is registered before the charge is made.
  await expect(page.getByText("첫 결제가 완료됐어요")).toBeVisible();

  const { status, result, customerKey } = await merchant.session(checkout.session);
  expect(status).toBe("active");
  const { bankName = "", accountNumber = "" } = result?.account ?? {};
  expect(accountNumber).toMatch(/\*{4}/);
  await expect(page.getByText(`${bankName} ${accountNumber}`)).toBeVisible();
  expect(await sandbox.effects("issue")).toHaveLength(1);
  // Subscriptions of other journeys may be charged meanwhile.
  expect(await sandbox.ledger(customerKey, begins)).toHaveLength(1);
});

test("says something sensible when Toss does not name the account", async ({
  page,
  shop,
  merchant,
}) => {
  const checkout = await shop.subscribeForLater();
  const window = await checkout.pay("계좌이체");
  await (await window.field("계좌 정보를 응답에 넣지 않기")).check();
  await window.finish("계좌이체");
  await checkout.shows("계좌가 등록됐어요");
  await expect(page.getByText("등록한 계좌는 첫 결제 때 확인할 수 있어요.")).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText(/undefined|null/);
  const after = await merchant.session(checkout.session);
  expect(after.status).toBe("registered");
  expect(after.result?.account).toBeUndefined();
});

test("takes the other method after a cancel", async ({ page, shop, merchant }) => {
  const checkout = await shop.subscribe();
  const window = await checkout.pay("카드");
  await window.cancel();
  await expect(page.getByText("취소했어요. 결제된 금액은 없어요.").first()).toBeVisible();
  await checkout.complete("계좌이체");
  await checkout.shows("계좌가 등록됐어요");
  await expect.poll(async () => (await merchant.session(checkout.session)).status).toBe("active");
});
