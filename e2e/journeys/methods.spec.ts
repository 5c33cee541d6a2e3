// Journey 6: one payment by every method, after it was cancelled and had failed; what the form looks like with all
// of them.

import { CheckoutPage, type Method } from "../support/page.ts";
import { ORDER } from "../support/merchant.ts";
import { expect, test } from "../support/fixtures.ts";

const PAID_AT_ONCE: [Method, string][] = [
  ["카드", "CARD"],
  ["계좌이체", "TRANSFER"],
  ["휴대폰", "MOBILE_PHONE"],
  ["문화상품권", "CULTURE_GIFT_CERTIFICATE"],
  ["도서문화상품권", "BOOK_GIFT_CERTIFICATE"],
  ["게임문화상품권", "GAME_GIFT_CERTIFICATE"],
];

for (const [method, name] of PAID_AT_ONCE) {
  const tag = method === "카드" ? "@main" : [];
  test(`${method}: cancelled, failed, paid`, { tag }, async ({ page, shop, sandbox, merchant, isPhone }) => {
    const checkout = await shop.order();
    await (await checkout.pay(method)).cancel();
    await expect(page.getByText("취소했어요. 결제된 금액은 없어요.").first()).toBeVisible();
    await checkout.showsForm();
    if (!isPhone) await expect(checkout.submit(method)).toBeFocused();

    await (await checkout.pay(method)).fail("PAY_PROCESS_ABORTED");
    await checkout.shows("결제하지 못했어요");
    await expect(page.getByText("결제를 진행하는 중에 멈췄어요. 다시 시도해 주세요.")).toBeVisible();
    await expect(page.getByText("결제된 금액은 없어요.")).toBeVisible();
    await checkout.button("다시 시도").click();

    await checkout.complete(method);
    await checkout.shows("결제가 완료됐어요");
    await checkout.holdsNoKeys();
    await expect(page.getByText("15,000원")).toBeVisible();
    await expect(page.getByRole("definition").filter({ hasText: method }).first()).toBeVisible();
    const { status, result } = await merchant.session(checkout.session);
    expect([status, result?.method]).toEqual(["paid", name]);
    const receipt = page.getByRole("link", { name: "영수증 보기", exact: true });
    await expect(receipt).toHaveAttribute("href", result?.receiptUrl ?? "?");
    expect(await sandbox.effects("confirm")).toHaveLength(1);

    await page.reload();
    await checkout.shows("결제가 완료됐어요");
  });

  test(`${method}: what Toss does not approve is said, and can be paid after all`, { tag: "@once" }, async ({
    page,
    shop,
    sandbox,
    merchant,
  }) => {
    await sandbox.fault({ endpoint: "confirm", kind: "error", status: 403, code: "REJECT_ACCOUNT_PAYMENT", count: 1 });
    const checkout = await shop.order();
    await checkout.complete(method);
    await checkout.shows("결제하지 못했어요");
    await expect(page.getByText("REJECT_ACCOUNT_PAYMENT", { exact: true })).toBeVisible();
    expect((await merchant.session(checkout.session)).status).toBe("failed");
    await checkout.button("다른 방법 선택").click();
    await checkout.complete(method);
    await checkout.shows("결제가 완료됐어요");
    expect(await sandbox.effects("confirm")).toHaveLength(1);
  });
}

/** How Toss's window can end without keys, and what the buyer is told and offered. */
const ENDINGS: [code: string, sentence: string, action: string][] = [
  ["REJECT_CARD_COMPANY", "카드사에서 승인을 거절했어요. 다른 카드를 쓰거나 카드사에 문의해 주세요.", "다른 방법 선택"],
  ["NOT_SUPPORTED_METHOD", "이 상점에서 지원하지 않는 방법이에요. 다른 방법을 선택해 주세요.", "다른 방법 선택"],
  ["A_CODE_OF_NEXT_YEAR", "처리하지 못했어요. 다시 시도해 주세요. 다른 방법을 선택할 수도 있어요.", "다시 시도"],
];

