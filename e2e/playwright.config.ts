import { defineConfig, devices } from "@playwright/test";

import { chromium, flags, origins, workers } from "./support/environment.ts";

const android =
  "Mozilla/5.0 (Linux; Android 15; SM-S931N) AppleWebKit/537.36 (KHTML, like Gecko) " +
  "Chrome/142.0.0.0 Mobile Safari/537.36";

const desktop = { ...devices["Desktop Chrome"], viewport: { width: 1280, height: 900 } };
const phone = {
  ...devices["Desktop Chrome"],
  userAgent: android,
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 3,
  isMobile: true,
  hasTouch: true,
};

export default defineConfig({
  // The programs are real, and so are the faults that a journey orders: every worker has its own.
  workers,
  forbidOnly: true,
  retries: 0,
  // Patience only: what passes does not wait for it, and a machine that does other things besides is slow.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  outputDir: "test-results",
  reporter: [["list"], ["./support/reporter.ts"]],
  use: {
    baseURL: origins.pay,
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    trace: "retain-on-failure",
    launchOptions: { executablePath: chromium(), args: flags() },
  },
  // @desktop and @phone: makes sense there only. @once: the same everywhere, so once is enough. @main: what
  // `cargo xtask demo --check` drives.
  projects: [
    { name: "smoke", testMatch: "smoke.spec.ts", use: desktop },
    { name: "desktop", testDir: "journeys", grepInvert: /@phone/, use: desktop },
    { name: "phone", testDir: "journeys", grepInvert: /@desktop|@once/, use: phone },
    { name: "embed", testDir: "embed", use: desktop },
    { name: "embed-phone", testDir: "embed", testIgnore: "elements.spec.ts", use: phone },
    { name: "gallery", testMatch: "gallery.spec.ts", fullyParallel: true, use: desktop },
    { name: "pictures", testMatch: "pictures.spec.ts", use: desktop },
    { name: "shots", testMatch: "shots.spec.ts", use: desktop },
  ],
});
