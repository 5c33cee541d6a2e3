// The page of a customer's subscriptions, found by what a customer sees and hears.

import { type Locator, type Page, expect } from "@playwright/test";

import { origins } from "./environment.ts";

/** A line of 결제 내역. */
export interface Payment {
  /** The Korean day: `2027-01-31`. */
  day: string;
  amount: number;
  status: string;
}

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

  /** 결제 내역 to its beginning, newest first. */
  async payments(): Promise<Payment[]> {
    const lines = this.page.getByRole("region", { name: "결제 내역" }).getByRole("listitem");
    const more = this.button("더 보기");
    // They are asked for when the subscription is shown.
    await expect(lines.first()).toBeVisible();
    while (await more.isVisible()) {
      const shown = await lines.count();
      await more.click();
      await expect.poll(() => lines.count()).toBeGreaterThan(shown);
    }
    return (await lines.allInnerTexts()).map((line) => {
      const [, year, month, day, amount, status] = /(\d+)년 (\d+)월 (\d+)일\s*([\d,]+)원\s*(\S.*\S)\s*영수증/s.exec(line) ?? [];
      expect(status, line).toBeDefined();
      const two = (number = "") => number.padStart(2, "0");
      return { day: `${year}-${two(month)}-${two(day)}`, amount: Number(amount?.replaceAll(",", "")), status: status ?? "" };
    });
  }

  /** The page where it is canceled, left by its one button. */
  async cancel(when: RegExp): Promise<void> {
    await this.button("구독 해지하기").click();
    await expect(this.heading("구독을 해지할까요?")).toBeFocused();
    await this.page.getByRole("radio", { name: when }).check();
    await this.button("구독 해지하기").click();
  }
}
