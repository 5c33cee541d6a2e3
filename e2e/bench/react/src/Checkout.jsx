import { loadTossPayments } from "@tosspayments/tosspayments-sdk";
import { useEffect, useState } from "react";
import { useSearchParams } from "react-router";

import { session as readSession } from "./api";
import { won } from "./words";

const NAMES = { CARD: "카드", TRANSFER: "계좌이체", VIRTUAL_ACCOUNT: "가상계좌" };
const BUTTONS = { CARD: "카드 등록하기", TRANSFER: "계좌 등록하기", VIRTUAL_ACCOUNT: "가상계좌 발급받기" };
const INTERVALS = { day: "매일", week: "매주", month: "매월", year: "매년" };

export function Checkout() {
  const [params] = useSearchParams();
  const id = params.get("session");
  const [session, setSession] = useState(null);
  const [payment, setPayment] = useState(null);
  const [method, setMethod] = useState(null);
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    let alive = true;
    readSession(id)
      .then(async (session) => {
        if (!alive) return;
        setSession(session);
        setMethod(session.methods[0]);
        const src = document.querySelector("meta[name='toss-checkout:sdk-url']").content;
        const toss = await loadTossPayments(session.clientKey, { src });
        if (alive) setPayment(toss.payment({ customerKey: session.customerKey }));
      })
      .catch((error) => alive && setError(error));
    return () => {
      alive = false;
    };
  }, [id]);

  const pay = async (event) => {
    event.preventDefault();
    setBusy(true);
    const address = (path) => `${location.origin}/checkout/${path}?session=${id}`;
    const common = {
      successUrl: address("success"),
      failUrl: address("fail"),
      customerName: session.customer.name,
      customerEmail: session.customer.email,
    };
    try {
      if (method === "VIRTUAL_ACCOUNT") {
        await payment.requestPayment({
          method,
          amount: session.amount,
          orderId: session.orderId,
          orderName: session.orderName,
          virtualAccount: session.virtualAccount,
          ...common,
        });
      } else {
        await payment.requestBillingAuth({ method, ...common });
      }
    } catch (error) {
      setError(error.code === "USER_CANCEL" ? null : error);
    } finally {
      setBusy(false);
    }
  };

  if (error) return <main className="page"><h1>결제하지 못했어요</h1><p>{error.code}</p></main>;
  if (!session) return <main className="page"><p>주문을 불러오고 있어요</p></main>;
  const price = session.amount ?? session.plan.amount;
  return (
    <main className="page">
      <section>
        <h1>{session.orderName}</h1>
        <p className="price">
          {won(price.value)}
          {session.plan && ` / ${INTERVALS[session.plan.interval]}`}
        </p>
      </section>
      <form onSubmit={pay}>
        <fieldset>
          <legend>결제수단</legend>
          {session.methods.map((name) => (
            <label className="method" key={name}>
              <input type="radio" name="method" checked={method === name} onChange={() => setMethod(name)} />
              {NAMES[name]}
            </label>
          ))}
        </fieldset>
        <button type="submit" className="primary" disabled={!payment || busy}>
          {BUTTONS[method]}
        </button>
      </form>
    </main>
  );
}
