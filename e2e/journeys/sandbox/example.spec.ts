// The shop that docs/sandbox.md shows to newcomers: it runs as printed, and is printed as it runs.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

import { origins, sitePort } from "../../support/environment.ts";
import { expect, test } from "../../support/fixtures.ts";
import { TossWindow } from "../../support/window.ts";

test("the documented Node shop takes a payment @once", async ({ page }) => {
  const shop = spawn(process.execPath, ["../examples/sandbox/shop.mjs"], {
    env: {
      ...process.env,
      TOSS_API: origins.sandbox,
      TOSS_SDK: `${origins.sandbox}/v2/standard`,
      PORT: String(sitePort),
    },
    stdio: "inherit",
  });
  try {
    await expect(async () => {
      await page.goto(`http://127.0.0.1:${sitePort}/`);
    }).toPass({ timeout: 20_000 });
    await page.getByRole("button", { name: "결제하기" }).click();
    await (await new TossWindow(page).button("결제하기")).click();
    await page.waitForURL("**/success?**");
    expect(JSON.parse(await page.locator("body").innerText())).toMatchObject({ status: "DONE", method: "카드" });
  } finally {
    shop.kill();
  }
});

test("what the page of documentation prints is what the examples say @once", () => {
  const lines = (text: string) => text.split("\n").map((line) => line.trim()).filter(Boolean);
  const docs = readFileSync("../docs/sandbox.md", "utf8");
  for (const [language, file] of [["js", "shop.mjs"], ["java", "Shop.java"]] as const) {
    const printed = docs.split(`\`\`\`${language}\n`)[1]?.split("```")[0] ?? "";
    const run = lines(readFileSync(`../examples/sandbox/${file}`, "utf8")).join("\n");
    expect(lines(printed).length).toBeGreaterThan(5);
    expect(run).toContain(lines(printed).join("\n"));
  }
});
