// Where the running programs and the browser are. `cargo xtask` sets all of it; by hand the defaults
// are those of `cargo xtask demo`.

import { existsSync } from "node:fs";

export const origins = {
  shop: process.env["BASE_URL"] ?? "http://127.0.0.1:8080",
  sandbox: process.env["SANDBOX_URL"] ?? "http://127.0.0.1:8090",
};

/** Where a site of its own may show the checkout: the backend allows this origin. */
export const sitePort = Number(process.env["SITE_PORT"] ?? 5173);

/** Opens the merchant API. */
export function merchantKey(): string {
  const key = process.env["MERCHANT_API_KEY"];
  if (!key) {
    throw new Error("set MERCHANT_API_KEY to the key with which the merchant was started");
  }
  return key;
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
