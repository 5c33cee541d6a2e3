// What Toss's own typings say about `payment()`, taken apart. For the type check only: nothing of it is served.

import type { ANONYMOUS, TossPaymentsPayment, TossPaymentsSDK } from "@tosspayments/tosspayments-sdk";

/** The argument of every overload. There are eleven. */
type Arguments<F> = F extends {
  (request: infer A): unknown;
  (request: infer B): unknown;
  (request: infer C): unknown;
  (request: infer D): unknown;
  (request: infer E): unknown;
  (request: infer F): unknown;
  (request: infer G): unknown;
  (request: infer H): unknown;
  (request: infer I): unknown;
  (request: infer J): unknown;
  (request: infer K): unknown;
}
  ? A | B | C | D | E | F | G | H | I | J | K
  : never;

export type Sdk = TossPaymentsSDK;
export type Payment = TossPaymentsPayment;
export type PaymentParameters = Parameters<TossPaymentsSDK["payment"]>[0];
export type Purchase = Arguments<TossPaymentsPayment["requestPayment"]>;
/** Those that may carry addresses; their outcome arrives by navigation. */
export type RedirectPurchase = Redirecting<Purchase>;
export type Registration = Parameters<TossPaymentsPayment["requestBillingAuth"]>[0];
export type PaymentMethod = Purchase["method"];
export type PaymentOf<M extends PaymentMethod> = Offering<Purchase, M>;
export type BillingOf<M extends Registration["method"]> = Extract<Registration, { method: M }>;
export type Anonymous = typeof ANONYMOUS;
export type PromiseResult = { paymentKey: string; orderId: string; amount: Purchase["amount"] };

/** Throws when the value cannot be. */
export type Check = (value: any, name: string) => void;
export type Field = { check: Check; required: boolean };

type Redirecting<R> = R extends unknown ? ("successUrl" extends keyof R ? R : never) : never;
/** One request of the typings may be for several methods. */
type Offering<R, M> = R extends { method: infer N } ? (M extends N ? R : never) : never;
/** What stands in a field that may be left out. */
export type In<T> = NonNullable<T>;
/** What stands in a list that may be left out. */
export type Item<T> = NonNullable<T> extends Array<infer I> ? I : never;

type Key<T> = T extends unknown ? keyof T : never;
type Requires<T, K> = T extends unknown
  ? K extends keyof T
    ? {} extends Pick<T, K>
      ? false
      : true
    : false
  : never;

/** A check for every field that the typings name, required exactly where they require it. */
export type Shape<T> = {
  [K in Key<T>]: { check: Check; required: false extends Requires<T, K> ? false : true };
};
