// The sandbox's script is what the official typings declare. `TossPayments` is the script's own: scripts share one scope.

import { type ANONYMOUS, type TossPaymentsPayment, type TossPaymentsSDK } from "@tosspayments/tosspayments-sdk";

export const factory: (clientKey: string) => TossPaymentsSDK = TossPayments;
export const guest: typeof ANONYMOUS = TossPayments.ANONYMOUS;
export const payment: TossPaymentsPayment = TossPayments("test_ck_x").payment({ customerKey: guest });

type Sent = Parameters<typeof checkPayment>[0];
type Registered = Parameters<typeof checkBilling>[0];

const order = { amount: { value: 15_000, currency: "KRW" }, orderId: "order-0001", orderName: "티셔츠 1장" };

/** One of every kind, as a merchant would write it. */
export const sent: Sent[] = [
  { ...order, method: "CARD", card: { flowMode: "DIRECT", easyPay: "TOSSPAY" } },
  { ...order, method: "VIRTUAL_ACCOUNT", virtualAccount: { validHours: 72, cashReceipt: { type: "소득공제" } } },
  { ...order, method: "TRANSFER", successUrl: "https://shop.test/s", failUrl: "https://shop.test/f" },
  { ...order, method: "MOBILE_PHONE", mobilePhone: { mobileCarriers: ["KT"] } },
  { ...order, method: "CULTURE_GIFT_CERTIFICATE" },
  { ...order, method: "FOREIGN_EASY_PAY", foreignEasyPay: { provider: "PAYPAL", country: "US" } },
];

export const registered: Registered[] = [
  { method: "CARD", successUrl: "https://shop.test/s", failUrl: "https://shop.test/f", flowMode: "DIRECT", easyPay: "토스페이" },
  { method: "TRANSFER", successUrl: "https://shop.test/s", failUrl: "https://shop.test/f", customerName: null },
];
