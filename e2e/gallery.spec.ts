// Every screen of the page, in both languages: everyone can read it, reach it and press it.

import { expect, test } from "@playwright/test";
import type { Page } from "@playwright/test";

import { misplaced, violations } from "./support/access.ts";
import { Gallery, LOCALES, THEMES } from "./support/gallery.ts";
import type { Locale } from "./support/gallery.ts";

const PHONE = { width: 320, height: 640 };
const DESKTOP = { width: 1280, height: 900 };
/** A desktop's window of 1280 by 1024, at 400 %. */
const ZOOMED = { width: 320, height: 256 };

test.describe.configure({ timeout: 300_000 });
test.use({ locale: "ko-KR" });

/** Looks at every screen in both languages; fails with everything that was wrong, and with too few looks. */
async function walk(
  page: Page,
  look: (screen: string, locale: Locale) => Promise<string[]>,
): Promise<void> {
  const thrown: string[] = [];
  page.on("pageerror", (error) => thrown.push(String(error)));
  page.on("console", (message) => {
    if (/content.security.policy/i.test(message.text())) thrown.push(message.text());
  });
  const gallery = await Gallery.open(page);
  const wrong: string[] = [];
  for (const locale of LOCALES) {
    const seen = new Set<string>();
    for (const screen of gallery.screens) {
      await gallery.show(screen, { locale });
      for (const what of await look(screen, locale)) wrong.push(`${screen} ${locale}: ${what}`);
      seen.add(await page.locator("#checkout").evaluate((host) => host.innerHTML));
    }
    // Charges that are under way and those without an answer say the same.
    expect(seen.size, "screens that differ").toBeGreaterThanOrEqual(gallery.screens.length - 3);
  }
  expect(gallery.screens.length).toBeGreaterThan(40);
  expect([...wrong, ...thrown]).toEqual([]);
}

for (const viewport of [PHONE, DESKTOP]) {
  for (const theme of THEMES) {
    test.describe(`${viewport.width} px, ${theme}`, () => {
      test.use({ viewport, colorScheme: theme, contextOptions: { reducedMotion: "reduce" } });

      test("axe finds nothing, and something where there is something", async ({ page }) => {
        await walk(page, () => violations(page));
        await page.evaluate(() => {
          document.documentElement.style.setProperty("--toss-checkout-text", "#777");
          document.querySelector("[role=main]")?.append(document.createElement("h1"), document.createElement("button"));
        });
        const found = (await violations(page)).map((what) => what.split(":")[0]);
        expect(found.sort()).toEqual(["button-name", "color-contrast", "empty-heading"]);
      });
    });
  }
}

for (const [name, viewport] of Object.entries({ PHONE, DESKTOP, ZOOMED })) {
  test.describe(`${viewport.width} × ${viewport.height} px`, () => {
    test.use({ viewport });

    test(`nothing is cut off, too small or doubled (${name.toLowerCase()})`, async ({ page }) => {
      await walk(page, () => page.evaluate(misplaced));
    });

    test(`the keyboard reaches everything, and it shows (${name.toLowerCase()})`, async ({ page }) => {
      await walk(page, async () => {
        const wanted = await page.evaluate(() => {
          // From the top, wherever the screen has put the focus.
          const top = document.createElement("span");
          top.tabIndex = -1;
          document.body.prepend(top);
          top.focus();
          top.remove();
          const all = [...document.querySelectorAll<HTMLElement>("a, button, input")];
          const open = all.filter((one) => one.checkVisibility() && !one.matches(":disabled"));
          // Radio buttons of one name are one stop; their arrows move on.
          return open.filter((one) => !(one instanceof HTMLInputElement) || one.type !== "radio" || one.checked).length;
        });
        const wrong: string[] = [];
        for (let stop = 0; stop < wanted; stop += 1) {
          await page.keyboard.press("Tab");
          const problem = await page.evaluate(() => {
            const control = document.activeElement;
            if (!(control instanceof HTMLElement) || control === document.body) return "the focus is nowhere";
            const label = control instanceof HTMLInputElement ? control.labels?.[0] : undefined;
            const rings = [getComputedStyle(control), ...(label ? [getComputedStyle(label, "::after")] : [])];
            const ring = rings.find((style) => style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2);
            const { left, top, width, height } = control.getBoundingClientRect();
            const at = document.elementFromPoint(left + width / 2, top + height / 2);
            if (!ring) return `no ring round ${control.outerHTML}`;
            if (!at || !(control.contains(at) || label?.contains(at))) return `${at?.outerHTML} covers ${control.outerHTML}`;
            return "";
          });
          if (problem) wrong.push(problem);
        }
        return wrong;
      });
    });
  });
}

const SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
const ANDROID = "Mozilla/5.0 (Linux; Android 15; SM-S931N; wv) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0";
/** One app that can be left by a link, and one that only its menu leaves. */
const APPS = {
  KakaoTalk: `${ANDROID} Mobile Safari/537.36 KAKAOTALK/11.4.0 (INAPP)`,
  Instagram: `Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) ${SAFARI} Instagram 355.0.0`,
};

for (const [app, userAgent] of Object.entries(APPS)) {
  test.describe(`inside ${app}`, () => {
    test.use({ userAgent, viewport: PHONE, isMobile: true, hasTouch: true });

    test("the way out can be read and pressed", async ({ page }) => {
      const gallery = await Gallery.open(page);
      for (const locale of LOCALES) {
        for (const theme of THEMES) {
          await gallery.show("form-billing", { locale, theme });
          await expect(page.locator("#checkout")).toContainText(locale === "ko" ? "이 앱 안에서는" : "Inside this app");
          expect([...(await page.evaluate(misplaced)), ...(await violations(page))]).toEqual([]);
        }
      }
    });
  });
}

test.describe("forced colours", () => {
  test.use({ contextOptions: { forcedColors: "active" } });

  test("borders tell what colours no longer do", async ({ page }) => {
    await walk(page, () =>
      page.evaluate(() => {
        const wrong: string[] = [];
        const thick = (style: CSSStyleDeclaration) =>
          style.borderTopStyle === "solid" ? Number.parseFloat(style.borderTopWidth) : 0;
        for (const box of document.querySelectorAll(".button, .notice:not([hidden]), .mark"))
          if (thick(getComputedStyle(box)) < 2) wrong.push(`no border: ${box.outerHTML}`);
        for (const input of document.querySelectorAll<HTMLInputElement>("input")) {
          const frame = thick(getComputedStyle(input.labels![0]!, "::after"));
          if (input.checked !== frame >= 2) wrong.push(`${frame} px round ${input.outerHTML}`);
        }
        return wrong;
      }),
    );
  });
});

test.describe("reduced motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("nothing moves", async ({ page }) => {
    await walk(page, () =>
      page.evaluate(() =>
        document
          .getAnimations()
          .filter((animation) => animation.playState === "running")
          .map((animation) => `${(animation as CSSAnimation).animationName} runs`),
      ),
    );
  });
});

test("a program that fails leaves a sentence and a way to load the page again", async ({ page }) => {
  const gallery = await Gallery.open(page);
  for (const locale of LOCALES) {
    await gallery.show("delivering-payment", { locale });
    const told = await page.evaluate(() => {
      const told: unknown[] = [];
      addEventListener("toss-checkout:error", (event) => told.push((event as CustomEvent).detail));
      try {
        globalThis.gallery.crash();
      } catch {
        // The program is at its end.
      }
      return told;
    });
    expect(told).toEqual([{ code: "CHECKOUT_CRASHED" }]);
    await expect(page.getByRole("heading")).toContainText(locale === "ko" ? "화면에 문제가 생겼어요" : "Something went wrong");
    await expect(page.getByRole("alert")).toContainText(locale === "ko" ? "새로고침" : "Reload");
    expect([...(await page.evaluate(misplaced)), ...(await violations(page))]).toEqual([]);
    await page.getByRole("link", { name: locale === "ko" ? "새로고침" : "Reload" }).click();
    await page.waitForFunction(() => globalThis.gallery);
  }
});

test("with motion, what is under way moves", async ({ page }) => {
  const gallery = await Gallery.open(page);
  for (const screen of ["loading", "delivering-payment"]) {
    await gallery.show(screen, {});
    expect(await page.evaluate(() => document.getAnimations().length), screen).toBeGreaterThan(0);
  }
});

