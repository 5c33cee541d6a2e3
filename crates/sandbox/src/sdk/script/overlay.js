// @ts-check
// The frame over the merchant's page. Styles go through CSSOM: a policy may forbid style attributes.

/**
 * @param {HTMLElement} element
 * @param {Record<string, string>} properties
 */
function dress(element, properties) {
  for (const [name, value] of Object.entries(properties)) element.style.setProperty(name, value);
}

/**
 * @typedef {object} Outcome
 * @property {(address: string) => void} navigate
 * @property {(result: any) => void} resolve
 * @property {(error: TossPaymentsError) => void} reject
 */

/**
 * @param {string} id
 * @param {string} url
 * @param {Outcome} outcome
 * @returns {() => void} takes the overlay away
 */
function showOverlay(id, url, outcome) {
  const overlay = document.createElement("div");
  overlay.setAttribute("role", "dialog");
  overlay.setAttribute("aria-modal", "true");
  overlay.setAttribute("aria-label", "토스페이먼츠 결제창 (테스트)");
  overlay.tabIndex = -1;
  dress(overlay, {
    all: "initial",
    position: "fixed",
    inset: "0",
    "z-index": "2147483647",
    display: "grid",
    "place-items": "center",
    padding: "16px",
    "box-sizing": "border-box",
    background: "rgb(0 0 0 / 55%)",
  });

  const frame = document.createElement("iframe");
  frame.title = "토스페이먼츠 결제창 (테스트)";
  frame.src = url;
  dress(frame, {
    width: "min(560px, 100%)",
    height: "min(760px, 100%)",
    border: "0",
    "border-radius": "16px",
    background: "#ffffff",
    "color-scheme": "light",
    "box-shadow": "0 16px 48px rgb(0 0 0 / 30%)",
  });

  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "✕";
  close.setAttribute("aria-label", "결제창 닫기");
  dress(close, {
    all: "initial",
    position: "fixed",
    top: "16px",
    right: "16px",
    width: "44px",
    height: "44px",
    "border-radius": "22px",
    "text-align": "center",
    font: "20px/44px system-ui, sans-serif",
    color: "#ffffff",
    background: "rgb(0 0 0 / 60%)",
    cursor: "pointer",
  });
  const outline = () => {
    close.style.setProperty("outline", close.matches(":focus-visible") ? "3px solid #ffffff" : "none");
  };
  close.addEventListener("focus", outline);
  close.addEventListener("blur", outline);

  overlay.append(frame, close);

  const before = document.activeElement;
  const scroll = document.documentElement.style.getPropertyValue("overflow");
  const others = [...document.body.children].filter(
    (element) => element instanceof HTMLElement && !element.inert,
  );
  const cancel = () => outcome.reject(failure("USER_CANCEL"));

  /** @param {KeyboardEvent} event */
  const onKey = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      cancel();
    }
  };
  /** @param {MessageEvent} event */
  const onMessage = (event) => {
    if (event.origin !== server || event.source !== frame.contentWindow) return;
    const message = event.data;
    if (message?.source !== "toss-sandbox" || message.window !== id) return;
    if (message.type === "navigate") outcome.navigate(message.url);
    if (message.type === "resolve") outcome.resolve(message.result);
    if (message.type === "reject") {
      outcome.reject(new TossPaymentsError(message.code, message.message));
    }
  };

  close.addEventListener("click", cancel);
  addEventListener("keydown", onKey, true);
  addEventListener("message", onMessage);
  document.body.append(overlay);
  // The page behind can neither be reached by Tab nor read while the window is open.
  for (const element of others) /** @type {HTMLElement} */ (element).inert = true;
  document.documentElement.style.setProperty("overflow", "hidden");
  // Until its script listens, the frame would swallow Escape; so the overlay holds the focus first.
  overlay.focus();
  frame.addEventListener("load", () => {
    if (document.activeElement === overlay) frame.focus();
  });

  return () => {
    if (!overlay.isConnected) return;
    removeEventListener("keydown", onKey, true);
    removeEventListener("message", onMessage);
    for (const element of others) /** @type {HTMLElement} */ (element).inert = false;
    document.documentElement.style.setProperty("overflow", scroll);
    overlay.remove();
    if (before instanceof HTMLElement) before.focus();
  };
}
