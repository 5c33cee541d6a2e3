// Starts the page. Its own address names the hashed files: boot.mjs?js=…&wasm=…&text=…
import { prepare } from "./prepare.mjs";

const names = new URL(import.meta.url).searchParams;
const beside = (name) => new URL(name, import.meta.url);
const failed = document.getElementById("boot-failed");
const checkout = document.getElementById("checkout");
failed.hidden = true;

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

options.develop = () => import(beside("develop.js").href);

const text = names.get("text");
const sentences = prepare(
  options,
  (name) => beside(text ? `${name}-${text}.txt` : `${name}.txt`),
  () => import(beside("direct.js").href),
);

try {
  const module = await import(beside(names.get("js")).href);
  await module.default({ module_or_path: beside(names.get("wasm")) });
  module.start(checkout, options, await sentences);
} catch (error) {
  // Also the old browser that cannot run it: say so, rather than show a skeleton for ever.
  console.error("toss-checkout could not start", error);
  checkout.hidden = true;
  failed.classList.remove("late");
  failed.hidden = false;
}
