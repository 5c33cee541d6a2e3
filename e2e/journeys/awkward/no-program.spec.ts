// Journey 5: the browser cannot run the program, or it does not arrive. What Toss has brought reaches the backend all
// the same, and the buyer is told how it ended or what helps.

import type { Page } from "@playwright/test";

import { violations } from "../../support/access.ts";
import { expect, test } from "../../support/fixtures.ts";
import { SUBSCRIPTION } from "../../support/merchant.ts";
import { CheckoutPage } from "../../support/page.ts";

/** What keeps the program from starting. */
const REASONS: Record<string, (page: Page) => Promise<unknown>> = {
  "without WebAssembly": (page) => page.addInitScript(() => Reflect.deleteProperty(globalThis, "WebAssembly")),
  "with a compiled part that does not arrive": (page) =>
    page.route(
      (url) => url.pathname.endsWith(".wasm"),
      (route) => route.abort(),
    ),
  "with a compiled part that is something else": (page) =>
    page.route(
      (url) => url.pathname.endsWith(".wasm"),
      (route) => route.fulfill({ body: "<!doctype html>", contentType: "text/html" }),
    ),
};

/** What the developer is told in the console and by the event. */
async function developer(page: Page): Promise<{ said: string[]; codes: string[] }> {
  const told = { said: [] as string[], codes: [] as string[] };
  page.on("console", (message) => {
    if (message.type() === "error") told.said.push(message.text());
  });
  await page.exposeFunction("keepCode", (code: string) => told.codes.push(code));
  await page.addInitScript(() => {
    document.addEventListener("toss-checkout:error", ({ detail }: CustomEventInit) => {
      (globalThis as any).keepCode(detail.code);
    });
  });
  return told;
}

for (const [reason, arrange] of Object.entries(REASONS)) {
  test(`a card is registered ${reason} on the way back`, async ({ page, shop, sandbox, merchant }) => {
    const checkout = await shop.subscribe();
    const window = await checkout.pay("카드");
    await arrange(page);
    await window.finish("카드");
    await checkout.shows("등록이 끝났어요");
    await checkout.holdsNoKeys();
    expect(await violations(page)).toEqual([]);
    await expect(page.getByRole("link", { name: "상점으로 돌아가기" })).toBeVisible();
    expect(await sandbox.calls("issue")).toHaveLength(1);
    await expect.poll(async () => (await merchant.session(checkout.session)).status).toBe("active");
    expect(await merchant.givenConsent(checkout.session)).toBeDefined();
  });
}

test("an account is issued without WebAssembly on the way back", async ({ page, shop, sandbox, merchant }) => {
  const checkout = await shop.order();
  const window = await checkout.pay("가상계좌");
  await REASONS["without WebAssembly"]?.(page);
  await window.finish("가상계좌");
  await checkout.shows("입금해 주세요");
  const { result, orderId } = await merchant.session(checkout.session);
  const account = result?.virtualAccount?.accountNumber ?? "none";
  await expect(page.getByText(account)).toContainText("15,000원");
  expect(await violations(page)).toEqual([]);
  await checkout.holdsNoKeys();
  expect(await sandbox.calls("confirm")).toHaveLength(1);
  // Whoever opens it again sees how it stands.
  await sandbox.bank("deposit", String(orderId));
  await merchant.reaches(checkout.session, "paid");
  await page.reload();
  await checkout.shows("결제가 완료됐어요");
});

test("a refusal and a cancel are told without WebAssembly", async ({ page, shop, sandbox, merchant }) => {
  await sandbox.fault({ endpoint: "confirm", kind: "error", status: 400, code: "REJECT_CARD_COMPANY" });
  const checkout = await shop.order();
  const { session } = checkout;
  const window = await checkout.pay("가상계좌");
  await REASONS["without WebAssembly"]?.(page);
  await window.finish("가상계좌");
  await checkout.shows("처리하지 못했어요");
  await expect(page.getByText("REJECT_CARD_COMPANY")).toBeVisible();
  await checkout.holdsNoKeys();
  await page.goto(`/checkout/fail?session=${session}&code=PAY_PROCESS_CANCELED&message=x`);
  await checkout.shows("취소했어요");
  await checkout.holdsNoKeys();
  expect((await merchant.session(session)).status).toBe("failed");
});

