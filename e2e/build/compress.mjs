// Writes what a server may send instead of a file: `NAME.br` and `NAME.gz`. `node build/compress.mjs FOLDER`
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

// What becomes smaller. `index.html` is not here: a server writes into it.
const PACKED = /\.(css|js|mjs|svg|wasm)$/;

/** The best that each can. */
export const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
export const gzip = (bytes) => gzipSync(bytes, { level: 9 });

/** Packs the files of a folder, not those in folders below. */
export const compress = (folder) => {
  for (const name of readdirSync(folder).filter((name) => PACKED.test(name))) {
    const file = join(folder, name);
    const bytes = readFileSync(file);
    for (const [ending, packed] of [["br", brotli(bytes)], ["gz", gzip(bytes)]]) {
      // One that is not smaller would only cost the browser time.
      if (packed.length < bytes.length) writeFileSync(`${file}.${ending}`, packed);
    }
  }
};

if (import.meta.filename === process.argv[1]) compress(process.argv[2]);