test("a theme that is chosen wins over the system's", async ({ page }) => {
  const gallery = await Gallery.open(page);
  const shown = () =>
    page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.body);
      return `${color} on ${backgroundColor}, ${getComputedStyle(document.documentElement).colorScheme}`;
    });
  const light = "rgb(25, 31, 40) on rgb(255, 255, 255)";
  const dark = "rgb(242, 244, 246) on rgb(23, 23, 28)";
  for (const system of THEMES) {
    await page.emulateMedia({ colorScheme: system });
    await gallery.show("form-billing", { theme: "light" });
    expect(await shown()).toBe(`${light}, light`);
    await gallery.show("form-billing", { theme: "dark" });
    expect(await shown()).toBe(`${dark}, dark`);
    await gallery.show("form-billing", { theme: "auto" });
    expect(await shown()).toBe(`${system === "light" ? light : dark}, light dark`);
  }
});

test("in a shadow root the same theme holds, and what the merchant sets on the element wins", async ({ page }) => {
  await Gallery.open(page);
  const seen = await page.evaluate(async () => {
    const css = await (await fetch("tokens.css")).text();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`${css} p { color: var(--toss-checkout-brand); background: var(--toss-checkout-background) }`);
    const outside = new CSSStyleSheet();
    outside.replaceSync(".shop { --toss-checkout-brand: rgb(1, 2, 3) }");
    document.adoptedStyleSheets = [outside];
    const element = document.createElement("div");
    const inside = document.createElement("p");
    const root = element.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(inside);
    document.body.append(element);
    const seen: string[] = [];
    const look = () => {
      const { color, backgroundColor } = getComputedStyle(inside);
      seen.push(`${color} on ${backgroundColor}`);
    };
    look();
    element.setAttribute("theme", "dark");
    look();
    element.className = "shop";
    look();
    return seen;
  });
  expect(seen).toEqual([
    "rgb(27, 100, 218) on rgb(255, 255, 255)",
    "rgb(31, 111, 232) on rgb(23, 23, 28)",
    "rgb(1, 2, 3) on rgb(23, 23, 28)",
  ]);
});

test("colours on which words cannot be read are found, with their names", async ({ page }) => {
  const gallery = await Gallery.open(page);
  const faint = () =>
    page.evaluate(async () => {
      const { faint } = (await import(new URL("develop.js", location.href).href)) as {
        faint: (host: Element) => string[];
      };
      return faint(document.getElementById("checkout")!);
    });
  const style = (name: string, value: string) =>
    page.evaluate(([name, value]) => document.documentElement.style.setProperty(name, value), [name, value] as const);
  for (const theme of THEMES) {
    await gallery.show("form-billing", { theme });
    expect(await faint(), theme).toEqual([]);
  }
  await page.emulateMedia({ forcedColors: "active" });
  expect(await faint(), "forced colours").toEqual([]);
  await page.emulateMedia({ forcedColors: "none" });
  await style("--toss-checkout-brand", "gold");
  expect(await faint()).toEqual(["contrast 1.40 < 4.5: --toss-checkout-on-brand,--toss-checkout-brand"]);
  await style("--toss-checkout-on-brand", "oklch(0.2 0 0)");
  expect(await faint()).toEqual([]);
});

test("the list names every screen in every combination", async ({ page }) => {
  const gallery = await Gallery.open(page);
  const links = page.getByRole("main").getByRole("link");
  await expect(links).toHaveCount(gallery.screens.length * LOCALES.length * THEMES.length);
  await page.goto(`${page.url()}?screen=form-payment&locale=en&theme=dark`);
  await expect(page.getByRole("button", { name: "Get a virtual account" })).toBeVisible();
});

test("right to left, everything stays on the screen", async ({ page }) => {
  await page.setViewportSize(PHONE);
  const gallery = await Gallery.open(page);
  const wrong: string[] = [];
  for (const screen of gallery.screens) {
    await gallery.show(screen, { locale: "en", dir: "rtl" });
    for (const what of await page.evaluate(misplaced)) wrong.push(`${screen}: ${what}`);
  }
  expect(wrong).toEqual([]);
});
