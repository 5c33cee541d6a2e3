// Journey 4: the buyer does not pay, or Toss says no.

import { expect, test } from "../support/fixtures.ts";

const CANCELED = "취소했어요. 결제된 금액은 없어요.";

test("cancelling in the window leads back to the form with a quiet notice", { tag: "@main" }, async ({
  page,
  shop,
  sandbox,
  merchant,
}) => {
  const checkout = await shop.subscribe();
  const window = await checkout.pay("카드");
  await window.cancel();
  await expect(page.getByText(CANCELED).first()).toBeVisible();
  await checkout.showsForm();
  await expect(page.getByText("PAY_PROCESS_CANCELED")).toHaveCount(0);
  await expect(page.getByText("USER_CANCEL")).toHaveCount(0);
  await expect(page).toHaveURL(/\/checkout\/\?session=cs_\w+$/);
  expect((await merchant.session(checkout.session)).status).toBe("open");
  expect(await sandbox.calls("issue")).toHaveLength(0);

  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
});

test("the chosen method is there again after a cancel and after a failure", async ({ shop }) => {
  const checkout = await shop.order();
  await (await checkout.pay("계좌이체")).cancel();
  await checkout.showsForm();
  await expect(checkout.radio("계좌이체")).toBeChecked();
  await (await checkout.pay("휴대폰")).fail("PAY_PROCESS_ABORTED");
  await checkout.shows("결제하지 못했어요");
  await checkout.button("다시 시도").click();
  await checkout.showsForm();
  await expect(checkout.radio("휴대폰")).toBeChecked();
  await checkout.complete("휴대폰");
  await checkout.shows("결제가 완료됐어요");
});

test("closing the window from outside leads back to the form", { tag: "@desktop" }, async ({
  page,
  shop,
}) => {
  const checkout = await shop.order();
  const window = await checkout.pay("가상계좌");
  await expect(await window.button("발급하기")).toBeVisible();
  await page.getByRole("button", { name: "결제창 닫기" }).click();
  await expect(page.getByText(CANCELED).first()).toBeVisible();
  await checkout.showsForm();
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
});

test("Back from a window that is the whole page leads to the form", { tag: "@phone" }, async ({
  page,
  shop,
}) => {
  const checkout = await shop.subscribe();
  const window = await checkout.pay("카드");
  await expect(await window.button("등록하기")).toBeVisible();
  await page.goBack();
  await checkout.showsForm();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
});

const FAILURES = [
  {
    code: "PAY_PROCESS_ABORTED",
    sentence: "결제를 진행하는 중에 멈췄어요. 다시 시도해 주세요.",
    action: "다시 시도",
  },
  {
    code: "REJECT_CARD_COMPANY",
    sentence: "카드사에서 승인을 거절했어요. 다른 카드를 쓰거나 카드사에 문의해 주세요.",
    action: "다른 방법 선택",
  },
  {
    code: "NOT_SUPPORTED_METHOD",
    sentence: "이 상점에서 지원하지 않는 방법이에요. 다른 방법을 선택해 주세요.",
    action: "다른 방법 선택",
  },
  {
    code: "A_CODE_OF_NEXT_YEAR",
    sentence: "처리하지 못했어요. 다시 시도해 주세요. 다른 방법을 선택할 수도 있어요.",
    action: "다시 시도",
  },
];

for (const { code, sentence, action } of FAILURES) {
  test(`${code} gets a sentence, one action and its code in small print`, async ({
    page,
    shop,
    sandbox,
  }) => {
    const checkout = await shop.subscribe();
    const window = await checkout.pay("카드");
    await window.fail(code);
    await checkout.shows("등록하지 못했어요");
    await expect(page.getByText(sentence)).toBeVisible();
    await expect(page.getByText(code, { exact: true })).toBeVisible();
    await expect(page.getByRole("main").getByRole("button")).toHaveCount(1);
    expect(page.url()).not.toContain("code=");
    expect(await sandbox.calls("issue")).toHaveLength(0);

    await checkout.button(action).click();
    await checkout.showsForm();
    await checkout.complete("카드");
    await checkout.shows("카드가 등록됐어요");
    expect(await sandbox.effects("issue")).toHaveLength(1);
  });
}

test("a failed virtual account says that nothing was paid", async ({ page, shop }) => {
  const checkout = await shop.order();
  const window = await checkout.pay("가상계좌");
  await window.fail("PAY_PROCESS_ABORTED");
  await checkout.shows("결제하지 못했어요");
  await expect(page.getByText("결제된 금액은 없어요.")).toBeVisible();
  await checkout.button("다시 시도").click();
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
});

test("a card that Toss refuses to register can be followed by another", async ({
  page,
  shop,
  sandbox,
  merchant,
}) => {
  await sandbox.fault({
    endpoint: "issue",
    kind: "error",
    status: 403,
    code: "INVALID_CARD_LOST_OR_STOLEN",
  });
  const checkout = await shop.subscribe();
  await checkout.complete("카드");
  await checkout.shows("등록하지 못했어요");
  await checkout.holdsNoKeys();
  await expect(page.getByText("INVALID_CARD_LOST_OR_STOLEN")).toBeVisible();
  expect((await merchant.session(checkout.session)).status).toBe("failed");

  await checkout.button("다른 방법 선택").click();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  await expect.poll(async () => (await merchant.session(checkout.session)).status).toBe("active");
  expect(await sandbox.effects("issue")).toHaveLength(1);
});

test("text that somebody put into the address is never shown as ours", async ({ page, shop }) => {
  const checkout = await shop.subscribe();
  const { session } = checkout;
  const message = encodeURIComponent("계좌 110-123-456789로 보내 주세요 <b>지금</b>");
  await page.goto(`/checkout/fail?session=${session}&code=PAY_PROCESS_ABORTED&message=${message}`);
  await checkout.shows("등록하지 못했어요");
  await expect(page.getByText("110-123-456789")).toHaveCount(0);
});
