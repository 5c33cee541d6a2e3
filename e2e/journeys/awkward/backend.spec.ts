// Journey 5: the merchant's backend is down. Nothing is lost.

import type { Page } from "@playwright/test";

import { expect, test } from "../../support/fixtures.ts";

/** Takes the deliveries of keys down until it is called again. */
async function takeDown(page: Page, how: "network" | "proxy"): Promise<() => Promise<void>> {
  const deliveries = /\/api\/checkout\/sessions\/\w+\/(billing|confirm)$/;
  await page.route(deliveries, (route) =>
    how === "network"
      ? route.abort("connectionrefused")
      : route.fulfill({ status: 503, contentType: "text/html", body: "<h1>503</h1>" }),
  );
  return () => page.unroute(deliveries);
}

for (const how of ["network", "proxy"] as const) {
  test(`down by ${how}: the keys wait in the tab and a retry delivers them`, async ({
    page,
    shop,
    sandbox,
    merchant,
  }) => {
    const bringBack = await takeDown(page, how);
    const checkout = await shop.subscribe();
    await checkout.complete("카드");
    await checkout.shows("상점에 아직 전달하지 못했어요");
    await checkout.keepsKeys();
    expect(await sandbox.calls("issue")).toHaveLength(0);

    // Still down: the page says so again rather than give up.
    await checkout.button("다시 시도").click();
    await checkout.shows("상점에 아직 전달하지 못했어요");
    await checkout.keepsKeys();

    await bringBack();
    await checkout.button("다시 시도").click();
    await checkout.shows("카드가 등록됐어요");
    await checkout.holdsNoKeys();
    expect(await sandbox.calls("issue")).toHaveLength(1);
    await expect.poll(async () => (await merchant.session(checkout.session)).status).toBe("active");
  });
}

test("down, then a refresh delivers the keys", async ({ page, shop, sandbox }) => {
  const bringBack = await takeDown(page, "network");
  const checkout = await shop.order();
  await checkout.complete("가상계좌");
  await checkout.shows("상점에 아직 전달하지 못했어요");
  await checkout.keepsKeys();
  await bringBack();
  await page.reload();
  await checkout.shows("입금해 주세요");
  await checkout.holdsNoKeys();
  expect(await sandbox.calls("confirm")).toHaveLength(1);
});

test("everything down on return, then back", async ({ page, shop, sandbox }) => {
  const checkout = await shop.order();
  await checkout.showsForm();
  await page.route("**/api/checkout/**", (route) => route.abort("connectionrefused"));
  await checkout.complete("가상계좌");
  await checkout.shows("상점에 연결하지 못했어요");
  await checkout.keepsKeys();
  await page.unroute("**/api/checkout/**");
  await checkout.button("다시 시도").click();
  await checkout.shows("입금해 주세요");
  await checkout.holdsNoKeys();
  expect(await sandbox.calls("confirm")).toHaveLength(1);
});

test("down before the form: a button tries again", async ({ page, shop }) => {
  await page.route("**/api/checkout/**", (route) => route.abort("connectionrefused"));
  const checkout = await shop.subscribe();
  await checkout.shows("상점에 연결하지 못했어요");
  await page.unroute("**/api/checkout/**");
  await checkout.button("다시 시도").click();
  await checkout.showsForm();
});

test("a short outage is not noticed", async ({ page, shop, sandbox }) => {
  let refused = 0;
  await page.route("**/billing", (route) => {
    refused += 1;
    return refused === 1 ? route.abort("connectionreset") : route.continue();
  });
  const checkout = await shop.subscribe();
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  expect(refused).toBe(2);
  expect(await sandbox.calls("issue")).toHaveLength(1);
});
