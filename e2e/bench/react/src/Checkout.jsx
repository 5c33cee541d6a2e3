import { loadTossPayments } from "@tosspayments/tosspayments-sdk";
import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";

import { session as readSession } from "./api";
import { won } from "./words";

const NAMES = { CARD: "카드", TRANSFER: "계좌이체", VIRTUAL_ACCOUNT: "가상계좌" };
const BUTTONS = { CARD: "카드 등록하기", TRANSFER: "계좌 등록하기", VIRTUAL_ACCOUNT: "가상계좌 발급받기" };
const INTERVALS = { day: "매일", week: "매주", month: "매월", year: "매년" };

const starts = (session) => (session.chargeNow ? "오늘부터" : "결제일부터");
const terms = ({ chargeNow, plan }) => {
  const each = `${INTERVALS[plan.interval]} ${won(plan.amount.value)}이 자동으로 결제돼요.`;
  return chargeNow
    ? `오늘 ${won(plan.amount.value)}이 결제되고, 그다음부터 ${each} 언제든지 상점에서 해지할 수 있어요.`
    : `지금은 결제되지 않고, 결제일부터 ${each} 언제든지 상점에서 해지할 수 있어요.`;
};
const consent = (session) =>
  session.consent ?? {
    version: "ko-2026-11-1",
    text: `‘${session.orderName}’ 이용료로 상점이 ${starts(session)} ${INTERVALS[session.plan.interval]} ${won(session.plan.amount.value)}을 자동으로 결제하는 데 동의해요.`,
  };

export function Checkout() {
  const [params] = useSearchParams();
  const id = params.get("session");
  const [session, setSession] = useState(null);
  const [payment, setPayment] = useState(null);
  const [method, setMethod] = useState(null);
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const [agreed, setAgreed] = useState(false);
  const [missing, setMissing] = useState(false);
  const box = useRef(null);

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
    if (session.plan && !agreed) {
      setMissing(true);
      box.current.focus();
      return;
    }
    if (session.plan) sessionStorage.setItem(`consent.${id}`, JSON.stringify(consent(session)));
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
        {session.plan && <p>{terms(session)}</p>}
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
        {session.plan && (
          <div>
            <label className="method">
              <input
                ref={box}
                type="checkbox"
                checked={agreed}
                aria-invalid={missing}
                aria-describedby="consent-error"
                onChange={(event) => {
                  setAgreed(event.target.checked);
                  setMissing(false);
                }}
              />
              {consent(session).text}
            </label>
            <p id="consent-error" role="status">{missing && "계속하려면 자동 결제에 동의해 주세요."}</p>
          </div>
        )}
        <button type="submit" className="primary" disabled={!payment || busy}>
          {BUTTONS[method]}
        </button>
      </form>
    </main>
  );
}
