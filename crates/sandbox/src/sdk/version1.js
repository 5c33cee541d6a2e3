// @ts-check
// In place of the scripts of version 1, which the sandbox does not emulate: says so, at once and when it is used.

(() => {
  "use strict";

  const message =
    "[toss-sandbox] v1 SDK는 흉내 내지 않습니다. /v2/standard를 불러오세요. (v1 is not emulated; load /v2/standard)";
  console.error(message);

  const absent = () => {
    throw Object.assign(new Error(message), { name: "TossPaymentsError", code: "V1_NOT_SUPPORTED" });
  };
  // The names that the scripts of version 1 give to the page; what version 2 has put there stays.
  for (const name of ["TossPayments", "PaymentWidget", "BrandPay"]) {
    if (!(name in window)) Object.assign(window, { [name]: absent });
  }
})();
