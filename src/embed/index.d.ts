import type {
  CashReceiptType,
  Currency,
  Detail,
  EventName,
  Interval,
  Locale,
  Method,
  TextName,
} from "./generated.js";

export type { Detail, EventName, Locale, Method, TextName } from "./generated.js";

/** Options of `<toss-checkout>` and `mount()`. As attributes they are written in kebab-case. */
export interface Options {
  /** Address of the merchant's backend; the page's own origin when it is absent. */
  api?: string | undefined;
  /** The session to be paid: `id` of the answer of `POST /api/sessions`. */
  session?: string | undefined;
  /** Address of Toss's script. `https://js.tosspayments.com/v2/standard` when it is absent. */
  sdkUrl?: string | undefined;
  /** The language; the session's or the browser's when it is absent. */
  locale?: Locale | undefined;
  /** The colours; the system's when it is absent. */
  theme?: "light" | "dark" | "auto" | undefined;
  /** Where Toss sends the buyer with keys; the page's own address when it is absent. Absolute. */
  successUrl?: string | undefined;
  /** Where Toss sends the buyer without keys; the page's own address when it is absent. Absolute. */
  failUrl?: string | undefined;
  /** Where Toss's window opens on a desktop. A phone always leaves the page. */
  windowTarget?: "iframe" | "self" | undefined;
  /** Where the buyer finds help. Absolute. */
  supportUrl?: string | undefined;
  /** Overrides the session's client key. */
  clientKey?: string | undefined;

  // Direct mode: for a backend of your own that keeps no sessions.
  /** Takes `{paymentKey, orderId, amount}` by POST, answers Toss's Payment object or `{code, message}`. */
  confirmUrl?: string | undefined;
  /** Takes `{authKey, customerKey}` by POST, answers Toss's Billing object or `{code, message}`. */
  issueUrl?: string | undefined;
  /** The customer, as your server names them. */
  customerKey?: string | undefined;
  /** What is bought. */
  order?: Order | string | undefined;
}

interface Amount {
  value: number;
  currency: Currency;
}

/** What `POST /api/sessions` takes, for direct mode. */
export interface Order {
  orderName: string;
  /** Of a payment. */
  orderId?: string;
  amount?: Amount;
  /** Of a registration. */
  plan?: { amount: Amount; interval: Interval };
  methods?: Method[];
  customer?: { name?: string; email?: string; mobilePhone?: string };
  virtualAccount?: {
    validHours?: number;
    dueDate?: string;
    cashReceipt?: { type: CashReceiptType };
    useEscrow?: boolean;
    showCustomerMobilePhone?: boolean;
  };
  /** The window that takes cards, in Toss's names. */
  card?: {
    flowMode?: "DEFAULT" | "DIRECT";
    cardCompany?: string;
    easyPay?: string;
    cardInstallmentPlan?: number;
    maxCardInstallmentPlan?: number;
    useAppCardOnly?: boolean;
    useInternationalCardOnly?: boolean;
  };
  /** Needed with `FOREIGN_EASY_PAY`: where the buyer is, by ISO 3166. */
  foreignEasyPay?: { country: string };
  returnUrl?: string;
}

/** Sentences of your own by the names of ours. Keep the `{…}` that a sentence has. */
export type Texts = Readonly<Partial<Record<TextName, string>>>;

export interface MountOptions extends Options {
  /** Hears everything that the element tells. */
  onEvent?: ((name: EventName, detail: Detail) => void) | undefined;
  texts?: Texts | undefined;
}

export interface Mounted {
  readonly element: TossCheckout;
  /** Changes the options that are named. One that is `undefined` is taken back. */
  update(changes: MountOptions): void;
  /** Takes the checkout away: closes an open window, ends requests, timers and listeners. */
  unmount(): void;
}

/** `<toss-checkout>`. */
export declare class TossCheckout extends HTMLElement implements Options {
  api: string | undefined;
  session: string | undefined;
  sdkUrl: string | undefined;
  locale: Locale | undefined;
  theme: "light" | "dark" | "auto" | undefined;
  successUrl: string | undefined;
  failUrl: string | undefined;
  windowTarget: "iframe" | "self" | undefined;
  supportUrl: string | undefined;
  clientKey: string | undefined;
  confirmUrl: string | undefined;
  issueUrl: string | undefined;
  customerKey: string | undefined;
  get order(): string | undefined;
  set order(order: Order | string | undefined);
  texts: Texts;
}

/** Shows the checkout in `host`, behind what is there. */
export declare function mount(host: Element, options?: MountOptions): Mounted;

/** Makes `<toss-checkout>` known to the browser, once. */
export declare function define(): void;

declare global {
  interface HTMLElementTagNameMap {
    "toss-checkout": TossCheckout;
  }
  interface HTMLElementEventMap {
    "toss-checkout:ready": CustomEvent<Detail>;
    "toss-checkout:change": CustomEvent<Detail>;
    "toss-checkout:submit": CustomEvent<Detail>;
    "toss-checkout:redirect": CustomEvent<Detail>;
    "toss-checkout:pending": CustomEvent<Detail>;
    "toss-checkout:success": CustomEvent<Detail>;
    "toss-checkout:cancel": CustomEvent<Detail>;
    "toss-checkout:fail": CustomEvent<Detail>;
    "toss-checkout:error": CustomEvent<Detail>;
  }
}
