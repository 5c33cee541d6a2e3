// Journey: a year of one subscription, from the shop's button to its end. Time is the sandbox's, which moves to
// each moment only when all that is due before it has an outcome.

import { expect, test } from "../support/fixtures.ts";
import { SubscriptionPage } from "../support/subscriptions.ts";

const PRICE = 4900;
const NEW_PRICE = 5900;
const DAY = 86_400_000;

test("a year: renewals, refusals, another card, a rise in price, the end", { tag: "@main" }, async ({
  page,
  shop,
  sandbox,
  merchant,
}) => {
  test.slow();
  // Otherwise every subscription of the journeys before would live through this year, too.
  await merchant.endSubscriptions();
  const begins = await sandbox.now();
  const checkout = await shop.subscribe();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  const { customerKey, result } = await merchant.session(checkout.session);
  const id = result?.subscriptionId ?? "";
  const subscription = () => merchant.subscription(id);
  let mine = await SubscriptionPage.open(page);
  // The link's token is in no address that is sent, copied or kept.
  expect(page.url()).not.toContain("cl_");
  await mine.says("토스 프라임 구독");
  await mine.says("다음 결제일");

  /** The next charge is due; answers when it has an outcome. */
  const fallsDue = async (month: number, status: "active" | "past_due" = "active") => {
    await sandbox.clockTo((await subscription()).nextChargeAt ?? "");
    await merchant.subscriptionReaches(id, (it) => it.status === status && it.currentPeriod?.no === month && !it.owedAmount === (status === "active"));
  };
  const isRefused = async (month: number) => {
    await sandbox.fault({ endpoint: "charge", kind: "error", status: 403, code: "REJECT_CARD_PAYMENT", probability: 1 });
    await fallsDue(month, "past_due");
  };

  await fallsDue(2);
  await fallsDue(3);

  await test.step("a refused charge is tried again by itself", async () => {
    await isRefused(4);
    mine = await SubscriptionPage.open(page);
    await mine.says("4,900원이 결제되지 않았어요");
    await mine.says("REJECT_CARD_PAYMENT");
    await mine.says(/^그대로 두면 \d+년 \d+월 \d+일에 한 번 더 결제해요\.$/);
    await sandbox.clearFaults();
    await fallsDue(4);
    mine = await SubscriptionPage.open(page);
    await expect(mine.button("지금 결제하기")).toHaveCount(0);
  });
  await fallsDue(5);

  await test.step("a refused charge is paid by another card", async () => {
    await isRefused(6);
    mine = await SubscriptionPage.open(page);
    await mine.button("지금 결제하기").click();
    await mine.says("이번에도 승인되지 않았어요. 다른 결제수단으로 바꿔 보세요.");
    await expect(page.locator("[data-notice]")).toBeFocused();
    await sandbox.clearFaults();
    const before = (await subscription()).paymentMethod?.id;
    await mine.button("결제수단 변경").click();
    await expect(page).toHaveURL(/\/checkout\/\?session=cs_\w+$/);
    await checkout.complete("카드");
    await checkout.shows("카드가 등록됐어요");
    await merchant.subscriptionReaches(id, (it) => it.status === "active" && !it.owedAmount);
    expect((await subscription()).paymentMethod?.id).not.toBe(before);
    await page.getByRole("link", { name: "상점으로 돌아가기" }).click();
    await mine.shows();
    await expect(mine.button("지금 결제하기")).toHaveCount(0);
  });
  await fallsDue(7);

  await test.step("a higher price is charged once the customer has agreed", async () => {
    await merchant.changeSubscription(id, { amount: { value: NEW_PRICE, currency: "KRW" }, when: "next_period", proration: "none" });
    // A consent holds for 30 days.
    const charge = Date.parse((await subscription()).nextChargeAt ?? "");
    await sandbox.clockTo(new Date(charge - 7 * DAY).toISOString());
    await expect.poll(() => merchant.notices(id), { timeout: 60_000 }).toEqual(["consent_request", "price_increase"]);
    mine = await SubscriptionPage.open(page);
    await expect(mine.heading("동의가 필요해요")).toBeVisible();
    await mine.says(/금액이 매월 4,900원에서 매월 5,900원으로 바뀌어 카드 [\d*]+로 결제되는 것에 동의해요/);
    await mine.button("동의하기").click();
    await mine.says("동의했어요. 동의한 내용은 상점에 그대로 남아요.");
    await fallsDue(8);
    expect((await subscription()).lastPaidAmount?.value).toBe(NEW_PRICE);
  });
  for (const month of [9, 10, 11, 12]) await fallsDue(month);

  await test.step("it ends with the year", async () => {
    mine = await SubscriptionPage.open(page);
    await mine.cancel(/^\d+년 \d+월 \d+일에 해지$/);
    await mine.says("해지를 예약했어요. 언제든지 취소할 수 있어요.");
    await sandbox.clockTo((await subscription()).cancelAt ?? "");
    await merchant.subscriptionReaches(id, (it) => it.status === "canceled");
    expect(await subscription()).toMatchObject({ endReason: "requested" });
    expect((await subscription()).nextChargeAt).toBeUndefined();
    await sandbox.clockBy("62d");
  });

  // Toss's books and what the customer sees say the same: one charge a month.
  mine = await SubscriptionPage.open(page);
  await mine.says(/^\d+년 \d+월 \d+일에 끝난 구독이에요$/);
  const shown = await mine.payments();
  const prices = [...Array<number>(7).fill(PRICE), ...Array<number>(5).fill(NEW_PRICE)];
  const ledger = await sandbox.ledger(customerKey, begins);
  expect(ledger.map(({ status, amount }) => [status, amount])).toEqual(prices.map((price) => ["DONE", price]));
  expect(new Set(ledger.map(({ orderId }) => orderId)).size).toBe(12);
  const booked = ledger.map(({ transactionAt, amount }) => ({ day: transactionAt.slice(0, 10), amount, status: "결제 완료" }));
  expect(shown).toEqual(booked.reverse());
});
