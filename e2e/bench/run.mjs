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

// Runs in the page before anything else: notes when the button can be pressed.
const watch = () => {
  const look = () => {
    const button = document.querySelector("form button[type=submit]");
    if (button && !button.disabled) globalThis.benchPayable ??= performance.now();
  };
  new MutationObserver(look).observe(document, { attributes: true, childList: true, subtree: true });
};

// Visits an address with nothing in the cache; `see` answers what is to be known. One visit for each
// question: whatever measures in the page takes time from it.
const visit = async (browser, address, see) => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: "ko-KR" });
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.enable");
  await devtools.send("Network.emulateNetworkConditions", NETWORK);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const seen = await see(page, devtools, () => page.goto(address, { waitUntil: "commit" }));
  await context.close();
  return seen;
};

const painted = async (page, devtools, go) => {
  await devtools.send("Page.enable");
  await devtools.send("Page.setLifecycleEventsEnabled", { enabled: true });
  const paint = new Promise((resume) => {
    devtools.on("Page.lifecycleEvent", ({ name }) => name === "firstContentfulPaint" && resume());
  });
  await go();
  await paint;
  const time = () => performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
  // The page's own record of it comes a moment later.
  return (await page.waitForFunction(time)).jsonValue();
};

const payable = async (page, devtools, go) => {
  await page.addInitScript(watch);
  await go();
  await page.waitForFunction(() => globalThis.benchPayable !== undefined);
  return page.evaluate(() => ({
    payable: globalThis.benchPayable,
    bytes: performance
      .getEntriesByType("resource")
      .concat(performance.getEntriesByType("navigation"))
      .reduce((sum, entry) => sum + entry.transferSize, 0),
  }));
};

const posted = async (page, devtools, go) => {
  let begun;
  const sent = new Promise((resume) => {
    devtools.on("Network.requestWillBeSent", ({ type, request, timestamp }) => {
      if (type === "Document") begun ??= timestamp;
      if (request.method === "POST" && request.url.endsWith("/billing")) resume(timestamp);
    });
  });
  await go();
  return ((await sent) - begun) * 1_000;
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
    const open = async () => (await create(peer)).url;
    const { session } = await create(peer);
    const keys = new URLSearchParams({ session: session.id, customerKey: session.customerKey, authKey: `bench-${run}` });
    results[peer.name].push({
      painted: await visit(browser, await open(), painted),
      ...(await visit(browser, await open(), payable)),
      posted: await visit(browser, `${peer.origin}/checkout/success?${keys}`, posted),
    });
  }
  console.log(`run ${run + 1} of ${RUNS}`);
}
await browser.close();

const ROWS = [
  ["painted", "first contentful paint", 0.45],
  ["payable", "payable", 0.95],
  ["posted", "landing on success → POST leaves", 0.9],
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
