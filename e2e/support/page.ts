// The checkout page, found by what a buyer sees and hears.

import { type Locator, type Page, expect } from "@playwright/test";

import { TossWindow } from "./window.ts";

export type Method = "카드" | "계좌이체" | "가상계좌";

/** What the button says for each method. */
export const SUBMIT: Record<Method, string> = {
  카드: "카드 등록하기",
  계좌이체: "계좌 등록하기",
  가상계좌: "가상계좌 발급받기",
};

export class CheckoutPage {
  readonly page: Page;
  /** Every kind of key that Toss hands over by the address bar. */
  static readonly #KEYS = /authKey|customerKey|paymentKey|orderId|amount/;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the page of a session. */
  static async open(page: Page, session: string): Promise<CheckoutPage> {
    await page.goto(`/checkout/?session=${session}`);
    return new CheckoutPage(page);
  }

  /** The session that the address bar names. */
  get session(): string {
    const session = new URL(this.page.url()).searchParams.get("session");
    if (!session) throw new Error(`no session in ${this.page.url()}`);
    return session;
  }

  submit(method: Method): Locator {
    return this.button(SUBMIT[method]);
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: true });
  }

  radio(method: Method): Locator {
    return this.page.getByRole("radio", { name: method, exact: true });
  }

  /** What the buyer agrees to before a card or an account is registered. */
  get consent(): Locator {
    return this.page.getByRole("checkbox");
  }

  heading(name: string): Locator {
    return this.page.getByRole("heading", { level: 1, name, exact: true });
  }

  /** Toss's window, after the button was pressed. */
  window(): TossWindow {
    return new TossWindow(this.page);
  }

  /** Chooses a method, agrees where that is asked for, and presses the button; answers Toss's window. */
  async pay(method: Method): Promise<TossWindow> {
    await this.radio(method).check();
    if (method !== "가상계좌") await this.consent.check();
    await this.submit(method).click();
    return this.window();
  }

  /** Everything up to the button in Toss's window that ends it well. */
  async complete(method: Method): Promise<void> {
    const window = await this.pay(method);
    await window.finish(method);
  }

  async shows(heading: string, timeout = 20_000): Promise<void> {
    await expect(this.heading(heading)).toBeVisible({ timeout });
  }

  /** The form, ready to be used. */
  async showsForm(method: Method = "카드"): Promise<void> {
    await expect(this.submit(method)).toBeEnabled();
  }

  /** Toss's keys are neither in the address bar nor in the tab's storage. */
  async holdsNoKeys(): Promise<void> {
    expect(this.page.url()).not.toMatch(CheckoutPage.#KEYS);
    expect(await this.stored()).toEqual([]);
  }

  /** Toss's keys wait in the tab's storage, and not in the address bar. */
  async keepsKeys(): Promise<void> {
    expect(this.page.url()).not.toMatch(CheckoutPage.#KEYS);
    expect(await this.stored()).toHaveLength(1);
  }

  /** What the page keeps in the tab's storage. */
  stored(): Promise<string[]> {
    return this.page.evaluate(() => Object.values({ ...sessionStorage }));
  }
}
