// Fails to compile when Toss's typings have a field, or a value of a field, that the Rust crate
// `toss-payments-sdk` cannot send. `generated/fields.ts` names what it can.

import type { TossPaymentsPayment } from "@tosspayments/tosspayments-sdk";
import type { Fields } from "./generated/fields";

/** The arguments of all overloads of a function; the typings have eleven. */
type Arguments<F> = F extends {
  (a: infer A, ...rest: never): unknown;
  (a: infer B, ...rest: never): unknown;
  (a: infer C, ...rest: never): unknown;
  (a: infer D, ...rest: never): unknown;
  (a: infer E, ...rest: never): unknown;
  (a: infer G, ...rest: never): unknown;
  (a: infer H, ...rest: never): unknown;
  (a: infer I, ...rest: never): unknown;
  (a: infer J, ...rest: never): unknown;
  (a: infer K, ...rest: never): unknown;
  (a: infer L, ...rest: never): unknown;
}
  ? A | B | C | D | E | G | H | I | J | K | L
  : never;

type Payment = Arguments<TossPaymentsPayment["requestPayment"]>;
type Billing = Parameters<TossPaymentsPayment["requestBillingAuth"]>[0];

/** `a.b[].c` for every field, and `a.b[].c=WORD` for every word that a field can hold. */
type Leaves<T, P extends string = ""> = T extends null | undefined
  ? never
  : T extends boolean
    ? P
    : T extends string
      ? string extends T
        ? P
        : `${P}=${T}`
      : T extends number
        ? P
        : T extends readonly (infer E)[]
          ? Leaves<E, `${P}[]`>
          : T extends object
            ? string extends keyof T
              ? P
              : {
                  [K in keyof T & string]-?: Leaves<T[K], P extends "" ? K : `${P}.${K}`>;
                }[keyof T & string]
            : P;

/** The requests of one method. */
type Of<R, M> = R extends { method: infer N } ? (M extends N ? R : never) : never;

/** What the typings mark `@ignore`; `ignored.mjs` holds these lists against them. */
type IgnoredBilling = `transfer.${string}`;
type Ignored =
  | "pendingUrl"
  | "orderProductCode"
  | `sandbox.${string}`
  | `subOrders[].${string}`
  | `card.threeDS.${string}`
  | `card.affiliateCards[].${string}`
  | `card.dividedSettlements[].${string}`
  | `virtualAccount.refundReceiveAccount.${string}`
  | "transfer.encryptedCustomerCi"
  | "transfer.showSecuritiesAccount"
  | `transfer.provider=${string}`
  | `transfer.dividedSettlements[].${string}`;

/** Korean names for words that are sent in their other form. */
type Aliases = "easyPay=토스페이" | "easyPay=네이버페이";

type Methods = Payment["method"];
type BillingMethods = Billing["method"];

/** What of the typings we lack, by method. */
type Missing = {
  [M in Methods]: Exclude<
    Leaves<Omit<Of<Payment, M>, "method">>,
    Ignored | (M extends keyof Fields ? Fields[M] : never)
  >;
} & {
  [M in BillingMethods as `billing ${M}`]: Exclude<
    Leaves<Omit<Of<Billing, M>, "method">>,
    IgnoredBilling | Aliases | (`billing ${M}` extends keyof Fields ? Fields[`billing ${M}`] : never)
  >;
};

/** An error here names the field that is missing: "Type '"x.y"' is not assignable to type 'never'". */
type Nothing<T extends Record<string, never>> = T;
export type Complete = Nothing<Missing>;

// The comparison itself, tried on fields that nobody has.
type New = Of<Payment, "CARD"> & { card?: { brandNew?: "A" | "B" } };
type Seen = Exclude<Leaves<New>, Ignored | Fields["CARD"] | `method=${string}`>;
export const seen: Record<Seen, true> = { "card.brandNew=A": true, "card.brandNew=B": true };
// @ts-expect-error A field that we lack is an error.
export type Incomplete = Nothing<{ CARD: Seen }>;
// Every method has fields of its own, so the lists are not empty.
export const methods: Record<Methods | `billing ${BillingMethods}`, true> = {
  CARD: true,
  TRANSFER: true,
  VIRTUAL_ACCOUNT: true,
  MOBILE_PHONE: true,
  CULTURE_GIFT_CERTIFICATE: true,
  BOOK_GIFT_CERTIFICATE: true,
  GAME_GIFT_CERTIFICATE: true,
  FOREIGN_EASY_PAY: true,
  "billing CARD": true,
  "billing TRANSFER": true,
} satisfies Record<keyof Fields, true>;
export const leaves: Leaves<Of<Payment, "VIRTUAL_ACCOUNT">> = "virtualAccount.cashReceipt.type=소득공제";
