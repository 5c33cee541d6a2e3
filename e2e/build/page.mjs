// Makes a page that Trunk built smaller, as buyers get it: replaces its scripts by smaller ones of the same names, and
// its style sheets by one. `node build/page.mjs checkout|subscription FOLDER`
import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { compress } from "./compress.mjs";
import { bundle } from "./esbuild.mjs";
import { found, glueOf } from "./files.mjs";

const [name, dist] = process.argv.slice(2);

// What is used of the compiled program's JavaScript; esbuild drops the rest of it. The checkout's `boot.js` has the
// bindings' loader bring Toss's script in before the program runs, so both share that module.
const PAGES = {
  checkout: {
    exports: (glue) => {
      const [, loader] = / from '(\S+\/src\/loader\.js)'/.exec(readFileSync(join(dist, glue), "utf8")) ?? [];
      if (!loader) throw new Error(`${glue} imports no loader.js`);
      return `export { default, start } from './${glue}'; export { load } from '${loader}';`;
    },
    scripts: ["boot.js", "fallback.js", "direct.js", "develop.js"],
    // What they import becomes part of them.
    parts: ["document.js", "prepare.js", "redirect.js", "fallback-words.js", "direct-order.js"],
  },
  subscription: {
    exports: (glue) => `export { default, startSubscription } from './${glue}';`,
    scripts: ["boot.js"],
    parts: ["document.js", "link.js"],
  },
};
// The scripts also run in browsers that are too old for the program, to say so: all that have modules.
const OLD_BROWSERS = { target: "es2018", supported: { "dynamic-import": true, "import-meta": true } };

const { exports, scripts, parts } = PAGES[name];
const replace = (file, options = { entryPoints: [join(dist, file)] }) =>
  bundle({ outfile: join(dist, file), allowOverwrite: true, ...options });

// One request and better packed than several. Its link stands where the last one stood, and the digest in its name is
// that of what it holds, as with all files that may be kept for ever.
const joinSheets = async () => {
  const index = join(dist, "index.html");
  const html = readFileSync(index, "utf8");
  const links = [...html.matchAll(/ *<link rel="stylesheet" href="\.\/([^"]+\.css)"[^>]*>\n/g)];
  const contents = links.map(([, sheet]) => `@import "./${sheet}";`).join("\n");
  await replace("style.css", { stdin: { contents, resolveDir: dist, loader: "css" } });
  const digest = createHash("sha256").update(readFileSync(join(dist, "style.css"))).digest("hex").slice(0, 16);
  const style = `style-${digest}.css`;
  renameSync(join(dist, "style.css"), join(dist, style));
  for (const [, sheet] of links) rmSync(join(dist, sheet));
  const one = `<link rel="stylesheet" href="./${style}">\n`;
  const without = links.slice(0, -1).reduce((html, [link]) => html.replace(link, ""), html);
  writeFileSync(index, without.replace(links.at(-1)[0], one));
};

const glue = glueOf(dist, name);
await replace(glue, { stdin: { contents: exports(glue), resolveDir: dist } });
// They are part of the glue now.
rmSync(join(dist, "snippets"), { recursive: true, force: true });
for (const script of scripts) await replace(script, { entryPoints: [join(dist, script)], ...OLD_BROWSERS });
for (const part of parts) rmSync(join(dist, part));
await joinSheets();
compress(dist);
