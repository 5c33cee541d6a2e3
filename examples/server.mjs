// A shop's server in one file, without a framework: it makes sessions and serves the pages beside it.
// Prices and customers are decided here, never in the browser.
//
//   MERCHANT_API_KEY=… node server.mjs        (the demo's key: `head -1 target/xtask/demo/keys`)
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const {
  PORT = "5173",
  MERCHANT_API_KEY,
  // toss-merchant, which must name this shop in ALLOWED_ORIGINS.
  CHECKOUT_API = "http://127.0.0.1:8070",
  // The demo's sandbox; Toss's own is https://js.tosspayments.com/v2/standard, and its windows need the
  // further hosts that docs/embedding.md lists.
  TOSS_SDK_URL = "http://127.0.0.1:8090/v2/standard",
} = process.env;

const here = import.meta.dirname;
const FOLDERS = {
  html: join(here, "html"),
  react: join(here, "react/dist"),
  "toss-checkout": join(here, "../target/xtask/package/toss-checkout"),
};
const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
};
const toss = new URL(TOSS_SDK_URL).origin;
const POLICY = [
  "default-src 'none'",
  `script-src 'self' 'wasm-unsafe-eval' ${toss}`,
  "style-src 'self'",
  `connect-src 'self' ${CHECKOUT_API} ${toss}`,
  `frame-src ${toss}`,
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types toss-payments-sdk",
].join("; ");

const GOODS = {
  prime: {
    kind: "billing",
    orderName: "토스 프라임 구독",
    methods: ["CARD", "TRANSFER"],
    plan: { amount: { value: 4900, currency: "KRW" }, interval: "month" },
    chargeNow: true,
  },
  shirt: {
    kind: "payment",
    orderName: "티셔츠 1장",
    methods: ["VIRTUAL_ACCOUNT"],
    amount: { value: 15000, currency: "KRW" },
  },
};

/** Makes a session; answers its id. */
const order = async (name) => {
  const answer = await fetch(`${CHECKOUT_API}/api/sessions`, {
    method: "POST",
    headers: { authorization: `Bearer ${MERCHANT_API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ ...GOODS[name], customer: { name: "김토스" } }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return (await answer.json()).session.id;
};

const file = async (path) => {
  const [, folder, ...rest] = path.split("/");
  if (!FOLDERS[folder]) return undefined;
  const name = rest.join("/") || "index.html";
  const full = normalize(join(FOLDERS[folder], name));
  if (!full.startsWith(FOLDERS[folder])) return undefined;
  const type = TYPES[extname(full)];
  const body = await readFile(full);
  if (type !== TYPES[".html"]) return { type, body };
  // The pages say where the backend and Toss's script are.
  const page = String(body)
    .replace("%CHECKOUT_API%", CHECKOUT_API)
    .replace("%CHECKOUT_SDK_URL%", TOSS_SDK_URL);
  return { type, body: page };
};

createServer(async (request, response) => {
  const { pathname } = new URL(request.url, "http://shop");
  const answer = (status, type, body) =>
    response
      .writeHead(status, {
        "content-type": type,
        "content-security-policy": POLICY,
        "referrer-policy": "no-referrer",
      })
      .end(body);
  try {
    const [, what, name] = pathname.split("/");
    if (request.method === "POST" && what === "orders" && GOODS[name]) {
      answer(200, "application/json", JSON.stringify({ session: await order(name) }));
      return;
    }
    const found = await file(decodeURIComponent(pathname));
    if (found?.type) answer(200, found.type, found.body);
    else answer(404, "text/plain", "not found");
  } catch (error) {
    const missing = error.code === "ENOENT";
    if (!missing) console.error(error);
    answer(missing ? 404 : 500, "text/plain", missing ? "not found" : "see the server's log");
  }
}).listen(Number(PORT), "127.0.0.1", () => console.log(`ready http://127.0.0.1:${PORT}/html/`));
