// A merchant's page with nothing on it but Toss's script: what other people's pages are to the sandbox.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { type Page, expect } from "@playwright/test";

import { origins } from "./environment.ts";

export const CLIENT_KEY = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq";
export const WIDGET_KEY = "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm";
export const CUSTOMER_KEY = "3b0ad9a4-8f7e-4f0e-9d6a-2f8f0c1f1d11";

/** What a call in the page came to. */
export type Outcome =
  | { is: "done"; value: unknown }
  | { is: "thrown" | "rejected"; name: string; code?: string; message: string };

const SCRIPT = `${origins.sandbox}/v2/standard`;
const LOADER = "node_modules/@tosspayments/tosspayments-sdk/dist/index.esm.js";

/** Nothing inline, nothing but the sandbox; `trusted` forbids text where the browser would run it. */
function policy(trusted: boolean): string {
  const strict =
    `default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'self' ${origins.sandbox}; ` +
    `style-src 'none'; img-src data:; connect-src ${origins.sandbox}; frame-src ${origins.sandbox}`;
  return trusted ? `${strict}; require-trusted-types-for 'script'; trusted-types 'none'` : strict;
}

const html = (head: string) =>
  `<!doctype html><html lang="ko"><meta charset="utf-8"><title>상점</title><link rel="icon" href="data:,">` +
  `${head}<h1>상점</h1><button>결제하기</button></html>`;

const SCRIPTS: Record<string, string> = {
  "/loader.js": readFileSync(LOADER, "utf8"),
  "/page.js": 'import * as loader from "/loader.js"; Object.assign(window, { loader });',
};

const server = createServer((request, response) => {
  const path = request.url ?? "/";
  const script = SCRIPTS[path];
  if (script) {
    response.setHeader("content-type", "text/javascript; charset=utf-8").end(script);
    return;
  }
  const byTag = path !== "/loader";
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.setHeader("content-security-policy", policy(byTag));
  if (path === "/isolated") response.setHeader("cross-origin-embedder-policy", "require-corp");
  response.end(html(`<script ${byTag ? `src="${SCRIPT}"` : 'type="module" src="/page.js"'}></script>`));
});
await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
server.unref();
const SHOP = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

export class BlankShop {
  readonly page: Page;
  static readonly success = `${SHOP}/success?mine=1`;
  static readonly fail = `${SHOP}/fail`;
  static readonly script = SCRIPT;

  private constructor(page: Page) {
    this.page = page;
  }

  /** A page that loads the script by a tag, with Trusted Types on. */
  static async withTag(page: Page): Promise<BlankShop> {
    await page.goto(`${SHOP}/`);
    return new BlankShop(page);
  }

  /** The same, isolated from other origins by `Cross-Origin-Embedder-Policy: require-corp`. */
  static async isolated(page: Page): Promise<BlankShop> {
    await page.goto(`${SHOP}/isolated`);
    return new BlankShop(page);
  }

  /** A page that has the official npm package, and has not loaded anything with it. */
  static async withLoader(page: Page): Promise<BlankShop> {
    await page.goto(`${SHOP}/loader`);
    await expect.poll(() => page.evaluate(() => "loader" in window)).toBe(true);
    return new BlankShop(page);
  }

  /** `TossPayments(clientKey).payment({ customerKey })` */
  create(clientKey: unknown, customerKey: unknown): Promise<Outcome> {
    return this.page.evaluate(
      ([client, customer]) => {
        const { TossPayments } = window as any;
        try {
          (window as any).payment = TossPayments(client).payment({ customerKey: customer });
          return { is: "done" as const, value: null };
        } catch (error: any) {
          return { is: "thrown" as const, name: error.name, code: error.code, message: error.message };
        }
      },
      [clientKey, customerKey],
    );
  }

  /** Calls a method of the payment and waits for what it comes to. */
  call(method: string, request?: unknown): Promise<Outcome> {
    return this.page.evaluate(
      async ([name, argument]) => {
        const { payment } = window as any;
        try {
          const promise = payment[name as string](argument);
          return await promise.then(
            (value: unknown) => ({ is: "done" as const, value: value ?? null }),
            (error: any) => ({ is: "rejected" as const, name: error.name, code: error.code, message: error.message }),
          );
        } catch (error: any) {
          return { is: "thrown" as const, name: error.name, code: error.code, message: error.message };
        }
      },
      [method, request],
    );
  }

  /** Where the page went, once it has. */
  async went(path: string): Promise<URLSearchParams> {
    await this.page.waitForURL((url) => url.origin === SHOP && url.pathname === path);
    return new URL(this.page.url()).searchParams;
  }
}

/** A request with addresses, as the page would send it. */
export const registration = (method: "CARD" | "TRANSFER") => ({
  method,
  successUrl: BlankShop.success,
  failUrl: BlankShop.fail,
  customerName: "김토스",
});

let orders = 0;

/** An order that nobody has paid yet. */
export const purchase = (method: string) => ({
  method,
  amount: { value: 15_000, currency: "KRW" },
  orderId: `blank-${Date.now()}-${(orders += 1)}`,
  orderName: "티셔츠 1장",
});
