// <toss-subscription>: the page of a customer's subscriptions in a shadow root of a merchant's own page. Nothing
// happens when this module is imported; `defineSubscription()` makes the element known.
import css from "toss-checkout/subscription.css";
import { camelCase } from "./options.mjs";

// Bundlers copy what they see in this form.
const FILES = {
  wasm: new URL("./toss-subscription_bg.wasm", import.meta.url),
  css: new URL("./subscription.css", import.meta.url),
};
const NAME = "toss-subscription";
const OPTIONS = ["api", "link", "locale", "theme", "return-url"];
const EVENTS = ["canceled", "uncanceled", "paid", "agreed", "error"];

// One program for all elements; a failed load does not poison the next one.
let loading;
const program = () => {
  loading ??= (async () => {
    const module = await import("./toss-subscription.js");
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
  const english = make("p", "lead", "Your subscriptions could not be loaded. Check your network.");
  english.lang = "en";
  const korean = make("h1", "", "구독 화면을 불러오지 못했어요");
  const advice = make("p", "lead", "네트워크를 확인해 주세요.");
  korean.lang = advice.lang = "ko";
  const page = make("div", "page", korean, advice, english, button);
  page.role = "alert";
  return page;
};

// A server that renders the shop's pages imports this module, too, and has no elements.
const Base = globalThis.HTMLElement ?? class {};

export class TossSubscription extends Base {
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

  constructor() {
    super();
    dress(this.#root);
    this.#root.append(this.#host);
  }

  connectedCallback() {
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
    this.#settle();
  }

  attributeChangedCallback(name, before, after) {
    // A theme is the style sheet's affair.
    if (before === after || name === "theme") return;
    this.#isStale = true;
    this.#settle();
  }

  /** The merchant's own sentences by the names that `SubscriptionTexts` lists. */
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
    const options = { texts: this.#texts };
    for (const name of OPTIONS) {
      const value = this.getAttribute(name);
      if (value) options[name] = value;
    }
    try {
      const module = await program();
      if (start === this.#started) this.#mounted = module.startSubscription(this.#host, options);
    } catch (error) {
      if (start !== this.#started) return;
      console.error("toss-subscription could not start", error);
      const told = { detail: { code: "CHECKOUT_NOT_STARTED" }, bubbles: true, composed: true };
      this.#host.dispatchEvent(new CustomEvent(`${NAME}:error`, told));
      this.#host.replaceChildren(failure(() => this.#start()));
    }
  }
}

for (const name of OPTIONS) {
  Object.defineProperty(TossSubscription.prototype, camelCase(name), {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(name) ?? undefined;
    },
    set(value) {
      if (value === undefined || value === null) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
  });
}

/** Makes `<toss-subscription>` known to the browser, once. */
export const defineSubscription = () => {
  if (!customElements.get(NAME)) customElements.define(NAME, TossSubscription);
};

/** Shows a customer's subscriptions in `host`, behind what is there. */
export const mountSubscription = (host, options = {}) => {
  defineSubscription();
  const element = document.createElement(NAME);
  let tell;
  const update = (changes) => {
    if ("onEvent" in changes) tell = changes.onEvent;
    if ("texts" in changes) element.texts = changes.texts;
    for (const name of OPTIONS) {
      const key = camelCase(name);
      if (key in changes) element[key] = changes[key];
    }
  };
  update(options);
  for (const name of EVENTS) {
    element.addEventListener(`${NAME}:${name}`, ({ detail }) => tell?.(name, detail));
  }
  host.append(element);
  return { element, update, unmount: () => element.remove() };
};
