// Where the running programs and the browser are. `cargo xtask` names the programs in `PROGRAMS`, a set of
// their own for each worker; by hand they are those of `cargo xtask demo`.

import { existsSync, readFileSync } from "node:fs";

/** A sandbox, a backend and a shop that know each other. */
interface Programs {
  /** The demo shop. */
  shop: string;
  /** The backend: it hosts the page. */
  pay: string;
  sandbox: string;
  /** The port of a site that shows the checkout itself: the backend allows its origin. */
  sitePort: number;
  /** Opens the merchant API. */
  key: string;
}

const DEMO: Programs = {
  shop: "http://127.0.0.1:8080",
  pay: "http://127.0.0.1:8070",
  sandbox: "http://127.0.0.1:8090",
  sitePort: 5173,
  key: "",
};

const programs: Programs[] = JSON.parse(process.env["PROGRAMS"] ?? JSON.stringify([DEMO]));

/** How many tests may run side by side: programs are shared by one worker's tests, one after the other; the
 * gallery needs none. */
export const workers = process.env["GALLERY_URL"] ? 2 : programs.length;

// Playwright starts each worker in a process of its own, and tells it which of them it is.
const mine = programs[Number(process.env["TEST_PARALLEL_INDEX"] ?? 0)] ?? DEMO;

export const origins = { shop: mine.shop, pay: mine.pay, sandbox: mine.sandbox };
export const sitePort = mine.sitePort;

/** Opens the merchant API. */
export function merchantKey(): string {
  // The demo's key is the first line of this file.
  const [demo] = mine.key ? [mine.key] : readFileSync("../target/xtask/demo/keys", "utf8").split("\n");
  if (!demo) throw new Error("there is no key of the merchant API: start `cargo xtask demo`");
  return demo;
}

const BROWSERS = [
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
  "/usr/bin/chromium-browser",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** The system's browser: none is downloaded. */
export function chromium(): string {
  const found = process.env["CHROMIUM"] ?? BROWSERS.find((path) => existsSync(path));
  if (!found) throw new Error("no Chromium found: set CHROMIUM to its program");
  return found;
}

export function flags(): string[] {
  const set = process.env["CHROMIUM_FLAGS"]?.split(" ").filter(Boolean) ?? [];
  // As root Chromium's own sandbox does not start.
  return process.getuid?.() === 0 ? [...set, "--no-sandbox"] : set;
}
