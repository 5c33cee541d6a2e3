// The sentences of `fallback.js`: a mark, a heading, and what follows it. The program has its own in `src/i18n`; a test holds
// the banks against them.

const KO = {
  lang: "ko",
  intl: "ko-KR",
  won: "원",
  paid: ["done", "결제가 완료됐어요", "자세한 내용은 상점에서 확인할 수 있어요."],
  registered: ["done", "등록이 끝났어요", "자세한 내용은 상점에서 확인할 수 있어요."],
  declined: ["done", "등록은 됐지만 첫 결제는 하지 못했어요", "상점에서 결제를 이어서 진행해 주세요."],
  deposit: ["waiting", "입금해 주세요", "아직 결제되지 않았어요. 입금하면 결제가 끝나요."],
  account: (account, sum, due) => `${account} 계좌로 ${sum}을 ${due ? `${due}(한국 시간)까지 ` : ""}보내 주세요.`,
  unknown: [
    "busy",
    "결과를 확인하고 있어요",
    "다시 결제하지 마세요. 결과가 나오면 이 화면에 바로 보여 드릴게요. 화면을 닫아도 상점에서 확인할 수 있어요.",
  ],
  undelivered: [
    "held",
    "상점에 아직 전달하지 못했어요",
    "인증은 끝났고, 정보는 이 화면에 안전하게 있어요. 다시 시도하면 이어서 처리돼요. 두 번 결제되지 않아요.",
  ],
  consent: [
    "held",
    "자동 결제 동의가 필요해요",
    "이 브라우저에서는 동의를 받을 수 없어요. 최신 Chrome이나 Safari에서 처음부터 다시 진행해 주세요. 결제된 금액은 없어요.",
  ],
  unread: [
    "held",
    "결과를 여기서 확인할 수 없어요",
    "다시 결제하지 말고, 상점에서 주문 내역을 먼저 확인해 주세요.",
  ],
  canceled: ["held", "취소했어요", "결제된 금액은 없어요. 상점에서 다시 시작할 수 있어요."],
  failed: ["failed", "처리하지 못했어요", "결제된 금액은 없어요. 상점에서 다시 시작해 주세요."],
  expired: ["failed", "기한이 지났어요", "상점에서 다시 시작해 주세요."],
  refunded: ["held", "결제가 취소됐어요", "취소된 금액은 돌려받게 돼요."],
  missing: [
    "failed",
    "이 브라우저에서는 결제 화면을 열 수 없어요",
    "결제 화면에 필요한 기능(WebAssembly)이 꺼져 있거나 없는 브라우저예요. 아래 주소를 최신 Chrome이나 Safari에서 열어 주세요.",
    "iPhone의 차단 모드를 쓰고 있다면 주소창의 페이지 메뉴에서 이 웹 사이트의 차단 모드를 끄고 다시 열어 주세요.",
  ],
  outdated: [
    "failed",
    "이 브라우저에서는 결제 화면을 열 수 없어요",
    "브라우저를 업데이트하거나, 아래 주소를 최신 Chrome이나 Safari에서 열어 주세요.",
  ],
  blocked: [
    "failed",
    "지금은 결제할 수 없어요",
    "상점의 설정에 문제가 있어요. 상점에 알려 주세요. 결제된 금액은 없어요.",
  ],
  shop: "상점으로 돌아가기",
  help: "도움이 필요해요",
  again: "다시 시도",
  developers: "개발자용 안내",
  copy: "주소 복사",
  copied: "주소를 복사했어요",
};

const EN = {
  lang: "en",
  intl: "en-GB",
  won: " won",
  paid: ["done", "Your payment is complete", "You can see the details at the shop."],
  registered: ["done", "You are registered", "You can see the details at the shop."],
  declined: ["done", "You are registered, but the first payment failed", "Please go on with the payment at the shop."],
  deposit: ["waiting", "Please send the money", "Nothing is paid yet. Your payment is complete once the money has arrived."],
  account: (account, sum, due) => `Please send ${sum} to ${account}${due ? ` by ${due} (Korean time)` : ""}.`,
  unknown: [
    "busy",
    "We are checking the result",
    "Please do not pay again. The result will appear here. You can also close this page and look at the shop.",
  ],
  undelivered: [
    "held",
    "The shop could not be told yet",
    "You are done, and your details are safe on this page. Try again to go on. You will not pay twice.",
  ],
  consent: [
    "held",
    "Your consent is needed",
    "This browser cannot ask you for it. Please start again in a current Chrome or Safari. Nothing was charged.",
  ],
  unread: [
    "held",
    "The result cannot be shown here",
    "Please do not pay again. Look at your order at the shop first.",
  ],
  canceled: ["held", "You cancelled", "Nothing was charged. You can start again at the shop."],
  failed: ["failed", "It did not work", "Nothing was charged. Please start again at the shop."],
  expired: ["failed", "The time is over", "Please start again at the shop."],
  refunded: ["held", "The payment was cancelled", "What was cancelled is paid back to you."],
  missing: [
    "failed",
    "This browser cannot show the payment form",
    "It has no WebAssembly, or it is turned off. Please open this address in a current Chrome or Safari.",
    "If your iPhone is in Lockdown Mode, turn it off for this website in the page menu of the address bar.",
  ],
  outdated: [
    "failed",
    "This browser cannot show the payment form",
    "Please update your browser, or open this address in a current Chrome or Safari.",
  ],
  blocked: [
    "failed",
    "You cannot pay right now",
    "The shop's settings have a problem. Please tell the shop. Nothing was charged.",
  ],
  shop: "Back to the shop",
  help: "I need help",
  again: "Try again",
  developers: "For developers",
  copy: "Copy address",
  copied: "Address copied",
};

/** The sentences of a language; without one, of the browser's first that is spoken. */
export const words = (locale) => {
  const wanted = [locale, ...navigator.languages].map((tag) => tag?.slice(0, 2));
  return wanted.find((tag) => tag === "ko" || tag === "en") === "en" ? EN : KO;
};

// Source: <https://docs.tosspayments.com/codes/org-codes>.
const BANKS = {
  "02": "KDB산업은행",
  "03": "IBK기업은행",
  "06": "KB국민은행",
  "07": "Sh수협은행",
  11: "NH농협은행",
  12: "지역농축협",
  20: "우리은행",
  23: "SC제일은행",
  27: "씨티은행",
  31: "iM뱅크(대구)",
  32: "부산은행",
  34: "광주은행",
  35: "제주은행",
  37: "전북은행",
  39: "경남은행",
  45: "새마을금고",
  48: "신협",
  50: "저축은행",
  54: "HSBC",
  64: "산림조합",
  71: "우체국",
  81: "하나은행",
  88: "신한은행",
  89: "케이뱅크",
  90: "카카오뱅크",
  92: "토스뱅크",
};

/** The name of a bank by Toss's code. */
export const bank = (code) => BANKS[code] ?? code ?? "";
