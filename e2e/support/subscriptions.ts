// The page of a customer's subscriptions, found by what a customer sees and hears.

import { type Locator, type Page, expect } from "@playwright/test";

import { origins } from "./environment.ts";

export class SubscriptionPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** 내 구독 in the shop: a new link each time. */
  static async open(page: Page): Promise<SubscriptionPage> {
    await page.goto(origins.shop);
    await page.getByRole("link", { name: "내 구독", exact: true }).click();
    const opened = new SubscriptionPage(page);
    await opened.shows();
    return opened;
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  heading(name: string): Locator {
    return this.page.getByRole("heading", { name, exact: true });
  }

  /** The subscription is there. */
  async shows(): Promise<void> {
    await expect(this.page.getByRole("heading", { level: 1, name: "내 구독", exact: true })).toBeVisible();
  }

  async says(words: string | RegExp): Promise<void> {
    await expect(this.page.getByText(words).first()).toBeVisible({ timeout: 20_000 });
  }

  /** The page where it is canceled, left by its one button. */
  async cancel(when: RegExp): Promise<void> {
    await this.button("구독 해지하기").click();
    await expect(this.heading("구독을 해지할까요?")).toBeFocused();
    await this.page.getByRole("radio", { name: when }).check();
    await this.button("구독 해지하기").click();
  }
}
