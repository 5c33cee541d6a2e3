// The checkout page, found by what a buyer sees and hears.

import { type Locator, type Page, expect } from "@playwright/test";

import { TossWindow } from "./window.ts";

/** Methods that the shop's order and its subscription offer. */
export type Method = "카드" | "계좌이체" | "가상계좌" | "휴대폰" | "문화상품권" | "도서문화상품권" | "게임문화상품권" | "해외간편결제";

/** What the button says: one payment, an account to be issued, a registration. */
export const PAY = "결제하기";
export const ISSUE = "가상계좌 발급받기";
export const REGISTER: Partial<Record<Method, string>> = { 카드: "카드 등록하기", 계좌이체: "계좌 등록하기" };

/** What the button may say while a method is chosen. */
function labels(method: Method): string[] {
  return method === "가상계좌" ? [ISSUE] : [PAY, ...(method in REGISTER ? [REGISTER[method]!] : [])];
}

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

  /** The button while a method is chosen, whether it registers or pays. */
  submit(method: Method): Locator {
    return this.page.getByRole("button", { name: new RegExp(`^(${labels(method).join("|")})$`) });
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
    if (await this.consent.isVisible()) await this.consent.check();
    await this.submit(method).click();
    return this.window();
  }

  /** Everything up to the button in Toss's window that ends it well. */
  async complete(method: Method): Promise<void> {
    const window = await this.pay(method);
    await window.finish(method);
  }

  async shows(heading: string, timeout = 30_000): Promise<void> {
    await expect(this.heading(heading)).toBeVisible({ timeout });
  }

  /** The form, ready to be used, whatever is chosen. */
  async showsForm(): Promise<void> {
    const chosen = [PAY, ISSUE, ...Object.values(REGISTER)].join("|");
    await expect(this.page.getByRole("button", { name: new RegExp(`^(${chosen})$`) })).toBeEnabled();
  }

  /** Toss's keys are neither in the address bar nor in the tab's storage. */
  async holdsNoKeys(): Promise<void> {
    expect(this.page.url()).not.toMatch(CheckoutPage.#KEYS);
    expect(await this.stored()).toEqual([]);
  }

  /** Toss's keys wait in the tab's storage, and not in the address bar. */
  async keepsKeys(): Promise<void> {
    expect(this.page.url()).not.toMatch(CheckoutPage.#KEYS);
    const names = await this.page.evaluate(() => Object.keys({ ...sessionStorage }));
    expect(names.filter((name) => name.startsWith("toss-checkout.return."))).toHaveLength(1);
  }

  /** What the page keeps in the tab's storage, but for the name of the session that a window was opened for and the
   * method that was chosen, which open nothing. */
  stored(): Promise<string[]> {
    return this.page.evaluate(() => {
      const all = Object.entries({ ...sessionStorage });
      const counts = (name: string) => name !== "toss-checkout.session" && !name.startsWith("toss-checkout.method.");
      return all.filter(([name]) => counts(name)).map(([, value]) => value);
    });
  }
}
