// Packs the elements for other people's pages, with the programs of a built page, and prints the path of the .tgz.
// `node build/package.mjs FOLDER`
import { execSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import { bundle } from "./esbuild.mjs";
import { glueOf, wasmOf } from "./files.mjs";

const [dist] = process.argv.slice(2);
const root = fileURLToPath(new URL("../../", import.meta.url));
const embed = join(root, "src/embed");
const target = join(root, "target/xtask/package");
const folder = join(target, "toss-checkout");

rmSync(target, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const asTheyAre = ["package.json", "index.d.ts", "generated.d.ts", "define.d.ts", "subscription.d.ts", "README.md"];
const licences = ["LICENSE-MIT", "LICENSE-APACHE"];
for (const file of [...asTheyAre.map((name) => join(embed, name)), ...licences.map((name) => join(root, name))]) {
  copyFileSync(file, join(folder, basename(file)));
}
for (const [page, built] of [["checkout", dist], ["subscription", join(dist, "subscription")]]) {
  copyFileSync(join(built, glueOf(built, page)), join(folder, `toss-${page}.js`));
  copyFileSync(join(built, wasmOf(built, page)), join(folder, `toss-${page}_bg.wasm`));
}
// The elements take the built styles in as text.
const sheets = ["page.css", "subscription.css"];
await bundle({ entryPoints: sheets.map((sheet) => join(embed, sheet)), outdir: folder });
await bundle({
  entryPoints: ["index.mjs", "define.mjs", "subscription.mjs"].map((name) => join(embed, name)),
  outdir: folder,
  splitting: true,
  loader: { ".css": "text" },
  alias: Object.fromEntries(sheets.map((sheet) => [`toss-checkout/${sheet}`, join(folder, sheet)])),
  // The programs lie beside them.
  external: ["./toss-checkout.js", "./toss-subscription.js"],
});

const packed = execSync("npm pack --silent --pack-destination . ./toss-checkout", { cwd: target, encoding: "utf8" });
console.log(join(target, packed.trim()));
