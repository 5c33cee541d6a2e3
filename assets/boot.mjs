// Starts the page. Its own address names the hashed files: boot.mjs?js=…&wasm=…
import { prepare } from "./prepare.mjs";

const names = new URL(import.meta.url).searchParams;
const beside = (name) => new URL(name, import.meta.url);

// `<meta name="toss-checkout:NAME" content="…">` are the options.
const options = {};
for (const { name, content } of document.querySelectorAll("meta[name^='toss-checkout:']")) {
  options[name.slice(14)] = content;
}
if (options.theme) document.documentElement.dataset.theme = options.theme;
if (options.returns !== "parameter") {
  const page = (location.origin + location.pathname).replace(/[^/]*$/, "");
  options["form-url"] ||= page;
  options["success-url"] ||= `${page}success`;
  options["fail-url"] ||= `${page}fail`;
}

const glue = () => import(beside(names.get("js")).href);
const prepared = prepare(options, {
  glue,
  directMode: () => import(beside("direct.js").href),
  developer: () => import(beside("develop.js").href),
});

// Compiled as it arrives, without waiting for the script that runs it; which knows how to load it all the
// same from a host that does not call it WebAssembly.
const compile = async () => {
  const wasm = beside(names.get("wasm"));
  try {
    return await WebAssembly.compileStreaming(fetch(wasm));
  } catch {
    return wasm;
  }
};
const load = async () => {
  const compiled = compile();
  const module = await glue();
  await module.default({ module_or_path: await compiled });
  return module;
};

// This script does not wait for the document, which waits for the style sheet.
const complete = async () => {
  if (document.readyState === "loading") {
    await new Promise((resume) => addEventListener("DOMContentLoaded", resume));
  }
  const failed = document.getElementById("boot-failed");
  failed.hidden = true;
  return failed;
};
const completed = complete();

const checkout = () => document.getElementById("checkout");
try {
  const [module] = await Promise.all([load(), prepared, completed]);
  module.start(checkout(), options);
} catch (error) {
  // Also the old browser that cannot run it: say so, rather than show a skeleton for ever.
  console.error("toss-checkout could not start", error);
  const failed = await completed;
  failed.classList.remove("late");
  failed.hidden = false;
  const main = document.createElement("main");
  main.append(failed);
  checkout().replaceChildren(main);
}
