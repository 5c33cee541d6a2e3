// What every journey starts with.

import { test as base, expect } from "@playwright/test";

import { Merchant } from "./merchant.ts";
import { Sandbox } from "./sandbox.ts";
import { Shop } from "./shop.ts";

interface Fixtures {
  sandbox: Sandbox;
  merchant: Merchant;
  shop: Shop;
  /** Whether Toss's window replaces the page. */
  isPhone: boolean;
  /** Fails a test whose page threw, or ran into its content security policy. */
  clean: void;
}

export const test = base.extend<Fixtures>({
  sandbox: [
    async ({ request, merchant }, use) => {
      const sandbox = new Sandbox(request, merchant);
      await sandbox.begin();
      await use(sandbox);
      await sandbox.clearFaults();
    },
    { auto: true },
  ],
  merchant: async ({ request }, use) => {
    await use(new Merchant(request));
  },
  shop: async ({ page }, use) => {
    await use(new Shop(page));
  },
  isPhone: async ({ isMobile }, use) => {
    await use(isMobile);
  },
  clean: [
    async ({ context }, use) => {
      const wrong: string[] = [];
      context.on("weberror", (error) => wrong.push(String(error.error())));
      context.on("console", (message) => {
        if (/Content.Security.Policy/i.test(message.text())) wrong.push(message.text());
      });
      await use();
      expect(wrong).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
