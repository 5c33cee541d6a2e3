// Journey: a subscription from its registration through its life, on the page of the customer.

import { expect, test } from "../support/fixtures.ts";
import { SubscriptionPage } from "../support/subscriptions.ts";

test.describe.configure({ timeout: 120_000 });

test("begins, renews, is refused, paid by another card, agreed to, canceled and taken back", {
  tag: "@main",
}, async ({ page, shop, sandbox, merchant }) => {
  const checkout = await shop.subscribe();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  const id = (await merchant.session(checkout.session)).result?.subscriptionId ?? "";
  expect(id).toMatch(/^sub_/);

  let mine = await SubscriptionPage.open(page);
  // The link's token is in no address that is sent, copied or kept.
  expect(page.url()).not.toContain("cl_");
  await mine.says("토스 프라임 구독");
  await mine.says("4,900원");
  await mine.says("다음 결제일");
  await expect(page.getByText("결제 완료", { exact: true })).toHaveCount(1);
  await expect(page.getByRole("link", { name: /영수증$/ })).toHaveCount(1);

  // A month later.
  const renew = async () => {
    const { nextChargeAt } = await merchant.subscription(id);
    await sandbox.clockTo(nextChargeAt ?? "");
  };
  await renew();
  await merchant.subscriptionReaches(id, (it) => it.currentPeriod?.no === 2 && !it.owedAmount);
  mine = await SubscriptionPage.open(page);
  await expect(page.getByText("결제 완료", { exact: true })).toHaveCount(2);

  // The next is refused, and so is the customer's own try. Others are charged at that time, too.
  await sandbox.fault({ endpoint: "charge", kind: "error", status: 403, code: "REJECT_CARD_PAYMENT", probability: 1 });
  await renew();
  await merchant.subscriptionReaches(id, (it) => it.status === "past_due");
  mine = await SubscriptionPage.open(page);
  await mine.says("4,900원이 결제되지 않았어요");
  await mine.says("REJECT_CARD_PAYMENT");
  await mine.button("지금 결제하기").click();
  await mine.says("이번에도 승인되지 않았어요. 다른 결제수단으로 바꿔 보세요.");
  await expect(page.locator("[data-notice]")).toBeFocused();
  await sandbox.clearFaults();

  // Another card pays what is owed, and brings the customer back.
  const before = (await merchant.subscription(id)).paymentMethod?.id;
  await mine.button("결제수단 변경").click();
  await expect(page).toHaveURL(/\/checkout\/\?session=cs_\w+$/);
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  await merchant.subscriptionReaches(id, (it) => it.status === "active" && !it.owedAmount);
  expect((await merchant.subscription(id)).paymentMethod?.id).not.toBe(before);
  await page.getByRole("link", { name: "상점으로 돌아가기" }).click();
  await mine.shows();
  await expect(mine.button("지금 결제하기")).toHaveCount(0);
  await expect(page.getByText("결제 완료", { exact: true })).toHaveCount(3);

  // The price will rise: nothing is charged without a consent.
  await merchant.changeSubscription(id, { amount: { value: 5900, currency: "KRW" }, when: "next_period", proration: "none" });
  mine = await SubscriptionPage.open(page);
  await expect(mine.heading("동의가 필요해요")).toBeVisible();
  await mine.says(/금액이 매월 4,900원에서 매월 5,900원으로 바뀌어 카드 [\d*]+로 결제되는 것에 동의해요/);
  await mine.button("동의하기").click();
  await mine.says("동의했어요. 동의한 내용은 상점에 그대로 남아요.");
  await renew();
  await merchant.subscriptionReaches(id, (it) => it.lastPaidAmount?.value === 5900);

  // Canceled with what is paid, taken back, and canceled at once with the rest given back.
  mine = await SubscriptionPage.open(page);
  await mine.cancel(/^\d+년 \d+월 \d+일에 해지$/);
  await mine.says("해지를 예약했어요. 언제든지 취소할 수 있어요.");
  await mine.says(/에 구독이 끝나요$/);
  await mine.button("해지 취소하기").click();
  await mine.says("해지를 취소했어요. 구독이 그대로 이어져요.");
  await mine.cancel(/^지금 바로 해지$/);
  await mine.says("해지했어요. 환불은 결제한 수단에 따라 며칠 걸릴 수 있어요.");
  await mine.says(/원 환불$/);
  await expect(mine.button("구독 해지하기")).toHaveCount(0);
  expect((await merchant.subscription(id)).status).toBe("canceled");
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
