// A picture of every screen, to be looked at: `cargo xtask gallery --pictures`. Not a test of anything.

import { test } from "@playwright/test";

import { Gallery, LOCALES, THEMES } from "./support/gallery.ts";

const WIDTHS = [
  { width: 320, height: 640 },
  { width: 390, height: 844 },
  { width: 1280, height: 900 },
];

for (const viewport of WIDTHS) {
  for (const theme of THEMES) {
    test(`${viewport.width} ${theme}`, async ({ browser }) => {
      test.setTimeout(300_000);
      const page = await browser.newPage({
        viewport,
        colorScheme: theme,
        reducedMotion: "reduce",
        ...(viewport.width < 600 ? { isMobile: true, hasTouch: true } : {}),
      });
      const gallery = await Gallery.open(page);
      // As high as what is on it, so that the bar at the bottom covers nothing.
      const shoot = async (name: string) => {
        await page.setViewportSize(viewport);
        const height = await page.evaluate(() => document.documentElement.scrollHeight);
        if (height > viewport.height) await page.setViewportSize({ width: viewport.width, height });
        await page.screenshot({ path: `gallery/${viewport.width}-${theme}/${name}.png` });
      };
      for (const screen of gallery.screens) {
        for (const locale of LOCALES) {
          await gallery.show(screen, { locale });
          await shoot(`${screen}-${locale}`);
        }
      }
      // Nobody reads Korean from the right: this shows that the layout does not mind where text begins.
      await gallery.show("deposit-waiting", { locale: "en", dir: "rtl" });
      await shoot("deposit-waiting-rtl");
      await gallery.show("form-billing", { locale: "en", dir: "rtl" });
      await shoot("form-billing-rtl");
      await page.close();
    });
  }
}
