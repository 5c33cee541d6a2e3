// The built page on a merchant's own site, as it is: in any folder, one address for everything, under
// a strict policy with Trusted Types.

import { type IncomingMessage, type ServerResponse, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

import { origins } from "../support/environment.ts";
import { ORDER, SUBSCRIPTION } from "../support/merchant.ts";
import { CheckoutPage, expect, listen, names, test as base } from "./fixtures.ts";

/** Answers as the backend would. */
function forward(asked: IncomingMessage, answer: ServerResponse): void {
  const { method, headers } = asked;
  const passed = request(`${origins.pay}${asked.url}`, { method: method ?? "GET", headers }, (got) => {
    answer.writeHead(got.statusCode ?? 502, got.headers);
    got.pipe(answer);
  });
  asked.pipe(passed);
}

/** A site that has the page's files in every folder, its options in index.html, and the backend behind it. */
async function host(options: Record<string, string>): Promise<{ origin: string; close: () => void }> {
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
    answer.setHeader("content-type", got.headers.get("content-type") ?? "");
    if (!isPage) {
      answer.end(Buffer.from(await got.arrayBuffer()));
      return;
    }
    const policy = got.headers.get("content-security-policy") ?? "";
    const trusted = "require-trusted-types-for 'script'; trusted-types toss-payments-sdk";
    answer.setHeader("content-security-policy", `${policy}; ${trusted}`);
    answer.end((await got.text()).replace("<title>", `${metas.join("")}<title>`));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

const test = base.extend<{ hosted: (options: Record<string, string>) => Promise<string> }>({
  hosted: async ({}, use) => {
    const closes: (() => void)[] = [];
    await use(async (options) => {
      const { origin, close } = await host(options);
      closes.push(close);
      return origin;
    });
    for (const close of closes) close();
  },
});

test("one address, with a marker in the place of routes", async ({ page, merchant, hosted }) => {
  const told = await listen(page);
  const site = await hosted({ returns: "parameter" });
  const { session } = await merchant.create(SUBSCRIPTION);
  await page.goto(`${site}/shop/pay/pay.html?color=red&session=${session.id}#top`);
  const checkout = new CheckoutPage(page);
  await checkout.complete("카드");
  await checkout.shows("카드가 등록됐어요");
  const url = new URL(page.url());
  expect(url.pathname).toBe("/shop/pay/pay.html");
  expect(Object.fromEntries(url.searchParams)).toEqual({ color: "red", session: session.id });
  await checkout.holdsNoKeys();
  expect(names(await told()).filter((name) => name === "success")).toHaveLength(1);
});

test("routes beside the page, in a folder of the merchant's", async ({ page, merchant, sandbox, hosted }) => {
  const site = await hosted({});
  const { session } = await merchant.create(ORDER);
  await page.goto(`${site}/a/b/?session=${session.id}`);
  const checkout = new CheckoutPage(page);
  await checkout.complete("가상계좌");
  await checkout.shows("입금해 주세요");
  expect(new URL(page.url()).pathname).toBe("/a/b/");
  await sandbox.bank("deposit", String(session.orderId));
  await checkout.shows("입금이 확인됐어요");
});

test("a buyer who cancels comes back to the same address", async ({ page, merchant, hosted }) => {
  const site = await hosted({ returns: "parameter" });
  const { session } = await merchant.create(SUBSCRIPTION);
  await page.goto(`${site}/shop/pay/pay.html?session=${session.id}`);
  const checkout = new CheckoutPage(page);
  const window = await checkout.pay("카드");
  await window.cancel();
  await expect(page.getByText("취소했어요", { exact: false }).first()).toBeVisible();
  await checkout.showsForm();
  expect(page.url()).toBe(`${site}/shop/pay/pay.html?session=${session.id}`);
});
