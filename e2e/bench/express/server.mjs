// A merchant's server in the shape of Toss's Express sample: it hands the confirm on and stores nothing,
// checks nothing, repeats nothing. What `cargo xtask bench merchant` measures the backend beside.

import express from "express";

const { LISTEN, TOSS_API_BASE, TOSS_SECRET_KEY } = process.env;
const authorization = `Basic ${Buffer.from(`${TOSS_SECRET_KEY}:`).toString("base64")}`;

const app = express();
app.use(express.json());

app.post("/confirm", async (request, response) => {
  const { paymentKey, orderId, amount } = request.body;
  const answer = await fetch(`${TOSS_API_BASE}/v1/payments/confirm`, {
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify({ paymentKey, orderId, amount }),
  });
  response.status(answer.status).json(await answer.json());
});

const [host, port] = LISTEN.split(":");
app.listen(Number(port), host, () => console.log(`listening http://${LISTEN}`));
