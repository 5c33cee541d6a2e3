// Nothing happens when this module is imported; `define.mjs` is for that.
import { TossCheckout } from "./element.mjs";
import { OPTIONS, camelCase } from "./options.mjs";

export { TossCheckout };

const NAME = "toss-checkout";
const EVENTS = [
  "ready",
  "change",
  "submit",
  "redirect",
  "pending",
  "success",
  "cancel",
  "fail",
  "error",
];

/** Makes `<toss-checkout>` known to the browser, once. */
export const define = () => {
  if (!customElements.get(NAME)) customElements.define(NAME, TossCheckout);
};

/** Shows the checkout in `host`, behind what is there. */
export const mount = (host, options = {}) => {
  define();
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
