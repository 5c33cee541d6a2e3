// The shop's own script. The buyer chooses, the shop's server makes a session, the element does the rest.
const checkout = document.querySelector("toss-checkout");
const said = document.querySelector("#said");
const meta = (name) => document.querySelector(`meta[name='${name}']`).content;
checkout.api = meta("checkout-api");
// Only for the sandbox; Toss's own script is the default.
checkout.sdkUrl = meta("checkout-sdk-url");

const show = (session) => {
  checkout.session = session;
  checkout.hidden = false;
};

for (const good of ["prime", "shirt"]) {
  document.getElementById(good).addEventListener("click", async () => {
    const answer = await fetch(`/orders/${good}`, { method: "POST" });
    if (!answer.ok) {
      said.textContent = "주문을 만들지 못했어요. 다시 시도해 주세요.";
      return;
    }
    show((await answer.json()).session);
  });
}

// Back from Toss, or a bookmark: the address names the session.
const session = new URLSearchParams(location.search).get("session");
if (session) show(session);

checkout.addEventListener("toss-checkout:success", ({ detail }) => {
  said.textContent = `고마워요! ${detail.orderName}`;
});
