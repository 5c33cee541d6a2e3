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
      const shoot = (name: string) =>
        page.screenshot({ path: `gallery/${viewport.width}-${theme}/${name}.png`, fullPage: true });
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
