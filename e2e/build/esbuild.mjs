// How scripts and styles are bundled and made smaller.
import { build } from "esbuild";

/** Bundles by these options of esbuild's. */
export const bundle = (options) =>
  build({
    bundle: true,
    minify: true,
    format: "esm",
    // The browsers that run the page at all (reference types in WebAssembly) know this JavaScript.
    target: "es2022",
    charset: "utf8",
    logLevel: "warning",
    // wasm-bindgen writes `if (Symbol.dispose) …` behind each of its classes, which would keep those that nobody uses.
    define: { "Symbol.dispose": "false" },
    ...options,
  });
