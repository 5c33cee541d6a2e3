// Starts the page of a customer's subscriptions. Its own address names the hashed files: boot.js?js=…&wasm=…
import { link } from "./link.js";

const names = new URL(import.meta.url).searchParams;
const beside = (name) => new URL(name, import.meta.url);

// `<meta name="toss-subscription:NAME" content="…">` are the options.
const options = { link: link() };
for (const { name, content } of document.querySelectorAll("meta[name^='toss-subscription:']")) {
  options[name.slice(18)] ||= content;
}
if (options.theme) document.documentElement.dataset.theme = options.theme;

// Another link in the same tab: the address changes behind `#` alone.
addEventListener("hashchange", () => location.hash.includes("link=") && location.reload());

const complete = async () => {
  if (document.readyState === "loading") {
    await new Promise((resume) => addEventListener("DOMContentLoaded", resume));
  }
  const failed = document.getElementById("boot-failed");
  failed.hidden = true;
  return failed;
};
const completed = complete();

const start = async () => {
  const host = () => document.getElementById("subscriptions");
  try {
    const module = await import(beside(names.get("js")).href);
    await module.default({ module_or_path: fetch(beside(names.get("wasm"))) });
    await completed;
    module.startSubscription(host(), options);
  } catch (error) {
    console.error("toss-subscription could not start", error);
    const failed = await completed;
    failed.classList.remove("late");
    failed.hidden = false;
    const main = document.createElement("main");
    main.append(failed);
    host().replaceChildren(main);
  }
};
start();
