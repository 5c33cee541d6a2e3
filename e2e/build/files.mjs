// The files of a built page, whose names Trunk makes.
import { readdirSync } from "node:fs";

/** The names in a folder that begin and end so. */
export const found = (folder, begins, ends) =>
  readdirSync(folder).filter((name) => name.startsWith(begins) && name.endsWith(ends)).sort();

/** The JavaScript that wasm-bindgen wrote: `toss-checkout-1f2e3d4c5b6a7980.js`. */
export const glueOf = (folder, page) => {
  const names = found(folder, `toss-${page}-`, ".js");
  if (names.length !== 1) throw new Error(`no built page in ${folder}`);
  return names[0];
};

/** The compiled program beside it. */
export const wasmOf = (folder, page) => glueOf(folder, page).replace(/\.js$/, "_bg.wasm");
