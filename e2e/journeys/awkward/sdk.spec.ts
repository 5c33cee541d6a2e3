// Journey 5: Toss's script is blocked or slow. The page never dies.

import { expect, test } from "../../support/fixtures.ts";
import { hold } from "../../support/hold.ts";

/** However a retry marks its address. */
const SCRIPT = /\/v2\/standard(\?.*)?$/;

test("a blocked script: two retries, then a button that tries again", async ({ page, shop }) => {
  let asked = 0;
  let blocked = true;
  await page.route(SCRIPT, (route) => {
    asked += 1;
    return blocked ? route.abort("blockedbyclient") : route.continue();
  });
  const checkout = await shop.subscribe();
  await expect(checkout.button("다시 시도")).toBeEnabled({ timeout: 20_000 });
  expect(asked).toBe(3);
  await expect(page.getByText("결제창을 불러오지 못했어요", { exact: false }).first()).toBeVisible();
  await expect(page.getByText("다른 브라우저에서 열어 주세요", { exact: false }).first()).toBeVisible();
  // What is being bought stays on the screen.
  await expect(checkout.heading("토스 프라임 구독")).toBeVisible();

  blocked = false;
  await checkout.button("다시 시도").click();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
});

test("a script that fails once is not noticed", async ({ page, shop }) => {
  let asked = 0;
  await page.route(SCRIPT, (route) => {
    asked += 1;
    return asked === 1 ? route.fulfill({ status: 503, body: "" }) : route.continue();
  });
  const checkout = await shop.subscribe();
  await checkout.showsForm();
  expect(asked).toBe(2);
});

test("a script that hangs is given up and asked for again", async ({ page, shop }) => {
  let asked = 0;
  const release = await hold(page, SCRIPT);
  await page.route(SCRIPT, async (route) => {
    asked += 1;
    // The first is never answered: the page's own time limit ends it.
    if (asked > 1) await route.fallback();
  });
  const checkout = await shop.subscribe();
  await expect(checkout.submit("카드")).toBeDisabled();
  await expect(page.getByText("결제창을 준비하고 있어요").first()).toBeVisible();
  await expect.poll(() => asked, { timeout: 20_000 }).toBe(2);
  release();
  await expect(checkout.submit("카드")).toBeEnabled();
});

test("a slow script only delays the button", async ({ page, shop }) => {
  const release = await hold(page, SCRIPT);
  const checkout = await shop.subscribe();
  await expect(checkout.heading("토스 프라임 구독")).toBeVisible();
  await expect(checkout.submit("카드")).toBeDisabled();
  release();
  await checkout.showsForm();
});

test("a script that is something else is not taken for Toss's", async ({ page, shop }) => {
  await page.route(SCRIPT, (route) =>
    route.fulfill({ status: 200, contentType: "text/javascript", body: "// a captive portal" }),
  );
  const checkout = await shop.subscribe();
  await expect(checkout.button("다시 시도")).toBeEnabled({ timeout: 20_000 });
});
