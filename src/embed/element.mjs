// <toss-checkout>: the page in a shadow root of a merchant's own page.
import { prepare } from "../../assets/prepare.js";
import css from "toss-checkout/page.css";
import { OPTIONS } from "./options.mjs";
import { PageElement, programOf, stylesOf, withProperties } from "./page-element.mjs";

// Bundlers copy what they see in this form.
const FILES = {
  wasm: new URL("./toss-checkout_bg.wasm", import.meta.url),
  css: new URL("./page.css", import.meta.url),
};
const glue = () => import("./toss-checkout.js");
const program = programOf(glue, FILES.wasm);

// Those in a document, in the order in which they came.
const shown = new Set();

export class TossCheckout extends PageElement {
  static tag = "toss-checkout";
  static observedAttributes = OPTIONS;
  static dress = stylesOf(css, FILES.css);
  static failed = { ko: "결제 화면을 불러오지 못했어요", en: "The payment form could not be loaded." };

  // The session with which the buyer came back from Toss.
  #returned;

  connectedCallback() {
    shown.add(this);
    super.connectedCallback();
  }

  disconnectedCallback() {
    shown.delete(this);
    super.disconnectedCallback();
  }

  attributeChangedCallback(name, before, after) {
    if (name === "session" && before !== after && this.isMounted) {
      // A page that makes a session whenever it is loaded names it a moment later. It has not changed it: what was
      // paid by the one of the address must not be asked for once more.
      if (before === null && this.#returned) return;
      this.#returned = undefined;
    }
    super.attributeChangedCallback(name, before, after);
  }

  readOptions() {
    const options = super.readOptions();
    this.#returned ??= this.#claim(options.session);
    if (this.#returned) options.session = this.#returned;
    return options;
  }

  async load(options) {
    // A shop may make the session after the element.
    if (!options.order && !options.session && !new URLSearchParams(location.search).has("session")) return undefined;
    const directMode = () => import("../../assets/direct.js");
    const developer = () => import("../../assets/develop.js");
    const prepared = prepare(options, { glue, directMode, developer });
    const [module] = await Promise.all([program(), prepared]);
    return module.start;
  }

  async explain(host, options, error, isCurrent) {
    const fallback = await import("../../assets/fallback.js");
    return fallback.explain(host, options, error, isCurrent);
  }

  // With several elements on a page the one of that session takes what Toss has brought, or else the
  // first: a page that makes a session whenever it is loaded must not lose the one that was paid.
  #claim(own) {
    const query = new URLSearchParams(location.search.replaceAll("?", "&"));
    const session = query.get("toss-checkout") ? query.get("session") : null;
    if (!session || session === own) return session ?? undefined;
    const all = [...shown];
    const others = all.some((element) => element.getAttribute("session") === session);
    return !others && all[0] === this ? session : undefined;
  }
}

withProperties(TossCheckout);
