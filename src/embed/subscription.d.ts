import type { Locale, SubscriptionDetail, SubscriptionEventName, SubscriptionTextName } from "./generated.js";

export type { SubscriptionDetail, SubscriptionEventName, SubscriptionTextName } from "./generated.js";

/** Options of `<toss-subscription>` and `mountSubscription()`. As attributes they are written in kebab-case. */
export interface SubscriptionOptions {
  /** Address of the merchant's backend; the page's own origin when it is absent. */
  api?: string | undefined;
  /** What opens the customer's subscriptions: `token` of the answer of `POST /api/customer-links`. */
  link?: string | undefined;
  /** The language; the browser's when it is absent. */
  locale?: Locale | undefined;
  /** The colours; the system's when it is absent. */
  theme?: "light" | "dark" | "auto" | undefined;
  /** Where the checkout leads back that registers another card; the page's own address when it is absent. Absolute. */
  returnUrl?: string | undefined;
}

/** Sentences of your own by the names of ours. Keep the `{…}` that a sentence has. */
export type SubscriptionTexts = Readonly<Partial<Record<SubscriptionTextName, string>>>;

export interface MountSubscriptionOptions extends SubscriptionOptions {
  /** Hears everything that the element tells. */
  onEvent?: ((name: SubscriptionEventName, detail: SubscriptionDetail) => void) | undefined;
  texts?: SubscriptionTexts | undefined;
}

export interface MountedSubscription {
  readonly element: TossSubscription;
  /** Changes the options that are named. One that is `undefined` is taken back. */
  update(changes: MountSubscriptionOptions): void;
  /** Takes the page away: ends requests, timers and listeners. */
  unmount(): void;
}

/** `<toss-subscription>`. */
export declare class TossSubscription extends HTMLElement implements SubscriptionOptions {
  api: string | undefined;
  link: string | undefined;
  locale: Locale | undefined;
  theme: "light" | "dark" | "auto" | undefined;
  returnUrl: string | undefined;
  texts: SubscriptionTexts;
}

/** Shows a customer's subscriptions in `host`, behind what is there. */
export declare function mountSubscription(host: Element, options?: MountSubscriptionOptions): MountedSubscription;

/** Makes `<toss-subscription>` known to the browser, once. */
export declare function defineSubscription(): void;

declare global {
  interface HTMLElementTagNameMap {
    "toss-subscription": TossSubscription;
  }
  interface HTMLElementEventMap {
    "toss-subscription:canceled": CustomEvent<SubscriptionDetail>;
    "toss-subscription:uncanceled": CustomEvent<SubscriptionDetail>;
    "toss-subscription:paid": CustomEvent<SubscriptionDetail>;
    "toss-subscription:agreed": CustomEvent<SubscriptionDetail>;
    "toss-subscription:error": CustomEvent<SubscriptionDetail>;
  }
}
