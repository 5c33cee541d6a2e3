// What a test has wait, instead of hoping that it is slow enough.

import type { Page } from "@playwright/test";

/** Requests of this address wait until the answer is called. */
export async function hold(page: Page, address: RegExp): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(address, async (route) => {
    await released;
    await route.fallback();
  });
  return release;
}
