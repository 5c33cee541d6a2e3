// What makes a screen one that everybody can read, reach and press.

import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";

import { expect } from "@playwright/test";
import type { Page } from "@playwright/test";
import type { AxeResults } from "axe-core";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

interface Axe {
  axe?: { run: (at: Document, how: object) => Promise<AxeResults> };
}

/** Everything that axe finds, in shadow roots as well; without any exception. */
export async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(await readFile(AXE, "utf8"));
  const found = await page.evaluate(
    (values) =>
      (globalThis as unknown as Axe).axe!.run(document, {
        runOnly: { type: "tag", values },
        resultTypes: ["violations"],
      }),
    RULES,
  );
  expect(found.passes.length).toBeGreaterThan(10);
  return found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`);
}

/** What is wrong with where things lie. Runs in the browser. */
export function misplaced(): string[] {
  const wrong: string[] = [];
  const host = document.getElementById("checkout")!;
  const say = (element: Element, what: string) => wrong.push(`${what}: ${element.outerHTML.slice(0, 120)}`);
  const count = (selector: string) => document.querySelectorAll(selector).length;
  if (count("h1") !== 1) wrong.push(`${count("h1")} first headings`);
  const live = count("[role=status], [role=alert], [role=log], [aria-live]");
  if (live !== 1) wrong.push(`${live} live regions`);
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) wrong.push("scrolls sideways");

  const texts = document.createTreeWalker(host, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement!;
    // A hint of a method that is not chosen is for screen readers only, and lies nowhere.
    if (!parent.checkVisibility() || parent.closest(".visually-hidden, [hidden]")) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    const own = range.getBoundingClientRect();
    // A box that shows less than it holds, or words beyond their own box.
    for (let box: Element | null = parent; box && box !== document.body; box = box.parentElement) {
      const around = box.getBoundingClientRect();
      const style = getComputedStyle(box);
      if (style.display === "inline" || style.display === "contents") continue;
      if (own.left < around.left - 1 || own.right > around.right + 1) say(parent, "words beyond their box");
      if (style.overflow !== "visible" && (own.bottom > around.bottom + 1 || own.top < around.top - 1))
        say(parent, "words cut off");
    }
    if (own.left < 0 || own.right > width) say(parent, "words beyond the screen");
  }

  for (const control of host.querySelectorAll<HTMLElement>("a, button, input, select, summary, [tabindex='0']")) {
    if (!control.checkVisibility()) continue;
    const label = control instanceof HTMLInputElement ? control.labels?.[0] : undefined;
    const box = label?.parentElement ?? control;
    const { width, height } = box.getBoundingClientRect();
    if (width < 44 || height < 44) say(control, `${width} × ${height} px to hit`);
    // Its edges, but for their rounding, and its middle do belong to it.
    for (const [x, y] of [[0.5, 0.5], [0.02, 0.5], [0.98, 0.5], [0.5, 0.05], [0.5, 0.95]] as const) {
      // One that is higher than the screen is not to be seen at once. Scrolls past the bar at the bottom.
      scrollBy(0, box.getBoundingClientRect().top + y * height - innerHeight / 3);
      const { left, top } = box.getBoundingClientRect();
      const at = document.elementFromPoint(left + x * width, top + y * height);
      const hit = at !== null && (control.contains(at) || label?.contains(at));
      if (!hit) say(control, `a press at ${x}, ${y} meets ${at?.tagName}`);
    }
  }
  scrollTo(0, 0);
  return wrong;
}
