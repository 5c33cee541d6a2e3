// Measures confirms per second with 64 buyers at once: the backend, which commits every step before it
// answers, beside a server that stores nothing (bench/express), all against one sandbox. Rounds
// alternate. `cargo xtask bench merchant` starts them and this.

import { randomUUID } from "node:crypto";
import { Agent, request as httpRequest } from "node:http";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CONFIRMS = Number(process.env.BENCH_CONFIRMS ?? 1500);
const CLIENTS = 64;
const AMOUNT = { value: 15000, currency: "KRW" };
const { SANDBOX_URL, CLIENT_KEY } = process.env;
const PEERS = JSON.parse(process.env.PEERS);
const [REFERENCE] = PEERS.filter((peer) => !peer.apiKey);

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

const post = (url, body, headers = {}) =>
  new Promise((resolve, reject) => {
    const text = JSON.stringify(body);
    const request = httpRequest(
      url,
      { agent, method: "POST", headers: { "content-type": "application/json", "content-length": Buffer.byteLength(text), ...headers } },
      (answer) => {
        let received = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk) => (received += chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          if (answer.statusCode < 300) resolve(JSON.parse(received));
          else reject(new Error(`${url} answered ${answer.statusCode}: ${received}`));
        });
      },
    );
    request.on("error", reject);
    request.end(text);
  });

// Does `work` for every item, as many at once as there are clients.
const each = async (items, work) => {
  const left = items.values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: CLIENTS }, worker));
};

const order = async (peer) => {
  if (!peer.apiKey) return { customerKey: randomUUID(), orderId: randomUUID(), confirm: `${peer.origin}/confirm` };
  const body = { kind: "payment", orderName: "원두 1kg", amount: AMOUNT, methods: ["VIRTUAL_ACCOUNT"] };
  const { session } = await post(`${peer.origin}/api/sessions`, body, { authorization: `Bearer ${peer.apiKey}` });
  const { customerKey, orderId, id } = session;
  return { customerKey, orderId, confirm: `${peer.origin}/api/checkout/sessions/${id}/confirm` };
};

// What the buyer does in Toss's window.
const authenticate = async ({ customerKey, orderId }) => {
  const request = {
    method: "VIRTUAL_ACCOUNT",
    amount: AMOUNT,
    orderId,
    orderName: "원두 1kg",
    successUrl: "http://shop.test/success",
    failUrl: "http://shop.test/fail",
  };
  const window = { clientKey: CLIENT_KEY, customerKey, kind: "payment", target: "self", request };
  const { id } = await post(`${SANDBOX_URL}/sandbox/window`, window);
  const { url } = await post(`${SANDBOX_URL}/sandbox/api/windows/${id}/finish`, {});
  return new URL(url).searchParams.get("paymentKey");
};

const round = async (peer, confirms) => {
  const ready = [];
  await each(Array.from({ length: confirms }), async () => {
    const made = await order(peer);
    ready.push({ ...made, paymentKey: await authenticate(made) });
  });
  const times = [];
  const start = performance.now();
  await each(ready, async ({ confirm, paymentKey, orderId }) => {
    const sent = performance.now();
    const answer = await post(confirm, { paymentKey, orderId, amount: AMOUNT.value });
    const status = answer.status ?? answer.session?.status;
    if (status?.toLowerCase() !== "waiting_for_deposit") throw new Error(`not confirmed: ${JSON.stringify(answer)}`);
    times.push(performance.now() - sent);
  });
  const seconds = (performance.now() - start) / 1_000;
  times.sort((a, b) => a - b);
  const at = (part) => times[Math.min(times.length - 1, Math.floor(times.length * part))];
  return { rate: confirms / seconds, p50: at(0.5), p99: at(0.99) };
};

const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

// Connections are opened and code is compiled before anything counts.
for (const peer of PEERS) await round(peer, 200);

const results = Object.fromEntries(PEERS.map(({ name }) => [name, []]));
for (let index = 0; index < ROUNDS; index++) {
  for (const peer of index % 2 ? PEERS.toReversed() : PEERS) {
    results[peer.name].push(await round(peer, CONFIRMS));
  }
  console.log(`round ${index + 1} of ${ROUNDS}`);
}
agent.destroy();

const all = (peer, what) => results[peer.name].map((one) => one[what]);
const of = (peer, what) => median(all(peer, what));
const spread = (peer) => [Math.min, Math.max].map((end) => Math.round(end(...all(peer, "rate")))).join("–");
console.log(`\n${CLIENTS} clients, medians of ${ROUNDS} rounds of ${CONFIRMS} confirms (least–most)`);
console.log("| server | confirms/s | ratio | p50 ms | p99 ms |\n|---|---:|---:|---:|---:|");
for (const peer of PEERS) {
  const ratio = of(peer, "rate") / of(REFERENCE, "rate");
  const numbers = [`${Math.round(of(peer, "rate"))} (${spread(peer)})`, ratio.toFixed(2), Math.round(of(peer, "p50")), Math.round(of(peer, "p99"))];
  console.log(`| ${peer.name} | ${numbers.join(" | ")} |`);
}