test("an outcome that nobody knows yet is followed without WebAssembly", async ({ page, shop, sandbox }) => {
  const checkout = await shop.subscribe();
  const window = await checkout.pay("카드");
  await REASONS["without WebAssembly"]?.(page);
  await page.route("**/billing", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ status: 202, json: { ...((await answer.json()) as object), status: "issuing" } });
  });
  await window.finish("카드");
  await checkout.shows("결과를 확인하고 있어요");
  await checkout.shows("등록이 끝났어요");
  await checkout.holdsNoKeys();
  expect(await sandbox.calls("issue")).toHaveLength(1);
});

test("keys wait for the shop without WebAssembly", async ({ page, shop, sandbox }) => {
  const checkout = await shop.order();
  const window = await checkout.pay("가상계좌");
  await REASONS["without WebAssembly"]?.(page);
  await page.route("**/confirm", (route) => route.abort("connectionrefused"));
  await window.finish("가상계좌");
  await checkout.shows("상점에 아직 전달하지 못했어요");
  await checkout.keepsKeys();
  await page.unroute("**/confirm");
  await checkout.button("다시 시도").click();
  await checkout.shows("입금해 주세요");
  await checkout.holdsNoKeys();
  expect(await sandbox.calls("confirm")).toHaveLength(1);
});

test("without WebAssembly the buyer is told what is missing and what helps", async ({ page, merchant }) => {
  const told = await developer(page);
  await REASONS["without WebAssembly"]?.(page);
  const { url, session } = await merchant.create(SUBSCRIPTION);
  await page.goto(url);
  const checkout = new CheckoutPage(page);
  await checkout.shows("이 브라우저에서는 결제 화면을 열 수 없어요");
  for (const words of ["WebAssembly", "Chrome이나 Safari", "차단 모드"]) {
    await expect(page.getByText(words, { exact: false }).first()).toBeVisible();
  }
  await expect(checkout.button("주소 복사")).toBeVisible();
  await expect(page.getByRole("link", { name: "상점으로 돌아가기" })).toBeVisible();
  await expect(page.locator("#checkout")).not.toContainText("네트워크");
  expect(await violations(page)).toEqual([]);
  expect(told.codes).toEqual(["CHECKOUT_NO_WEBASSEMBLY"]);
  expect(told.said.join()).toContain("no WebAssembly");
  expect((await merchant.session(session.id)).status).toBe("open");
});

test("in English without WebAssembly", { tag: "@once" }, async ({ page, merchant }) => {
  await REASONS["without WebAssembly"]?.(page);
  const { url } = await merchant.create({ ...SUBSCRIPTION, locale: "en" });
  await page.goto(url);
  await new CheckoutPage(page).shows("This browser cannot show the payment form");
});

test("a browser that the compiled part is too new for", { tag: "@once" }, async ({ page, merchant }) => {
  const told = await developer(page);
  await REASONS["with a compiled part that is something else"]?.(page);
  const { url } = await merchant.create(SUBSCRIPTION);
  await page.goto(url);
  await new CheckoutPage(page).shows("이 브라우저에서는 결제 화면을 열 수 없어요");
  await expect(page.getByText("업데이트하거나", { exact: false })).toBeVisible();
  expect(told.codes).toEqual(["CHECKOUT_WEBASSEMBLY_REFUSED"]);
});

test("an address that only the program can read keeps its keys out of the bar", { tag: "@once" }, async ({ page, merchant }) => {
  await REASONS["without WebAssembly"]?.(page);
  const { session } = await merchant.create(SUBSCRIPTION);
  await page.goto(`/checkout/success?session=${session.id}&customerKey=abc&authKey=bln_a&authKey=bln_b`);
  const checkout = new CheckoutPage(page);
  await checkout.shows("결과를 여기서 확인할 수 없어요");
  await checkout.keepsKeys();
});
