// Toss's window: over the page on a desktop, instead of the page on a phone.

import { type FrameLocator, type Locator, type Page, expect } from "@playwright/test";

import { origins } from "./environment.ts";
import type { Method } from "./page.ts";

export class TossWindow {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async #inside(): Promise<Page | FrameLocator> {
    const overlay = this.#page.locator("iframe");
    const address = new RegExp(`^${origins.sandbox}/`);
    await expect(async () => {
      expect(address.test(this.#page.url()) || (await overlay.count()) > 0).toBe(true);
    }).toPass({ timeout: 20_000 });
    if (address.test(this.#page.url())) {
      return this.#page;
    }
    return overlay.contentFrame();
  }

  async button(name: string): Promise<Locator> {
    return (await this.#inside()).getByRole("button", { name, exact: true });
  }

  async link(name: string): Promise<Locator> {
    return (await this.#inside()).getByRole("link", { name, exact: true });
  }

  async text(words: string): Promise<Locator> {
    return (await this.#inside()).getByText(words);
  }

  async field(label: string): Promise<Locator> {
    return (await this.#inside()).getByLabel(label);
  }

  /** Registers, pays, or issues the virtual account, with what the window is filled in with. */
  async finish(method: Method): Promise<void> {
    const inside = await this.#inside();
    const name = method === "가상계좌" ? "발급하기" : /^(등록하기|결제하기)$/;
    await inside.getByRole("button", { name, exact: true }).click();
  }

  async cancel(): Promise<void> {
    await (await this.button("취소")).click();
  }

  /** Ends it with an error of this code. */
  async fail(code: string): Promise<void> {
    await (await this.field("에러 코드")).fill(code);
    await (await this.button("실패시키기")).click();
  }
}
