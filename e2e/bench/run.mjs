// Measures the page beside the React reference (bench/react), as a buyer on a slow phone has them: the
// processor four times slower, 150 ms to the server and back, 1.6 Mbit/s, nothing in the cache. Runs
// alternate. `cargo xtask bench page` starts both and this.

import { chromium } from "@playwright/test";

const RUNS = Number(process.env.BENCH_RUNS ?? 11);
const NETWORK = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8 };
const PEERS = [
  { name: "page", origin: process.env.PAGE_URL, key: process.env.PAGE_API_KEY },
  { name: "react", origin: process.env.REACT_URL, key: process.env.REACT_API_KEY },
];
const SUBSCRIPTION = {
  kind: "billing",
  orderName: "토스 프라임 구독",
  plan: { amount: { value: 4900, currency: "KRW" }, interval: "month" },
  methods: ["CARD", "TRANSFER"],
  customer: { name: "김토스", email: "customer@example.com" },
};

const create = async ({ origin, key }) => {
  const answer = await fetch(`${origin}/api/sessions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(SUBSCRIPTION),
  });
  if (!answer.ok) throw new Error(`no session: ${await answer.text()}`);
  return answer.json();
};

// Runs in the page before anything else: notes when the button can be pressed, and when keys leave.
const watch = () => {
  const seen = (globalThis.benchSeen = {});
  const look = () => {
    const button = document.querySelector("form button[type=submit]");
    if (button && !button.disabled) seen.payable ??= performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const { fetch } = globalThis;
  globalThis.fetch = (request, options) => {
    const method = options?.method ?? request.method ?? "GET";
    if (method === "POST" && String(request.url ?? request).endsWith("/billing")) seen.posted ??= performance.now();
    return fetch(request, options);
  };
};

const measure = async (browser, address, wanted) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "ko-KR" });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", NETWORK);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await page.addInitScript(watch);
  await page.goto(address, { waitUntil: "commit" });
  await page.waitForFunction((name) => globalThis.benchSeen?.[name] !== undefined, wanted, { timeout: 60_000 });
  const result = await page.evaluate(() => ({
    ...globalThis.benchSeen,
    painted: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
    bytes: performance
      .getEntriesByType("resource")
      .concat(performance.getEntriesByType("navigation"))
      .reduce((sum, entry) => sum + entry.transferSize, 0),
  }));
  await context.close();
  return result;
};

const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: [...(process.env.CHROMIUM_FLAGS ?? "").split(" ").filter(Boolean), ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
});
const results = { page: [], react: [] };
for (let run = 0; run < RUNS; run++) {
  for (const peer of run % 2 ? PEERS.toReversed() : PEERS) {
    const form = await measure(browser, (await create(peer)).url, "payable");
    const { session } = await create(peer);
    const keys = new URLSearchParams({ session: session.id, customerKey: session.customerKey, authKey: `bench-${run}` });
    const landing = await measure(browser, `${peer.origin}/checkout/success?${keys}`, "posted");
    results[peer.name].push({ painted: form.painted, payable: form.payable, posted: landing.posted, bytes: form.bytes });
  }
  console.log(`run ${run + 1} of ${RUNS}`);
}
await browser.close();

const ROWS = [
  ["painted", "first contentful paint", 0.3],
  ["payable", "payable", 0.6],
  ["posted", "landing on success → POST leaves", 0.7],
];
const of = (peer, what) => median(results[peer].map((one) => one[what]));
const spread = (peer, what) => {
  const all = results[peer].map((one) => Math.round(one[what]));
  return `${Math.min(...all)}–${Math.max(...all)}`;
};
console.log(`\nmedians of ${RUNS} cold runs, ms (least–most)`);
console.log(`| what | page | React reference | ratio | must |\n|---|---:|---:|---:|---:|`);
for (const [what, name, must] of ROWS) {
  const ratio = of("page", what) / of("react", what);
  const cell = (peer) => `${Math.round(of(peer, what))} (${spread(peer, what)})`;
  console.log(`| ${name} | ${cell("page")} | ${cell("react")} | ${ratio.toFixed(2)} | ≤ ${must} |`);
}
console.log(`| bytes until payable | ${of("page", "bytes")} | ${of("react", "bytes")} | ${(of("page", "bytes") / of("react", "bytes")).toFixed(2)} | |`);
