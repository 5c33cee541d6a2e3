import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

import { Checkout } from "./Checkout";

// Where the backend and the sandbox's script are: the server or Vite writes it into the page.
const meta = (name: string) =>
  document.querySelector<HTMLMetaElement>(`meta[name='${name}']`)?.content;
const api = meta("checkout-api");
const sdkUrl = meta("checkout-sdk-url");

function Shop() {
  // Back from Toss the address names the session.
  const [session, setSession] = useState(new URLSearchParams(location.search).get("session"));
  const [said, say] = useState("");

  const order = async (good: string) => {
    const answer = await fetch(`/orders/${good}`, { method: "POST" });
    if (!answer.ok) return say("주문을 만들지 못했어요. 다시 시도해 주세요.");
    setSession((await answer.json()).session);
  };

  return (
    <main>
      <button onClick={() => order("prime")}>구독하기</button>
      <button onClick={() => order("shirt")}>주문하기</button>
      <button onClick={() => setSession(null)}>닫기</button>
      <p role="status">{said}</p>
      {session && (
        <Checkout
          api={api}
          sdkUrl={sdkUrl}
          session={session}
          onEvent={(name, detail) => {
            if (name === "success") say(`고마워요! ${detail.orderName}`);
          }}
        />
      )}
    </main>
  );
}

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Shop />
    </StrictMode>,
  );
}
