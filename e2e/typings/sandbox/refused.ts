// What the check must refuse: were one of these accepted, it would prove nothing.

import type { TossPaymentsPayment, TossPaymentsSDK } from "@tosspayments/tosspayments-sdk";

import type { PaymentMethod, PaymentOf, Purchase, Shape } from "../../../crates/sandbox/src/sdk/script/official";
import { payment } from "./fits";

const { requestBillingAuth, requestPayment, destroy } = payment;

// @ts-expect-error a payment without destroy
export const unclosable: TossPaymentsPayment = { requestPayment, requestBillingAuth };

// @ts-expect-error destroy answers by promise
export const sudden: TossPaymentsPayment = { requestPayment, requestBillingAuth, destroy: () => {} };

export const silent: TossPaymentsPayment = {
  requestBillingAuth,
  destroy,
  // @ts-expect-error the promise brings a paymentKey
  requestPayment: async (request: Purchase) => ({ orderId: request.orderId, amount: request.amount }),
};

export const picky: TossPaymentsPayment = {
  requestPayment,
  destroy,
  // @ts-expect-error accounts are registered, too
  requestBillingAuth: async (request: { method: "CARD"; successUrl: string; failUrl: string }) => console.log(request),
};

// @ts-expect-error the other products are missing
export const only: TossPaymentsSDK = { payment: () => payment };

// @ts-expect-error the factory takes a key
export const keyless: () => number = TossPayments;

type MobilePhone = Shape<NonNullable<PaymentOf<"MOBILE_PHONE">["mobilePhone"]>>;
type Account = Shape<NonNullable<PaymentOf<"VIRTUAL_ACCOUNT">["virtualAccount"]>>;

// @ts-expect-error a field of the typings is not checked
export const forgotten: MobilePhone = {};

// @ts-expect-error a field that the typings do not know
export const invented: MobilePhone = { mobileCarriers: optional(flag), carrier: optional(flag) };

// @ts-expect-error required, though the typings leave it to the merchant
export const strict: MobilePhone = { mobileCarriers: required(flag) };

// @ts-expect-error one of many is missing
export const partial: Account = VIRTUAL_ACCOUNT_WITHOUT_DUE_DATE;

declare const VIRTUAL_ACCOUNT_WITHOUT_DUE_DATE: Omit<Account, "dueDate">;

// @ts-expect-error Toss knows no such method
export const unheard: PaymentMethod = "CASH";
