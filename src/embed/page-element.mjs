// What both custom elements are: a page in a shadow root of a merchant's own page. It starts when the element is
// in a document, starts anew when an option changes, and ends when the element leaves.
import { camelCase } from "./options.mjs";

/** The program that `load` brings: one for all elements; a failed load does not poison the next one. */
export const programOf = (load, wasm) => {
  let loading;
  return () => {
    loading ??= (async () => {
      const module = await load();
      await module.default({ module_or_path: wasm });
      return module;
    })().catch((error) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
};

/** Gives a shadow root the styles; under `style-src 'self'`, which forbids a style element. */
export const stylesOf = (css, href) => {
  let sheet;
  return (root) => {
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
      link.href = href;
      root.append(link);
    }
  };
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
const failure = ({ ko, en }, again) => {
  const button = make("button", "button primary", "다시 시도 · Try again");
  button.type = "button";
  button.addEventListener("click", again);
  const english = make("p", "lead", `${en} Check your network.`);
  english.lang = "en";
  const korean = make("h1", "", ko);
  const advice = make("p", "lead", "네트워크를 확인해 주세요.");
  korean.lang = advice.lang = "ko";
  const page = make("div", "page", korean, advice, english, button);
  page.role = "alert";
  return page;
};

// A server that renders the shop's pages imports this module, too, and has no elements.
const Base = globalThis.HTMLElement ?? class {};

/**
 * A class of its own says in static fields what it is called (`tag`), which attributes are its options
 * (`observedAttributes`), how it looks (`dress`), and what it says when it cannot be loaded (`failed`), and brings the
 * page in `load`.
 */
export class PageElement extends Base {
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
    new.target.dress(this.#root);
    this.#root.append(this.#host);
  }

  connectedCallback() {
    // Set on the element before its class was there.
    for (const name of [...this.constructor.observedAttributes.map(camelCase), "texts"]) {
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

  /** The merchant's own sentences by their names. */
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

  /** Whether the page runs. */
  get isMounted() {
    return this.#mounted !== undefined;
  }

  /** What the program gets: the options that are set, by their names. */
  readOptions() {
    const options = { texts: this.#texts };
    for (const name of this.constructor.observedAttributes) {
      const value = this.getAttribute(name);
      if (value) options[name] = value;
    }
    return options;
  }

  /** Answers what starts the page in a host with options, or nothing while it is not to start. */
  async load(_options) {}

  /** Tells why it could not start, and answers whether it also showed that; `isCurrent` says whether it still matters. */
  async explain(_host, _options, error, isCurrent) {
    if (isCurrent()) this.#tellFailure(error);
    return false;
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
    const isCurrent = () => start === this.#started;
    this.#host.replaceChildren(skeleton());
    const options = this.readOptions();
    try {
      const begin = await this.load(options);
      if (begin && isCurrent()) this.#mounted = begin(this.#host, options);
    } catch (error) {
      // Should not even what explains it arrive.
      const told = () => this.#tellFailure(error);
      const isShown = await this.explain(this.#host, options, error, isCurrent).catch(told);
      if (!isShown && isCurrent()) this.#host.replaceChildren(failure(this.constructor.failed, () => this.#start()));
    }
  }

  #tellFailure(error) {
    const { tag } = this.constructor;
    console.error(`${tag} could not start`, error);
    const told = { detail: { code: "CHECKOUT_NOT_STARTED" }, bubbles: true, composed: true };
    this.#host.dispatchEvent(new CustomEvent(`${tag}:error`, told));
  }
}

/** Gives the elements of a class a property for each option, in camelCase. */
export const withProperties = (type) => {
  for (const name of type.observedAttributes) {
    Object.defineProperty(type.prototype, camelCase(name), {
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
};

/** What makes an element known to the browser, once. */
export const definer = (type) => () => {
  if (!customElements.get(type.tag)) customElements.define(type.tag, type);
};

/** What shows an element of these options and events in a host, behind what is there. */
export const mounter = (type, events) => (host, options = {}) => {
  definer(type)();
  const element = document.createElement(type.tag);
  let tell;
  const update = (changes) => {
    if ("onEvent" in changes) tell = changes.onEvent;
    if ("texts" in changes) element.texts = changes.texts;
    for (const key of type.observedAttributes.map(camelCase)) {
      if (key in changes) element[key] = changes[key];
    }
  };
  update(options);
  for (const name of events) {
    element.addEventListener(`${type.tag}:${name}`, ({ detail }) => tell?.(name, detail));
  }
  host.append(element);
  return { element, update, unmount: () => element.remove() };
};
