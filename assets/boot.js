// Starts the page. Its own address names the hashed files: boot.js?js=…&wasm=…
import { complete, readOptions, showFailed } from "./document.js";
import { prepare } from "./prepare.js";
import { stored } from "./redirect.js";

const names = new URL(import.meta.url).searchParams;
const beside = (name) => new URL(name, import.meta.url);

const options = readOptions("toss-checkout");
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
    showFailed(failed, checkout());
  }
};
start();
