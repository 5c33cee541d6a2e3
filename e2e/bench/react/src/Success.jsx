import { useEffect, useRef, useState } from "react";
import { useSearchParams } from "react-router";

import { confirm, register, session as readSession } from "./api";
import { won } from "./words";

export function Success() {
  const [params] = useSearchParams();
  const [session, setSession] = useState(null);
  const [error, setError] = useState(null);
  const sent = useRef(false);

  useEffect(() => {
    if (sent.current) return;
    sent.current = true;
    const id = params.get("session");
    const deliver = async () => {
      const known = await readSession(id);
      if (params.has("authKey")) {
        if (params.get("customerKey") !== known.customerKey) throw new Error("customerKey");
        const consent = JSON.parse(sessionStorage.getItem(`consent.${id}`)) ?? undefined;
        const keys = { authKey: params.get("authKey"), customerKey: params.get("customerKey") };
        const registered = await register(id, { ...keys, consent });
        sessionStorage.removeItem(`consent.${id}`);
        return registered;
      }
      const amount = Number(params.get("amount"));
      if (amount !== known.amount.value || params.get("orderId") !== known.orderId) throw new Error("amount");
      return confirm(id, { paymentKey: params.get("paymentKey"), orderId: params.get("orderId"), amount });
    };
    deliver().then(setSession, setError);
  }, [params]);

  if (error) return <main className="page"><h1>결제하지 못했어요</h1><p>{error.code}</p></main>;
  if (!session) return <main className="page"><p>결제를 확인하고 있어요</p></main>;
  const account = session.result.virtualAccount;
  return (
    <main className="page">
      <h1>{account ? "입금해 주세요" : session.result.account ? "계좌가 등록됐어요" : "카드가 등록됐어요"}</h1>
      {session.result.card && <p>{session.result.card.number}</p>}
      {session.result.account && <p>{session.result.account.accountNumber}</p>}
      {account && (
        <dl>
          <dt>계좌번호</dt>
          <dd>{account.accountNumber}</dd>
          <dt>금액</dt>
          <dd>{won(session.amount.value)}</dd>
        </dl>
      )}
    </main>
  );
}
