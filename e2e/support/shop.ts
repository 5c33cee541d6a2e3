// The demo shop, as a buyer uses it.

import { type Page, expect } from "@playwright/test";

import { origins } from "./environment.ts";
import { CheckoutPage } from "./page.ts";

export class Shop {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** 구독하기: ends on the checkout page, where the form is shown. */
  async subscribe(): Promise<CheckoutPage> {
    return this.buy("구독하기");
  }

  /** A subscription that is registered now and charged on its day. */
  async subscribeForLater(): Promise<CheckoutPage> {
    await this.#page.goto(`${origins.shop}/subscribe?charge=later`);
    return this.#arrive();
  }

  /** 주문하기. */
  async order(): Promise<CheckoutPage> {
    return this.buy("주문하기");
  }

  /** What one of its links sells, ending on the form. */
  async buy(link: string): Promise<CheckoutPage> {
    await this.#page.goto(origins.shop);
    await this.#page.getByRole("link", { name: link, exact: true }).click();
    return this.#arrive();
  }

  async #arrive(): Promise<CheckoutPage> {
    await expect(this.#page).toHaveURL(/\/checkout\/\?session=cs_\w+$/);
    return new CheckoutPage(this.#page);
  }
}
