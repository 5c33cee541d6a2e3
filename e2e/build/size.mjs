// Weighs what a buyer downloads: the checkout, and the page of a customer's subscriptions. Fails when one is above its
// limit. `node build/size.mjs FOLDER`
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { brotli, gzip } from "./compress.mjs";
import { found } from "./files.mjs";

/** Bytes after brotli; docs/performance.md has the reasons. */
const LIMITS = { checkout: 130_000, subscription: 115_000 };
// What every visit loads, by how the names begin and end; other scripts are fetched where they are needed.
const LOADED = [["index", ".html"], ["icon", ".svg"], ["", ".css"], ["boot", ".js"], ["toss-", ".js"], ["toss-", "_bg.wasm"]];

const line = (name, ...numbers) => console.log(name.padEnd(40), ...numbers.map((number) => String(number).padStart(10)));

/** Whether a page is within its limit. */
const isLight = (name, folder) => {
  const all = [0, 0, 0];
  line(`${name} (bytes)`, "raw", "gzip 9", "brotli 11");
  for (const [begins, ends] of LOADED) {
    const names = found(folder, begins, ends);
    if (names.length === 0) throw new Error(`no ${begins}…${ends} in ${folder}: it is no built page`);
    for (const file of names) {
      const bytes = readFileSync(join(folder, file));
      const sizes = [bytes, gzip(bytes), brotli(bytes)].map(({ length }) => length);
      line(file, ...sizes);
      sizes.forEach((size, at) => (all[at] += size));
    }
  }
  line("all", ...all);
  const fits = all[2] <= LIMITS[name];
  console.log(`${name}: ${all[2]} bytes after brotli, ${fits ? "within" : "ABOVE"} the limit of ${LIMITS[name]}`);
  return fits;
};

const [dist] = process.argv.slice(2);
const fit = [isLight("checkout", dist), isLight("subscription", join(dist, "subscription"))];
process.exitCode = fit.every(Boolean) ? 0 : 1;
