// <toss-subscription>: the page of a customer's subscriptions in a shadow root of a merchant's own page. Nothing
// happens when this module is imported; `defineSubscription()` makes the element known.
import css from "toss-checkout/subscription.css";
import { PageElement, definer, mounter, programOf, stylesOf, withProperties } from "./page-element.mjs";

// Bundlers copy what they see in this form.
const FILES = {
  wasm: new URL("./toss-subscription_bg.wasm", import.meta.url),
  css: new URL("./subscription.css", import.meta.url),
};
const program = programOf(() => import("./toss-subscription.js"), FILES.wasm);
const EVENTS = ["canceled", "uncanceled", "paid", "agreed", "error"];

export class TossSubscription extends PageElement {
  static tag = "toss-subscription";
  static observedAttributes = ["api", "link", "locale", "theme", "return-url"];
  static dress = stylesOf(css, FILES.css);
  static failed = { ko: "구독 화면을 불러오지 못했어요", en: "Your subscriptions could not be loaded." };

  async load() {
    return (await program()).startSubscription;
  }
}

withProperties(TossSubscription);

/** Makes `<toss-subscription>` known to the browser, once. */
export const defineSubscription = definer(TossSubscription);

/** Shows a customer's subscriptions in `host`, behind what is there. */
export const mountSubscription = mounter(TossSubscription, EVENTS);
