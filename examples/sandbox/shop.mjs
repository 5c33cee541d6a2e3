// A shop against the sandbox, without a framework. node shop.mjs, then open http://127.0.0.1:3000
import { createServer } from "node:http";
import { randomUUID } from "node:crypto";

const API = process.env.TOSS_API ?? "http://127.0.0.1:8090"; // https://api.tosspayments.com
const SDK = process.env.TOSS_SDK ?? "http://127.0.0.1:8090/v2/standard"; // https://js.tosspayments.com/v2/standard
const CLIENT_KEY = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq";
const SECRET_KEY = "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R";
const orders = new Map();

const page = (orderId, amount) => `<!doctype html><meta charset="utf-8"><title>Shop</title>
<script src="${SDK}"></script><button>결제하기</button><p></p><script>
document.querySelector("button").onclick = () =>
  TossPayments("${CLIENT_KEY}").payment({ customerKey: TossPayments.ANONYMOUS }).requestPayment({
    method: "CARD", orderId: "${orderId}", orderName: "티셔츠 1장", amount: { value: ${amount}, currency: "KRW" },
    successUrl: location.origin + "/success", failUrl: location.origin + "/fail",
  }).catch((error) => { document.querySelector("p").textContent = error.code; });
</script>`;

async function confirm(query) {
  const orderId = query.get("orderId");
  const amount = Number(query.get("amount"));
  if (orders.get(orderId) !== amount) return { code: "NOT_MY_ORDER" };
  const answer = await fetch(`${API}/v1/payments/confirm`, {
    method: "POST",
    headers: {
      authorization: `Basic ${btoa(`${SECRET_KEY}:`)}`,
      "content-type": "application/json",
      "idempotency-key": orderId,
    },
    body: JSON.stringify({ paymentKey: query.get("paymentKey"), orderId, amount }),
  });
  return answer.json();
}

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://shop");
  response.setHeader("content-type", pathname === "/" ? "text/html" : "application/json");
  if (pathname === "/") {
    const orderId = randomUUID();
    orders.set(orderId, 15000);
    response.end(page(orderId, 15000));
  } else if (pathname === "/success") {
    response.end(JSON.stringify(await confirm(searchParams), null, 2));
  } else {
    response.end(JSON.stringify(Object.fromEntries(searchParams), null, 2));
  }
});
server.listen(Number(process.env.PORT ?? 3000), "127.0.0.1");
