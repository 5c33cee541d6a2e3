// Sites that host the built page themselves, each in its own way.

import { type IncomingMessage, type ServerResponse, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

import { origins } from "../support/environment.ts";
import { test as base } from "./fixtures.ts";

/** How a site hosts the page. */
export interface Hosting {
  /** The page's options, in index.html. */
  options?: Record<string, string>;
  /** The types of files by their endings; those of the backend where there are none. */
  types?: Record<string, string>;
  /** Changes the content security policy; with Trusted Types where it does not. */
  policy?: (strict: string) => string;
}

/** Answers as the backend would. */
function forward(asked: IncomingMessage, answer: ServerResponse): void {
  const { method, headers } = asked;
  const passed = request(`${origins.pay}${asked.url}`, { method: method ?? "GET", headers }, (got) => {
    answer.writeHead(got.statusCode ?? 502, got.headers);
    got.pipe(answer);
  });
  asked.pipe(passed);
}

const trusted = (strict: string) =>
  `${strict}; require-trusted-types-for 'script'; trusted-types toss-payments-sdk`;

/** A site that has the page's files in every folder, its options in index.html, and the backend behind it. */
async function host({ options = {}, types, policy = trusted }: Hosting): Promise<{ origin: string; close: () => void }> {
  const metas = Object.entries(options).map(
    ([name, value]) => `<meta name="toss-checkout:${name}" content="${value}">`,
  );
  const server = createServer(async (asked, answer) => {
    const { pathname } = new URL(asked.url ?? "/", origins.pay);
    const name = pathname.split("/").at(-1) ?? "";
    if (pathname.startsWith("/api/")) {
      forward(asked, answer);
      return;
    }
    const isPage = !name.includes(".") || name === "pay.html";
    const got = await fetch(`${origins.pay}/checkout/${isPage ? "" : name}`);
    const ending = isPage ? "html" : (name.split(".").at(-1) ?? "");
    const type = types ? (types[ending] ?? "application/octet-stream") : got.headers.get("content-type");
    answer.setHeader("content-type", type ?? "");
    answer.setHeader("x-content-type-options", "nosniff");
    if (!isPage) {
      answer.writeHead(got.status).end(Buffer.from(await got.arrayBuffer()));
      return;
    }
    answer.setHeader("content-security-policy", policy(got.headers.get("content-security-policy") ?? ""));
    answer.end((await got.text()).replace("<title>", `${metas.join("")}<title>`));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

export const test = base.extend<{ hosted: (hosting?: Hosting) => Promise<string> }>({
  hosted: async ({}, use) => {
    const closes: (() => void)[] = [];
    await use(async (hosting = {}) => {
      const { origin, close } = await host(hosting);
      closes.push(close);
      return origin;
    });
    for (const close of closes) close();
  },
});

export { CheckoutPage, expect, listen, names } from "./fixtures.ts";
