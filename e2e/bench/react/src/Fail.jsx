import { useEffect } from "react";
import { Link, useSearchParams } from "react-router";

import { report } from "./api";

export function Fail() {
  const [params] = useSearchParams();
  const [id, code] = [params.get("session"), params.get("code")];
  useEffect(() => {
    report(id, { code, message: params.get("message") ?? "" }).catch(() => {});
  }, [id, code, params]);
  return (
    <main className="page">
      <h1>결제하지 못했어요</h1>
      <p>{code}</p>
      <Link className="primary" to={`/?session=${id}`}>
        다시 시도
      </Link>
    </main>
  );
}
