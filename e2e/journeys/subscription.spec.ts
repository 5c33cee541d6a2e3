// Journey: canceling on the page of the customer, and a link that has ended. year.spec.ts has the rest.

import { expect, test } from "../support/fixtures.ts";
import { SubscriptionPage } from "../support/subscriptions.ts";

test("canceled for later, taken back, and canceled at once with the rest given back", async ({ page, shop, sandbox, merchant }) => {
  const begins = await sandbox.now();
  const checkout = await shop.subscribe();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  const { customerKey, result } = await merchant.session(checkout.session);
  const mine = await SubscriptionPage.open(page);
  await mine.cancel(/^\d+년 \d+월 \d+일에 해지$/);
  await mine.says("해지를 예약했어요. 언제든지 취소할 수 있어요.");
  await mine.says(/에 구독이 끝나요$/);
  await mine.button("해지 취소하기").click();
  await mine.says("해지를 취소했어요. 구독이 그대로 이어져요.");
  await mine.cancel(/^지금 바로 해지$/);
  await mine.says("해지했어요. 환불은 결제한 수단에 따라 며칠 걸릴 수 있어요.");
  await mine.says(/원 환불$/);
  await expect(mine.button("구독 해지하기")).toHaveCount(0);
  expect((await merchant.subscription(result?.subscriptionId ?? "")).status).toBe("canceled");
  const statuses = (await sandbox.ledger(customerKey, begins)).map(({ status }) => status);
  expect(statuses).toEqual(["DONE", expect.stringMatching(/^(PARTIAL_)?CANCELED$/)]);
});

test("a link that has ended says where to get a new one", async ({ page, shop, sandbox }) => {
  const checkout = await shop.subscribeForLater();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  const mine = await SubscriptionPage.open(page);
  await sandbox.clockBy("31m");
  await mine.button("구독 해지하기").click();
  await mine.button("구독 해지하기").click();
  await expect(mine.heading("링크가 끝났어요")).toBeFocused();
  await page.getByRole("link", { name: "상점으로 돌아가기" }).click();
  await expect(page.getByRole("link", { name: "내 구독", exact: true })).toBeVisible();
});
