// The merchant API as the merchant's own server calls it: the truth about a session.

import { randomUUID } from "node:crypto";

import { type APIRequestContext, expect } from "@playwright/test";

import { merchantKey, origins } from "./environment.ts";

/** What these tests read of a session; `crates/contract` has the whole. */
export interface Session {
  id: string;
  kind: "billing" | "payment";
  status: string;
  orderId?: string;
  amount?: { value: number; currency: string };
  customerKey: string;
  clientKey: string;
  result?: {
    method?: string;
    easyPay?: string;
    approvedAt?: string;
    receiptUrl?: string;
    card?: { number: string };
    account?: { bankName: string; accountNumber: string };
    subscriptionId?: string;
    charge?: { status: string; orderId: string; failure?: { code: string } };
    virtualAccount?: { accountNumber: string; bankCode: string; dueDate: string };
    reversedAt?: string;
    failure?: { code: string };
  };
}

/** What these tests read of a subscription. */
export interface Subscription {
  id: string;
  status: string;
  nextChargeAt?: string;
  cancelAt?: string;
  endReason?: string;
  currentPeriod?: { no: number };
  owedAmount?: { value: number };
  lastPaidAmount?: { value: number };
  paymentMethod?: { id: string };
}

/** What a buyer agrees to. */
export interface Consent {
  version: string;
  text: string;
}

interface Answer {
  session: Session;
  url: string;
  givenConsent?: Consent & { givenAt: string };
}

/** A subscription as the demo shop sells it, for tests that need a session of their own. */
export const SUBSCRIPTION = {
  kind: "billing",
  orderName: "토스 프라임 구독",
  plan: { amount: { value: 4900, currency: "KRW" }, interval: "month" },
  methods: ["CARD", "TRANSFER"],
  customer: { name: "김토스", email: "customer@example.com" },
  returnUrl: `${origins.shop}/`,
} as const;

/** An order that can be paid by a virtual account only. */
export const ORDER = {
  kind: "payment",
  orderName: "티셔츠 1장",
  amount: { value: 15000, currency: "KRW" },
  methods: ["VIRTUAL_ACCOUNT"],
  virtualAccount: { validHours: 72, cashReceipt: { type: "소득공제" } },
  customer: { name: "김토스", email: "customer@example.com" },
  returnUrl: `${origins.shop}/`,
} as const;

export class Merchant {
  readonly #http: APIRequestContext;
  readonly #headers = { authorization: `Bearer ${merchantKey()}` };

  constructor(http: APIRequestContext) {
    this.#http = http;
  }

  async session(id: string): Promise<Session> {
    return (await this.#read(id)).session;
  }

  /** What the buyer agreed to, once registered. */
  async givenConsent(id: string): Promise<Answer["givenConsent"]> {
    return (await this.#read(id)).givenConsent;
  }

  async #read(id: string): Promise<Answer> {
    const url = `${origins.pay}/api/sessions/${id}`;
    const answer = await this.#http.get(url, { headers: this.#headers });
    expect(answer.status(), await answer.text()).toBe(200);
    return (await answer.json()) as Answer;
  }

  async create(body: object): Promise<Answer> {
    const url = `${origins.pay}/api/sessions`;
    const answer = await this.#http.post(url, { headers: this.#headers, data: body });
    expect(answer.status(), await answer.text()).toBe(201);
    return (await answer.json()) as Answer;
  }

  /** Why a session cannot be made. */
  async refuses(body: object): Promise<string> {
    const url = `${origins.pay}/api/sessions`;
    const answer = await this.#http.post(url, { headers: this.#headers, data: body });
    expect([400, 422], await answer.text()).toContain(answer.status());
    return ((await answer.json()) as { message: string }).message;
  }

  /** Gives money of an order back; answers the payment as it is then. */
  async refund(orderId: string, body: object): Promise<{ status: string; balance: number }> {
    const payments = `${origins.pay}/api/payments`;
    const found = await this.#http.get(`${payments}?orderId=${orderId}`, { headers: this.#headers });
    const [payment] = ((await found.json()) as { payments: { id: string }[] }).payments;
    const headers = { ...this.#headers, "idempotency-key": randomUUID() };
    const answer = await this.#http.post(`${payments}/${payment?.id}/refunds`, { headers, data: body });
    expect(answer.status(), await answer.text()).toBe(201);
    return ((await answer.json()) as { payment: { status: string; balance: number } }).payment;
  }

  async subscription(id: string): Promise<Subscription> {
    const url = `${origins.pay}/api/subscriptions/${id}`;
    const answer = await this.#http.get(url, { headers: this.#headers });
    expect(answer.status(), await answer.text()).toBe(200);
    return (await answer.json()) as Subscription;
  }

  /** Ends every subscription, those of earlier tests among them. */
  async endSubscriptions(): Promise<void> {
    const url = `${origins.pay}/api/subscriptions`;
    let after = "";
    do {
      const answer = await this.#http.get(`${url}?limit=100${after}`, { headers: this.#headers });
      expect(answer.status(), await answer.text()).toBe(200);
      const { subscriptions, next } = (await answer.json()) as { subscriptions: Subscription[]; next?: string };
      for (const { id } of subscriptions.filter(({ status }) => status !== "canceled")) {
        // Refused while a charge is under way.
        await expect(async () => {
          const headers = { ...this.#headers, "idempotency-key": randomUUID() };
          const ended = await this.#http.post(`${url}/${id}/cancel`, { headers, data: { at: "now", refund: "none" } });
          expect(ended.status(), await ended.text()).toBe(200);
        }).toPass({ timeout: 60_000 });
      }
      after = next ? `&after=${next}` : "";
    } while (after);
  }

  /** The token that opens a customer's subscriptions. */
  async customerLink(customerKey: string): Promise<string> {
    return (await this.#link(customerKey)).token;
  }

  /** What time it is there, in milliseconds: a link ends half an hour later. */
  async now(): Promise<number> {
    return Date.parse((await this.#link(randomUUID())).expiresAt) - 30 * 60_000 + 999;
  }

  async #link(customerKey: string): Promise<{ token: string; expiresAt: string }> {
    const url = `${origins.pay}/api/customer-links`;
    const answer = await this.#http.post(url, { headers: this.#headers, data: { customerKey } });
    expect(answer.status(), await answer.text()).toBe(201);
    return (await answer.json()) as { token: string; expiresAt: string };
  }

  /** What the customer is to be told of a subscription, oldest first. */
  async notices(id: string): Promise<string[]> {
    const url = `${origins.pay}/api/events?limit=100&subject=${id}`;
    const answer = await this.#http.get(url, { headers: this.#headers });
    const { events } = (await answer.json()) as { events: { data: { notice?: { kind: string } } }[] };
    return events.flatMap(({ data }) => data.notice?.kind ?? []);
  }

  async changeSubscription(id: string, change: object): Promise<void> {
    const url = `${origins.pay}/api/subscriptions/${id}/change`;
    const headers = { ...this.#headers, "idempotency-key": randomUUID() };
    const answer = await this.#http.post(url, { headers, data: change });
    expect(answer.status(), await answer.text()).toBe(200);
  }

  /** Waits until a subscription is as wanted. */
  async subscriptionReaches(id: string, wanted: (subscription: Subscription) => boolean): Promise<void> {
    await expect.poll(async () => wanted(await this.subscription(id)), { timeout: 60_000 }).toBe(true);
  }

  /** Waits until a session has a status. */
  async reaches(id: string, status: string): Promise<Session> {
    await expect
      .poll(async () => (await this.session(id)).status, { timeout: 20_000 })
      .toBe(status);
    return this.session(id);
  }
}
