// The gallery: every screen of the page in both languages, one after the other in one open page.

import type { Page } from "@playwright/test";

declare global {
  /** What `assets/gallery/gallery.mjs` hands over. */
  var gallery: {
    screens: string[];
    display(screen: string, how: Partial<How>): Promise<void>;
    crash(): void;
  };
}

export const LOCALES = ["ko", "en"] as const;
export const THEMES = ["light", "dark"] as const;
export type Locale = (typeof LOCALES)[number];
export type Theme = (typeof THEMES)[number];

interface How {
  locale: Locale;
  theme: Theme | "auto";
  dir: "ltr" | "rtl";
}

export class Gallery {
  private constructor(
    private readonly page: Page,
    /** The names of all screens. */
    readonly screens: readonly string[],
  ) {}

  /** Opens it at a fixed time, so that countdowns say the same in every picture. */
  static async open(page: Page): Promise<Gallery> {
    const address = process.env["GALLERY_URL"];
    if (!address) throw new Error("set GALLERY_URL to the address that `cargo xtask gallery` prints");
    await page.clock.setFixedTime(new Date("2026-11-21T14:03:00+09:00"));
    await page.goto(address);
    await page.waitForFunction(() => globalThis.gallery);
    return new Gallery(page, await page.evaluate(() => gallery.screens));
  }

  /** Shows a screen and waits until it has taken the focus that it takes. */
  async show(screen: string, how: Partial<How>): Promise<void> {
    await this.page.evaluate(
      async ([name, how]) => {
        await gallery.display(name, how);
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      },
      [screen, how] as const,
    );
  }
}
