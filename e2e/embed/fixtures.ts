// A shop on an origin of its own: the examples' server, as a developer would start it.

import { type ChildProcess, spawn } from "node:child_process";

import type { Page } from "@playwright/test";

import { test as base, expect } from "../support/fixtures.ts";
import { merchantKey, origins, sitePort } from "../support/environment.ts";
import { CheckoutPage } from "../support/page.ts";

export const site = `http://127.0.0.1:${sitePort}`;

/** One event of the element. */
export interface Told {
  type: string;
  detail: Record<string, unknown>;
}

interface Worker {
  server: ChildProcess;
}

interface Fixtures {
  /** What the page's content security policy and Trusted Types complain about. */
  reports: string[];
}

export const test = base.extend<Fixtures, Worker>({
  server: [
    async ({}, use) => {
      const server = spawn("node", ["../examples/server.mjs"], {
        env: {
          ...process.env,
          PORT: String(sitePort),
          CHECKOUT_API: origins.pay,
          TOSS_SDK_URL: `${origins.sandbox}/v2/standard`,
          MERCHANT_API_KEY: merchantKey(),
        },
        stdio: ["ignore", "pipe", "inherit"],
      });
      await new Promise((ready, fail) => {
        server.stdout.once("data", ready);
        server.once("exit", () => fail(new Error("the examples' server ended")));
      });
      await use(server);
      server.kill();
    },
    { scope: "worker", auto: true },
  ],
  reports: [
    async ({ page }, use) => {
      const reports: string[] = [];
      await page.exposeFunction("reportViolation", (report: string) => reports.push(report));
      await page.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
          const { violatedDirective, blockedURI, sample } = event;
          (globalThis as any).reportViolation([violatedDirective, blockedURI, sample].join(" "));
        });
      });
      await use(reports);
      expect(reports, "reports of the content security policy").toEqual([]);
    },
    { auto: true },
  ],
});

/** Keeps every event of the element, over reloads and visits to Toss's window. */
export async function listen(page: Page): Promise<() => Promise<Told[]>> {
  const told: Told[] = [];
  await page.exposeFunction("keepEvent", (event?: Told) => {
    if (event) told.push(event);
  });
  await page.addInitScript(() => {
    const names = "ready change submit redirect pending success cancel fail error".split(" ");
    for (const name of names) {
      document.addEventListener(`toss-checkout:${name}`, (event) => {
        const { type, detail } = event as CustomEvent;
        (globalThis as any).keepEvent({ type, detail });
      });
    }
  });
  return async () => {
    // What the page has told arrives before this call, which it makes when it has nothing else to do.
    await page.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve));
      await (globalThis as any).keepEvent();
    });
    return told;
  };
}

/** The types of events without their prefix. */
export const names = (told: Told[]): string[] => told.map((event) => event.type.split(":")[1] ?? "");

export { CheckoutPage, expect };
