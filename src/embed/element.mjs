// <toss-checkout>: the page in a shadow root of a merchant's own page.
import { prepare } from "../../assets/prepare.js";
import css from "toss-checkout/page.css";
import { OPTIONS, camelCase } from "./options.mjs";

// Bundlers copy what they see in this form.
const FILES = {
  wasm: new URL("./toss-checkout_bg.wasm", import.meta.url),
  css: new URL("./page.css", import.meta.url),
};
const glue = () => import("./toss-checkout.js");

// One program for all elements; a failed load does not poison the next one.
let loading;
const program = () => {
  loading ??= (async () => {
    const module = await glue();
    await module.default({ module_or_path: FILES.wasm });
    return module;
  })().catch((error) => {
    loading = undefined;
    throw error;
  });
  return loading;
};

// Works under `style-src 'self'`, which a style element would not.
let sheet;
const dress = (root) => {
  try {
    if (!sheet) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
    }
    root.adoptedStyleSheets = [sheet];
  } catch {
    // Safari before 16.4.
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = FILES.css;
    root.append(link);
  }
};

const make = (tag, className, ...children) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
};

// What stands there until the program has arrived, in the form's shape.
const skeleton = () => {
  const bones = ["title", "price", "choice", "choice"].map((bone) => make("div", `bone ${bone}`));
  const page = make("div", "page", make("div", "skeleton", ...bones));
  page.ariaBusy = "true";
  return page;
};

// In both languages, since no sentences may have arrived.
const failure = (again) => {
  const button = make("button", "button primary", "다시 시도 · Try again");
  button.type = "button";
  button.addEventListener("click", again);
  const english = make("p", "lead", "The payment form could not be loaded. Check your network.");
  english.lang = "en";
  const korean = make("h1", "", "결제 화면을 불러오지 못했어요");
  const advice = make("p", "lead", "네트워크를 확인해 주세요.");
  korean.lang = advice.lang = "ko";
  const page = make("div", "page", korean, advice, english, button);
  page.role = "alert";
  return page;
};

// Those in a document, in the order in which they came.
const shown = new Set();

// A server that renders the shop's pages imports this module, too, and has no elements.
const Base = globalThis.HTMLElement ?? class {};

export class TossCheckout extends Base {
  static observedAttributes = OPTIONS;

  #root = this.attachShadow({ mode: "open" });
  #host = make("div", "host");
  #texts = {};
  // The running page.
  #mounted;
  // Counts starts, so that one that was overtaken while it waited gives up.
  #started = 0;
  #isDue = false;
  #isStale = true;
  // The session with which the buyer came back from Toss.
  #returned;

  constructor() {
    super();
    dress(this.#root);
    this.#root.append(this.#host);
  }

  connectedCallback() {
    shown.add(this);
    // Set on the element before its class was there.
    for (const name of [...OPTIONS.map(camelCase), "texts"]) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    this.#settle();
  }

  disconnectedCallback() {
    shown.delete(this);
    this.#settle();
  }

  attributeChangedCallback(name, before, after) {
    // A theme is the style sheet's affair.
    if (before === after || name === "theme") return;
    // A page that names its session a moment later has not changed it: what Toss has brought is taken already.
    if (name === "session" && this.#mounted) this.#returned = undefined;
    this.#isStale = true;
    this.#settle();
  }

  /** The merchant's own sentences by the names that `Texts` lists. */
  get texts() {
    return this.#texts;
  }

  set texts(texts) {
    // Frameworks hand over a new object each time.
    if (JSON.stringify({ ...texts }) === JSON.stringify(this.#texts)) return;
    this.#texts = { ...texts };
    this.#isStale = true;
    this.#settle();
  }

  // Many changes in one go are one start, and a move within the document is none.
  #settle() {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      if (!this.isConnected) this.#end();
      else if (this.#isStale) this.#start();
    });
  }

  #end() {
    this.#started += 1;
    this.#isStale = true;
    this.#mounted?.unmount();
    this.#mounted = undefined;
    this.#host.replaceChildren();
  }

  async #start() {
    this.#end();
    this.#isStale = false;
    const start = this.#started;
    this.#host.replaceChildren(skeleton());
    const options = this.#options();
    try {
      // A shop may make the session after the element.
      if (!options.order && !options.session && !new URLSearchParams(location.search).has("session")) return;
      const directMode = () => import("../../assets/direct.js");
      const developer = () => import("../../assets/develop.js");
      const prepared = prepare(options, { glue, directMode, developer });
      const [module] = await Promise.all([program(), prepared]);
      if (start === this.#started) this.#mounted = module.start(this.#host, options);
    } catch (error) {
      const isCurrent = () => start === this.#started;
      const explain = async () => {
        const fallback = await import("../../assets/fallback.js");
        return fallback.explain(this.#host, options, error, isCurrent);
      };
      const explained = await explain().catch(() => this.#tellFailure(error));
      if (!explained && isCurrent()) this.#host.replaceChildren(failure(() => this.#start()));
    }
  }

  // Not even what explains it has arrived.
  #tellFailure(error) {
    console.error("toss-checkout could not start", error);
    const told = { detail: { code: "CHECKOUT_NOT_STARTED" }, bubbles: true, composed: true };
    this.#host.dispatchEvent(new CustomEvent("toss-checkout:error", told));
  }

  #options() {
    const options = { texts: this.#texts };
    for (const name of OPTIONS) {
      const value = this.getAttribute(name);
      if (value) options[name] = value;
    }
    this.#returned ??= this.#claim(options.session);
    if (this.#returned) options.session = this.#returned;
    return options;
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

for (const name of OPTIONS) {
  Object.defineProperty(TossCheckout.prototype, camelCase(name), {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(name) ?? undefined;
    },
    set(value) {
      if (value === undefined || value === null) this.removeAttribute(name);
      // The order may be an object.
      else this.setAttribute(name, typeof value === "object" ? JSON.stringify(value) : value);
    },
  });
}
