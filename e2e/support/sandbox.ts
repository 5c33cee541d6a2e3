// The sandbox's doors for tests: what Toss was asked, what shall go wrong, what a bank does.

import { type APIRequestContext, type APIResponse, expect } from "@playwright/test";

import { origins } from "./environment.ts";
import type { Merchant } from "./merchant.ts";

/** The secret key of Toss's documentation, with which the backend runs. */
export const SECRET_KEY = "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R";

/** A request that reached the sandbox's REST API. */
export interface Call {
  method: string;
  path: string;
  /** What was answered, or would have been; null when nothing was done. */
  status: number | null;
  code: string | null;
  idempotencyKey: string | null;
  /** Whether it got the kept answer of an earlier request with the same key. */
  replayed: boolean;
  fault: string | null;
  traceId: string;
}

export type Endpoint = "confirm" | "issue" | "charge" | "lookup";

export interface Fault {
  endpoint: Endpoint | "sdk";
  kind: "delay" | "error" | "lost_response" | "reset";
  count?: number;
  /** Applies to each request with this probability, until it is cleared. */
  probability?: number;
  delayMs?: number;
  status?: number;
  code?: string;
}

export interface Delivery {
  orderId: string;
  status: string;
  standing: string;
}

/** What moved for a customer, as Toss lists it. */
export interface Transaction {
  orderId: string;
  customerKey: string | null;
  status: string;
  transactionAt: string;
  amount: number;
}

export type BankAction = "deposit" | "reverse" | "expire";

function is(call: Call, endpoint: Endpoint): boolean {
  switch (endpoint) {
    case "confirm":
      return call.method === "POST" && call.path === "/v1/payments/confirm";
    case "issue":
      return call.method === "POST" && call.path === "/v1/billing/authorizations/issue";
    case "charge":
      return (
        call.method === "POST" &&
        /^\/v1\/billing\/[^/]+$/.test(call.path)
      );
    case "lookup":
      return call.method === "GET" && call.path.startsWith("/v1/payments/");
  }
}

export class Sandbox {
  readonly #http: APIRequestContext;
  /** Follows its clock. */
  readonly #merchant: Merchant;
  /** The last request before this test. */
  #mark: string | undefined;

  constructor(http: APIRequestContext, merchant: Merchant) {
    this.#http = http;
    this.#merchant = merchant;
  }

  /** From now on only later requests count, and nothing goes wrong that nobody ordered. */
  async begin(): Promise<void> {
    await this.clearFaults();
    this.#mark = (await this.#requests()).at(-1)?.traceId;
  }

  /** What this test's programs asked of an endpoint, oldest first. */
  async calls(endpoint: Endpoint): Promise<Call[]> {
    const all = await this.#requests();
    const from = all.findIndex((call) => call.traceId === this.#mark) + 1;
    return all.slice(from).filter((call) => is(call, endpoint));
  }

  /** The calls that did something: neither refused nor the replay of an earlier answer. */
  async effects(endpoint: Endpoint): Promise<Call[]> {
    const calls = await this.calls(endpoint);
    return calls.filter((call) => call.status === 200 && !call.replayed);
  }

  async fault(fault: Fault): Promise<void> {
    await this.#post("/sandbox/api/faults", fault);
  }

  /** Moves Toss's clock, which the backend follows, to a moment that lies ahead. */
  async clockTo(moment: string): Promise<void> {
    await this.#moveClock({ to: moment });
  }

  /** What time it is there. */
  async now(): Promise<string> {
    const answer = await ok(this.#http.get(`${origins.sandbox}/sandbox/clock`));
    return ((await answer.json()) as { now: string }).now;
  }

  /** Toss's own books: what moved for a customer since a moment, oldest first. */
  async ledger(customerKey: string, since: string): Promise<Transaction[]> {
    const limit = 5000;
    const headers = { authorization: `Basic ${btoa(`${SECRET_KEY}:`)}` };
    // Korean time without saying so.
    const [startDate, endDate] = [since, await this.now()].map((moment) => moment.slice(0, 19)) as [string, string];
    const answer = await ok(this.#http.get(`${origins.sandbox}/v1/transactions`, { headers, params: { startDate, endDate, limit } }));
    const all = (await answer.json()) as Transaction[];
    expect(all.length, "more than one page").toBeLessThan(limit);
    return all.filter((transaction) => transaction.customerKey === customerKey);
  }

  /** Moves it on by a time such as `31m`. */
  async clockBy(time: string): Promise<void> {
    await this.#moveClock({ advance: time });
  }

  /** Until the backend has followed, it would do things at a time that is past. */
  async #moveClock(move: object): Promise<void> {
    const answer = await this.#post("/sandbox/clock", move);
    const { epochMillis } = (await answer.json()) as { epochMillis: number };
    await expect.poll(() => this.#merchant.now()).toBeGreaterThanOrEqual(epochMillis);
  }

  async clearFaults(): Promise<void> {
    await ok(this.#http.delete(`${origins.sandbox}/sandbox/api/faults`));
  }

  /** What the bank does with a virtual account. */
  async bank(action: BankAction, orderId: string): Promise<void> {
    await this.#post(`/sandbox/api/payments/${await this.paymentKey(orderId)}/${action}`);
  }

  async paymentKey(orderId: string): Promise<string> {
    const payments = await this.#get<{ orderId: string; paymentKey: string }[]>("payments");
    const found = payments.findLast((payment) => payment.orderId === orderId);
    expect(found, `the sandbox has no payment of order ${orderId}`).toBeDefined();
    return found?.paymentKey ?? "";
  }

  /** The webhooks about an order. */
  async webhooks(orderId: string): Promise<Delivery[]> {
    const all = await this.#get<Delivery[]>("webhooks");
    return all.filter((delivery) => delivery.orderId === orderId);
  }

  #requests(): Promise<Call[]> {
    return this.#get<Call[]>("requests");
  }

  async #get<T>(what: string): Promise<T> {
    const answer = await ok(this.#http.get(`${origins.sandbox}/sandbox/api/${what}`));
    return (await answer.json()) as T;
  }

  #post(path: string, data?: object): Promise<APIResponse> {
    return ok(this.#http.post(`${origins.sandbox}${path}`, data ? { data } : {}));
  }
}

async function ok(request: Promise<APIResponse>): Promise<APIResponse> {
  const answer = await request;
  expect(answer.ok(), `${answer.url()} answered ${answer.status()}: ${await answer.text()}`).toBe(true);
  return answer;
}
