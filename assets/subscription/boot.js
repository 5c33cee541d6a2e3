// Starts the page of a customer's subscriptions. Its own address names the hashed files: boot.js?js=…&wasm=…
import { complete, readOptions, showFailed } from "./document.js";
import { link } from "./link.js";

const names = new URL(import.meta.url).searchParams;
const beside = (name) => new URL(name, import.meta.url);

const options = readOptions("toss-subscription");
options.link = link() || options.link;

// Another link in the same tab: the address changes behind `#` alone.
addEventListener("hashchange", () => location.hash.includes("link=") && location.reload());

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
    showFailed(await completed, host());
  }
};
start();