for (const [code, sentence, action] of ENDINGS) {
  test(`${code} ends a window of every method in a sentence and one action`, async ({ page, shop, sandbox }) => {
    const checkout = await shop.order();
    for (const [method] of PAID_AT_ONCE) {
      await (await checkout.pay(method)).fail(code);
      await checkout.shows("결제하지 못했어요");
      await expect(page.getByText(sentence)).toBeVisible();
      await checkout.button(action).click();
      await checkout.showsForm();
    }
    expect(await sandbox.calls("confirm")).toHaveLength(0);
  });
}

test("all methods are there, the gift certificates together, and the button stays in sight", async ({
  page,
  shop,
  isPhone,
}) => {
  const checkout = await shop.order();
  await checkout.showsForm();
  // And the virtual account.
  await expect(page.getByRole("radio")).toHaveCount(PAID_AT_ONCE.length + 1);
  await expect(checkout.radio("카드")).toBeChecked();
  await expect(page.getByRole("group", { name: "상품권", exact: true }).getByRole("radio")).toHaveCount(3);
  await expect(checkout.submit("카드")).toBeInViewport();

  // What is to be known before choosing is read by a screen reader beside each, and shown for the chosen one.
  const phone = checkout.radio("휴대폰");
  await expect(phone).toHaveAccessibleDescription(/휴대폰 요금/);
  await expect(page.getByText("휴대폰 요금", { exact: false })).toBeHidden();
  await phone.check();
  await expect(page.getByText("휴대폰 요금", { exact: false })).toBeVisible();
  await expect(checkout.button("결제하기")).toBeInViewport();
  await page.reload();
  await expect(phone).toBeChecked();

  // Arrow keys go through all of them as one group.
  if (!isPhone) {
    await checkout.radio("카드").check();
    for (const next of ["계좌이체", "가상계좌", "휴대폰", "문화상품권"] as const) {
      await page.keyboard.press("ArrowDown");
      await expect(checkout.radio(next)).toBeChecked();
    }
  }
});

test("the own window of an easy pay service pays at once", async ({ page, shop, sandbox, merchant }) => {
  const checkout = await shop.buy("토스페이로 바로 주문하기");
  await expect(checkout.radio("카드")).toHaveAccessibleDescription("토스페이 창이 바로 열려요");
  const window = await checkout.pay("카드");
  await expect(await window.text("토스페이 결제")).toBeVisible();
  await window.finish("카드");
  await checkout.shows("결제가 완료됐어요");
  await expect(page.getByText("간편결제 (토스페이)")).toBeVisible();
  const { status, result } = await merchant.session(checkout.session);
  expect([status, result?.method, result?.easyPay]).toEqual(["paid", "CARD", "토스페이"]);
  expect(await sandbox.effects("confirm")).toHaveLength(1);
});

test("a card is registered in the own window of an easy pay service", async ({ shop, merchant }) => {
  const checkout = await shop.buy("네이버페이로 등록하기");
  await expect(checkout.radio("카드")).toHaveAccessibleDescription("네이버페이 창이 바로 열려요");
  await (await checkout.pay("카드")).cancel();
  await checkout.showsForm();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  await expect.poll(async () => (await merchant.session(checkout.session)).status).toBe("active");
});

test("a card is paid off in months", async ({ page, merchant }) => {
  const amount = { value: 60_000, currency: "KRW" };
  const card = { maxCardInstallmentPlan: 6 };
  const { session } = await merchant.create({ ...ORDER, amount, methods: ["CARD"], virtualAccount: undefined, card });
  const checkout = await CheckoutPage.open(page, session.id);
  const window = await checkout.pay("카드");
  await (await window.field("할부")).selectOption("3");
  await window.finish("카드");
  await checkout.shows("결제가 완료됐어요");
  await expect(page.getByText("3개월")).toBeVisible();
});
