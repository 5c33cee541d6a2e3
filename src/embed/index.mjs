// Nothing happens when this module is imported; `define.mjs` is for that.
import { TossCheckout } from "./element.mjs";
import { definer, mounter } from "./page-element.mjs";

export { TossCheckout };

const EVENTS = ["ready", "change", "submit", "redirect", "pending", "success", "cancel", "fail", "error"];

/** Makes `<toss-checkout>` known to the browser, once. */
export const define = definer(TossCheckout);

/** Shows the checkout in `host`, behind what is there. */
export const mount = mounter(TossCheckout, EVENTS);
