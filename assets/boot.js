// Starts the page. Its own address names the hashed files: boot.js?js=…&wasm=…
import { prepare } from "./prepare.js";
import { stored } from "./redirect.js";

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
// Should the address lose the session on the way back.
addEventListener("toss-checkout:submit", () => stored("toss-checkout.session", options.session));

const wasm = beside(names.get("wasm"));
const glue = () => import(beside(names.get("js")).href);
const prepared = prepare(options, {
  glue,
  directMode: () => import(beside("direct.js").href),
  developer: () => import(beside("develop.js").href),
  isOwn: true,
});

// Compiled as it arrives, without waiting for the script that runs it; all at once where the host does not call it
// WebAssembly.
const compile = async () => {
  const answer = await fetch(wasm);
  if (!answer.ok) throw new Error(`${wasm} answered ${answer.status}`);
  const isNamed = answer.headers.get("content-type") === "application/wasm";
  if (!isNamed) console.warn("toss-checkout: serve .wasm as application/wasm, then it is compiled while it arrives");
  return isNamed ? WebAssembly.compileStreaming(answer) : WebAssembly.compile(await answer.arrayBuffer());
};
const load = async () => {
  const [module, compiled] = await Promise.all([glue(), compile()]);
  await module.default({ module_or_path: compiled });
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
const start = async () => {
  try {
    const [module] = await Promise.all([load(), prepared, completed]);
    module.start(checkout(), options);
  } catch (error) {
    const failed = await completed;
    // Also for the old browser that cannot run the program: rather than a skeleton for ever.
    const explain = async () => (await import(beside("fallback.js").href)).explain(checkout(), options, error);
    if (await explain().catch(() => false)) return;
    console.error("toss-checkout could not start", error);
    failed.classList.remove("late");
    failed.hidden = false;
    const main = document.createElement("main");
    main.append(failed);
    checkout().replaceChildren(main);
  }
};
start();
